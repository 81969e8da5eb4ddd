"""The list of services: search text, facets with counts, one page of results. Constant number of queries.

    listing = Listing(index_page, request.GET)

Unknown values of a facet are skipped and listed in `ignored`; an invalid page number becomes the nearest valid
one. A service matches if it has any of the chosen values of each facet. The counts of a facet leave its own
choices out, so that a count is the number of results after choosing the value.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cached_property
from typing import NamedTuple
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Case, CharField, Count, F, IntegerField, QuerySet, Value, When
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from egov_cms.language import TranslatedText, alphabet, initial, resolve, sort_key
from egov_cms.services import choices
from egov_cms.services.models import Audience, LifeEvent
from egov_cms.services.models.service import ServicePage
from egov_cms.services.pages.facets import PATHS, services_with
from egov_cms.services.pages.presentation import Presentation
from egov_cms.services.snapshots.reading import services_of
from egov_cms.site.models import Governorate, Notice, OrganisationUnitPage

PER_PAGE = 20
MAX_QUERY_LENGTH = 300
MAX_SEARCH_RESULTS = 500
MAX_CHOSEN = 20


class Option(NamedTuple):
    value: str
    label: str
    count: int
    checked: bool


class Group(NamedTuple):
    """One facet, as `egov/components/facets.html` reads it."""

    name: str
    label: str
    options: list[Option]


class Tag(NamedTuple):
    label: str
    url: str


class Letter(NamedTuple):
    letter: str
    url: str | None


class Result(NamedTuple):
    """One row of the list, as `egov/components/result.html` reads it."""

    title: str
    url: str
    summary: str
    meta: list[str]
    tag: str
    tag_kind: str


class Listing:
    """The choices of a reader and the results."""

    def __init__(self, index, query):
        self.index = index
        self.locale = resolve()
        self.q = " ".join(query.get("q", "")[:MAX_QUERY_LENGTH].split())
        self.requested = {name: query.getlist(name)[:MAX_CHOSEN] for name in PATHS if query.getlist(name)}
        self.letter = query.get("letter", "")[:4]
        self.number = query.get("page", "1")

    @cached_property
    def labels(self) -> dict[str, dict[str, str]]:
        """Facet → value → label, in display order."""
        names = _names_of_records()
        return {
            "audience": names["audience"],
            "event": names["event"],
            "unit": self._units(),
            "governorate": names["governorate"],
            "channel": _labels(choices.ChannelKind),
            "free": {"1": _("Free of charge"), "0": _("With a fee")},
            "level": _labels(choices.DigitalLevel),
            "output": _labels(choices.OutputKind),
        }

    def _units(self):
        owners = ServicePage.objects.public().filter(owner_unit__isnull=False)
        # A separate query: as a subquery it took PostgreSQL minutes on tables without statistics.
        keys = set(owners.order_by().values_list("owner_unit__translation_key", flat=True).distinct())
        units = OrganisationUnitPage.objects.filter(translation_key__in=keys)
        units = units.filter(locale_id=self.index.locale_id)
        titles = {unit.slug: unit.title for unit in units}
        return dict(sorted(titles.items(), key=lambda item: sort_key(item[1], self.locale)))

    @cached_property
    def chosen(self) -> dict[str, list[str]]:
        """The valid values that the reader chose, by facet."""
        valid = {
            name: [value for value in dict.fromkeys(values) if value in self.labels[name]]
            for name, values in self.requested.items()
        }
        return {name: values for name, values in valid.items() if values}

    @property
    def ignored(self) -> list[str]:
        """The unknown values that the reader sent."""
        return [
            value
            for name, values in self.requested.items()
            for value in values
            if value not in self.labels[name]
        ]

    @cached_property
    def search_results(self):
        """The results of the search text, best first; None without a text."""
        if not self.q:
            return None
        # A ministry may have left the app of search out.
        from egov_cms.search.finding import search

        return search(self.q, self.locale, types=["service"], per_page=MAX_SEARCH_RESULTS)

    @cached_property
    def everything(self) -> QuerySet:
        """All services listed in this language that match the search text, before facets."""
        services = ServicePage.objects.public().filter(locale_id=self.index.locale_id)
        services = services.exclude(status=choices.Status.RETIRED)
        if self.search_results is not None:
            services = services.filter(service_code__in=[hit.id for hit in self.search_results.hits])
        return services

    def narrowed(self, except_facet: str = "") -> QuerySet:
        """The services that match every chosen facet, except the facet `except_facet`."""
        services = self.everything
        for name, values in self.chosen.items():
            if name != except_facet:
                services = services.filter(pk__in=services_with(name, values))
        return services

    @cached_property
    def counts(self) -> dict[str, Counter]:
        """Facet → value → number of services: one query for all facets."""
        selects = []
        for name, path in PATHS.items():
            value = Cast(path, IntegerField()) if name == "free" else path
            selects.append(
                self.narrowed(except_facet=name)
                .order_by()
                .annotate(facet=Value(name, output_field=CharField()), value=Cast(value, CharField()))
                .values("facet", "value")
                .annotate(number=Count("pk", distinct=True))
                .values_list("facet", "value", "number")
            )
        counts: dict[str, Counter] = defaultdict(Counter)
        for name, value, number in selects[0].union(*selects[1:], all=True):
            counts[name][value or ""] += number
        # A service without governorates is offered in all of them.
        everywhere = counts["governorate"].pop("", 0)
        for slug in self.labels["governorate"]:
            counts["governorate"][slug] += everywhere
        return counts

    @property
    def groups(self) -> list[Group]:
        """The facets that would narrow the list; values without services are left out unless chosen."""
        groups = []
        for name, label in facet_titles():
            chosen = self.chosen.get(name, ())
            options = [
                Option(value, text, self.counts[name][value], value in chosen)
                for value, text in self.labels[name].items()
                if self.counts[name][value] or value in chosen
            ]
            if chosen or len({option.count for option in options} - {self.page_obj.paginator.count}):
                groups.append(Group(name, label, options))
        return groups

    @property
    def tags(self) -> list[Tag]:
        """The active choices, each with the URL that removes it."""
        tags = []
        for name, values in self.chosen.items():
            for value in values:
                rest = [each for each in values if each != value]
                tags.append(Tag(self.labels[name][value], self.url(**{name: rest})))
        if self.q:
            tags.insert(0, Tag(f"«{self.q}»", self.url(q="")))
        if self.current_letter:
            tags.append(Tag(self.current_letter, self.url(letter="")))
        return tags

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """Hidden inputs of the filter form: the search text."""
        return [("q", self.q)] if self.q else []

    def url(self, **changes) -> str:
        """The query string of this list with changes; always the first page."""
        values = {"q": self.q, **self.chosen, "letter": self.current_letter, **changes}
        query = urlencode({name: value for name, value in values.items() if value}, doseq=True)
        return f"?{query}" if query else self.index.url

    @cached_property
    def _matches(self) -> list[tuple[int, str, str]]:
        """(primary key, code, title) of all matching services: best match first, without search text by title."""
        rows = list(self.narrowed().order_by().values_list("pk", "service_code", "title"))
        if self.search_results is not None:
            ranks = {hit.id: rank for rank, hit in enumerate(self.search_results.hits)}
            return sorted(rows, key=lambda row: ranks.get(row[1], MAX_SEARCH_RESULTS))
        return sorted(rows, key=lambda row: (sort_key(row[2], self.locale), row[1]))

    @cached_property
    def current_letter(self) -> str:
        return self.letter if self.letter in alphabet(self.locale) else ""

    @property
    def letters(self) -> list[Letter]:
        """The alphabet, with URLs for the initial letters of titles. Empty with a search text."""
        if self.q:
            return []
        used = {initial(title, self.locale) for _pk, _code, title in self._matches}
        return [
            Letter(letter, self.url(letter=letter) if letter in used else None)
            for letter in alphabet(self.locale)
        ]

    @cached_property
    def page_obj(self) -> Page:
        """One page of matches, with `results` for the template."""
        rows = self._matches
        if self.current_letter:
            rows = [row for row in rows if initial(row[2], self.locale) == self.current_letter]
        page = Paginator(rows, PER_PAGE).get_page(self.number)
        keys = [row[0] for row in page.object_list]
        pages = {each.pk: each for each in ServicePage.objects.filter(pk__in=keys)}
        services = services_of(pages.values(), self.locale)
        stopped = Notice.objects.stopped_pages(each.translation_key for each in pages.values())
        page.results = [
            self._result(pages[key], Presentation(services[key], pages[key].translation_key in stopped))
            for key in keys
        ]
        return page

    def _result(self, page, presentation) -> Result:
        highlight = self._highlights.get(page.service_code)
        tag = presentation.status_tag or {"text": "", "kind": ""}
        return Result(
            page.title, page.url, highlight or page.summary, presentation.meta, tag["text"], tag["kind"]
        )

    @cached_property
    def _highlights(self):
        return {hit.id: hit.highlight for hit in self.search_results.hits} if self.search_results else {}

    @property
    def total(self) -> int:
        return self.page_obj.paginator.count

    @property
    def suggestion(self) -> str:
        return self.search_results.suggestion if self.search_results is not None else ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.chosen or self.current_letter)


def _names_of_records() -> dict[str, dict[str, str]]:
    """Facet → code → name of the records behind the facets, sorted: one query."""
    kind = Case(When(kind="person", then=0), default=1)
    selects = [
        _names("audience", Audience.objects.public(), "code", Value(0)),
        _names("event", LifeEvent.objects.public(), "code", kind),
        _names("governorate", Governorate.objects.public(), "slug", Value(0)),
    ]
    names: dict[str, dict[str, str]] = {"audience": {}, "event": {}, "governorate": {}}
    rows = selects[0].union(*selects[1:], all=True)
    for facet, _kind, _order, code, name in sorted(rows, key=lambda row: row[:4]):
        names[facet][code] = str(TranslatedText.of(name))
    return names


def _names(facet, records, code, kind) -> QuerySet:
    columns = {
        "a_facet": Value(facet, output_field=CharField()),
        "a_kind": Cast(kind, IntegerField()),
        "a_order": Cast("sort_order", IntegerField()),
        "a_code": F(code),
        "a_name": F("name"),
    }
    return records.order_by().annotate(**columns).values_list(*columns)


def _labels(enumeration) -> dict[str, str]:
    return {str(value): str(label) for value, label in enumeration.choices}


def facet_titles() -> list[tuple[str, str]]:
    """The facets with their titles, in display order."""
    return [
        ("event", _("Life and business events")),
        ("audience", _("For whom")),
        ("channel", _("How")),
        ("free", _("Fee")),
        ("governorate", _("Governorate")),
        ("unit", _("Responsible unit")),
        ("output", _("What you get")),
        ("level", _("Online")),
    ]

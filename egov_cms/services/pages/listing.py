"""The list of services: search words, facets with counts, one page of results. As many queries at any size.

    listing = Listing(index_page, request.GET)

A value that a facet does not know is left out and named in `ignored`; a bad page number is the nearest good
one. Within a facet any of the chosen values will do; between facets all must hold. A facet is counted as if
nothing were chosen in it, so that a count says what choosing it would find.
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
from egov_cms.services.loading.rows import load_rows
from egov_cms.services.models import Audience, LifeEvent
from egov_cms.services.models.service import ServicePage
from egov_cms.services.pages.facets import PATHS, having
from egov_cms.services.pages.presentation import Presentation
from egov_cms.site.models import Governorate, Notice, OrganisationUnitPage

PER_PAGE = 20
LONGEST_QUERY = 300
MOST_FOUND = 500
MOST_CHOSEN = 20


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
    """What a reader asked of the catalogue and the answer."""

    def __init__(self, index, query):
        self.index = index
        self.locale = resolve()
        self.q = " ".join(query.get("q", "")[:LONGEST_QUERY].split())
        self.asked = {name: query.getlist(name)[:MOST_CHOSEN] for name in PATHS if query.getlist(name)}
        self.letter = query.get("letter", "")[:4]
        self.number = query.get("page", "1")

    @cached_property
    def labels(self) -> dict[str, dict[str, str]]:
        """Facet → value → label, in the order in which values are offered."""
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
        # Asked on its own: as a subquery PostgreSQL was seen to spend minutes on it in tables without statistics.
        keys = set(owners.order_by().values_list("owner_unit__translation_key", flat=True).distinct())
        units = OrganisationUnitPage.objects.filter(translation_key__in=keys)
        units = units.filter(locale_id=self.index.locale_id)
        found = {unit.slug: unit.title for unit in units}
        return dict(sorted(found.items(), key=lambda item: sort_key(item[1], self.locale)))

    @cached_property
    def chosen(self) -> dict[str, list[str]]:
        """The known values that the reader chose, by facet."""
        known = {
            name: [value for value in dict.fromkeys(values) if value in self.labels[name]]
            for name, values in self.asked.items()
        }
        return {name: values for name, values in known.items() if values}

    @property
    def ignored(self) -> list[str]:
        """Values that no facet knows, as the reader sent them."""
        return [
            value for name, values in self.asked.items() for value in values if value not in self.labels[name]
        ]

    @cached_property
    def found(self):
        """The results of the search words, best first; None without words."""
        if not self.q:
            return None
        # A ministry may have left the app of search out.
        from egov_cms.search.finding import search

        return search(self.q, self.locale, types=["service"], per_page=MOST_FOUND)

    @cached_property
    def everything(self) -> QuerySet:
        """What the catalogue lists in this language, before facets, narrowed by the search words."""
        services = ServicePage.objects.public().filter(locale_id=self.index.locale_id)
        services = services.exclude(status=choices.Status.RETIRED)
        if self.found is not None:
            services = services.filter(service_code__in=[hit.id for hit in self.found.hits])
        return services

    def narrowed(self, but: str = "") -> QuerySet:
        """The services that fit every chosen facet except one."""
        services = self.everything
        for name, values in self.chosen.items():
            if name != but:
                services = services.filter(pk__in=having(name, values))
        return services

    @cached_property
    def counts(self) -> dict[str, Counter]:
        """Facet → value → number of services: one query for all facets."""
        selects = []
        for name, path in PATHS.items():
            value = Cast(path, IntegerField()) if name == "free" else path
            selects.append(
                self.narrowed(but=name)
                .order_by()
                .annotate(facet=Value(name, output_field=CharField()), value=Cast(value, CharField()))
                .values("facet", "value")
                .annotate(number=Count("pk", distinct=True))
                .values_list("facet", "value", "number")
            )
        counts: dict[str, Counter] = defaultdict(Counter)
        for name, value, number in selects[0].union(*selects[1:], all=True):
            counts[name][value or ""] += number
        # A service without governorates is given in all of them.
        everywhere = counts["governorate"].pop("", 0)
        for slug in self.labels["governorate"]:
            counts["governorate"][slug] += everywhere
        return counts

    @property
    def groups(self) -> list[Group]:
        """The facets that would narrow the list; a value that nobody has is left out unless it is chosen."""
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
        """The choices in force, each with the address that takes it away."""
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
        """What the form of filters carries along: the search words."""
        return [("q", self.q)] if self.q else []

    def url(self, **changes) -> str:
        """The query string of this list with changes; always the first page."""
        values = {"q": self.q, **self.chosen, "letter": self.current_letter, **changes}
        query = urlencode({name: value for name, value in values.items() if value}, doseq=True)
        return f"?{query}" if query else self.index.url

    @cached_property
    def _matches(self) -> list[tuple[int, str, str]]:
        """(primary key, code, title) of all that fits, in order: best match first, else by alphabet."""
        rows = list(self.narrowed().order_by().values_list("pk", "service_code", "title"))
        if self.found is not None:
            ranks = {hit.id: rank for rank, hit in enumerate(self.found.hits)}
            return sorted(rows, key=lambda row: ranks.get(row[1], MOST_FOUND))
        return sorted(rows, key=lambda row: (sort_key(row[2], self.locale), row[1]))

    @cached_property
    def current_letter(self) -> str:
        return self.letter if self.letter in alphabet(self.locale) else ""

    @property
    def letters(self) -> list[Letter]:
        """The alphabet, with addresses for the letters that begin a title. Only without search words."""
        if self.q:
            return []
        used = {initial(title, self.locale) for _pk, _code, title in self._matches}
        return [
            Letter(letter, self.url(letter=letter) if letter in used else None)
            for letter in alphabet(self.locale)
        ]

    @cached_property
    def page_obj(self) -> Page:
        """One page of matches, with `results` ready to show."""
        rows = self._matches
        if self.current_letter:
            rows = [row for row in rows if initial(row[2], self.locale) == self.current_letter]
        page = Paginator(rows, PER_PAGE).get_page(self.number)
        keys = [row[0] for row in page.object_list]
        pages = {each.pk: each for each in ServicePage.objects.filter(pk__in=keys)}
        load_rows(pages.values(), ("fees", "channels"))
        stopped = Notice.objects.stopped_pages(each.translation_key for each in pages.values())
        page.results = [self._result(pages[key], pages[key].translation_key in stopped) for key in keys]
        return page

    def _result(self, page, stopped) -> Result:
        shown = Presentation(page)
        shown.is_stopped = stopped
        highlight = self._highlights.get(page.service_code)
        tag = shown.status_tag or {"text": "", "kind": ""}
        return Result(page.title, page.url, highlight or page.summary, shown.meta, tag["text"], tag["kind"])

    @cached_property
    def _highlights(self):
        return {hit.id: hit.highlight for hit in self.found.hits} if self.found else {}

    @property
    def total(self) -> int:
        return self.page_obj.paginator.count

    @property
    def suggestion(self) -> str:
        return self.found.suggestion if self.found is not None else ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.chosen or self.current_letter)


def _names_of_records() -> dict[str, dict[str, str]]:
    """Facet → code → name of the records behind the facets, in their order: one query."""
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
    """The facets in the order in which they are offered, with their titles."""
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

"""What all lists of the catalogue of one language share: labels of the facets, order by title, numbers of services.

It depends on what is published and is kept until that changes, or a page expires.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Case, CharField, Count, F, IntegerField, QuerySet, Value, When
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from egov_cms.language import TranslatedText, initial, sort_key
from egov_cms.services import choices
from egov_cms.services.models import Audience, LifeEvent
from egov_cms.services.models.service import ServicePage
from egov_cms.services.pages.facets import PATHS
from egov_cms.site.addresses import Addresses
from egov_cms.site.models import Governorate, OrganisationUnitPage
from egov_cms.site.models.base import next_expiry
from egov_cms.site.page_cache import cached_by_version


@dataclass
class Catalogue:
    """labels: facet → value → label, in display order. counts: facet → value → number of services, without any choice.

    places: primary key of a page → its place by title. initials: primary key → the letter under which it is listed.
    """

    labels: dict[str, dict[str, str]]
    counts: dict[str, Counter] = field(default_factory=dict)
    places: dict[int, int] = field(default_factory=dict)
    initials: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """A service in a list: words of its page, and what identifies it."""

    pk: int
    service_code: str
    translation_key: UUID
    title: str
    summary: str
    url: str


def catalogue_of(index, locale: str) -> Catalogue:
    """The catalogue below an index page, with labels in the active language."""
    until = next_expiry(timezone.now())
    return cached_by_version(f"services-{index.locale_id}-{locale}-{until}", lambda: _read(index, locale))


def _read(index, locale):
    catalogue = Catalogue(labels=_all_labels(index, locale))
    rows = listed(index).order_by().values_list("pk", "service_code", "title")
    ordered = sorted(rows, key=lambda row: (sort_key(row[2], locale), row[1]))
    catalogue.places = {pk: place for place, (pk, _code, _title) in enumerate(ordered)}
    catalogue.initials = {pk: initial(title, locale) for pk, _code, title in ordered}
    catalogue.counts = count(lambda name: listed(index), catalogue.labels)
    return catalogue


def listed(index) -> QuerySet:
    """All services that the list in the language of `index` shows."""
    services = ServicePage.objects.public().filter(locale_id=index.locale_id)
    return services.exclude(status=choices.Status.RETIRED)


def entries(pks: Iterable[int]) -> list[Entry]:
    """The services with these primary keys, in any order. One query."""
    addresses = Addresses()
    rows = ServicePage.objects.filter(pk__in=list(pks)).order_by()
    columns = ("pk", "service_code", "translation_key", "title", "summary", "url_path")
    return [Entry(*row[:-1], addresses.path(row[-1])) for row in rows.values_list(*columns)]


def count(services: Callable[[str], QuerySet], labels) -> dict[str, Counter]:
    """Facet → value → how many of `services(facet)` have the value: one query for all facets."""
    selects = []
    for name, path in PATHS.items():
        value = Cast(path, IntegerField()) if name == "free" else path
        selects.append(
            services(name)
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
    for slug in labels["governorate"]:
        counts["governorate"][slug] += everywhere
    return counts


def _all_labels(index, locale):
    names = _names_of_records()
    return {
        "audience": names["audience"],
        "event": names["event"],
        "unit": _units(index, locale),
        "governorate": names["governorate"],
        "channel": _labels(choices.ChannelKind),
        "free": {"1": _("Free of charge"), "0": _("With a fee")},
        "level": _labels(choices.DigitalLevel),
        "output": _labels(choices.OutputKind),
    }


def _units(index, locale):
    owners = ServicePage.objects.public().filter(owner_unit__isnull=False)
    # A separate query: as a subquery it took PostgreSQL minutes on tables without statistics.
    keys = set(owners.order_by().values_list("owner_unit__translation_key", flat=True).distinct())
    units = OrganisationUnitPage.objects.filter(translation_key__in=keys)
    titles = dict(units.filter(locale_id=index.locale_id).order_by().values_list("slug", "title"))
    return dict(sorted(titles.items(), key=lambda item: sort_key(item[1], locale)))


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

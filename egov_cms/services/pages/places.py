"""The places of a service: offices of its channels, and fees and times that differ at a place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from egov_cms.services.choices import COUNTERS
from egov_cms.services.snapshots import summaries
from egov_cms.site.models import Governorate, Office


@dataclass(frozen=True)
class OfficeGroup:
    """The offices of one governorate; `governorate` is None for missions abroad."""

    governorate: Governorate | None
    offices: list[Office]


@dataclass(frozen=True)
class Difference:
    """What differs at one place (a governorate or an office). `fee` and `time` are texts, empty if they do not differ."""

    place: Governorate | Office
    fee: str
    time: str
    note: str


def offices_of(page) -> list[Office]:
    """The public offices that offer a service, with their states, in the order of governorates."""
    rules = {row.offices_rule: row for row in page.channels.all() if row.kind in COUNTERS}
    offerings = page.offerings.all()
    if not rules and not offerings:
        return []
    condition = Q(pk__in=[row.office_id for row in offerings if row.office_id])
    if "unit" in rules and page.owner_unit_id:
        condition |= Q(unit=page.owner_unit_id)
    if "kind" in rules:
        condition |= Q(kind=rules["kind"].office_kind)
    if "listed" in rules and (places := [row.governorate_id for row in offerings if not row.office_id]):
        # A row with a governorate only means every office of the responsible unit there.
        condition |= Q(unit=page.owner_unit_id, governorate__in=places)
    offices = Office.objects.public().filter(condition).with_states()
    if covered := {each.pk for each in page.coverage.all()}:
        offices = [each for each in offices if each.governorate_id in covered or not each.governorate_id]
    return sorted(offices, key=_order)


def _order(office):
    return (office.governorate.sort_order if office.governorate_id else 1000, office.sort_order, office.slug)


def groups_of(offices: list[Office], limit: int) -> list[OfficeGroup]:
    groups: dict[Any, OfficeGroup] = {}
    for office in offices[:limit]:
        group = groups.setdefault(office.governorate_id, OfficeGroup(office.governorate, []))
        group.offices.append(office)
    return list(groups.values())


def differences(page, offices: list[Office]) -> list[Difference]:
    """The places where a fee, time or note differs. One query for governorates without offices, if any."""
    rows = [row for row in page.offerings.all() if row.fee_minor is not None or row.duration_unit or row.note]
    places: dict[tuple[str, int], Any] = {("office", each.pk): each for each in offices}
    places |= {
        ("governorate", each.governorate_id): each.governorate for each in offices if each.governorate_id
    }
    missing = {row.governorate_id for row in rows if row.governorate_id and not row.office_id}
    missing -= {key for kind, key in places if kind == "governorate"}
    if missing:
        governorates = Governorate.objects.public().filter(pk__in=missing)
        places |= {("governorate", each.pk): each for each in governorates}
    pairs = [(places.get(_place_of(row)), row) for row in rows]
    return [_difference(place, row) for place, row in pairs if place is not None]


def _place_of(row):
    return ("office", row.office_id) if row.office_id else ("governorate", row.governorate_id)


def _difference(place, row):
    return Difference(
        place,
        fee=summaries.dinars(row.fee_minor) if row.fee_minor is not None else "",
        time=summaries.duration_summary(row.duration_min, row.duration_max, row.duration_unit),
        note=row.note,
    )


def of_governorate(differences: list[Difference], governorate: Governorate | None) -> Difference | None:
    """The difference for a whole governorate, or None."""
    return next((each for each in differences if governorate is not None and each.place == governorate), None)


def governorates_of(offices: list[Office], differences: list[Difference]) -> list[Governorate]:
    """The governorates to choose from: with an office of the service or a difference, in their order."""
    places = {each.governorate_id: each.governorate for each in offices if each.governorate_id}
    places |= {each.place.pk: each.place for each in differences if isinstance(each.place, Governorate)}
    return sorted(places.values(), key=lambda each: each.sort_order)

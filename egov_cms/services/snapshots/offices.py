"""The offices of a service as plain values: where they are, when they are open. Stored beside its document."""

from __future__ import annotations

from typing import Any

from egov_cms.services.choices import COUNTERS, OfferingScope, OfficesRule
from egov_cms.services.snapshots.references import record_of
from egov_cms.site.models import Office

ABROAD_LAST = 1000


class Offices:
    """All public offices, loaded once for any number of services: three queries, and none before the first service."""

    def __init__(self):
        self._all: list[Office] | None = None

    def of(self, channels, offerings, unit_pk, covered) -> list[dict[str, Any]]:
        """The offices that give a service, in the order of governorates.

        channels, offerings: its rows. unit_pk: the responsible unit. covered: codes of the governorates in which the
        service is given; empty for the whole country.
        """
        rules = {row.offices_rule: row for row in channels if row.kind in COUNTERS}
        if not rules and not offerings:
            return []
        listed = {row.office_id for row in offerings if row.scope == OfferingScope.OFFICE}
        governorates = {row.governorate_id for row in offerings if row.scope == OfferingScope.GOVERNORATE}
        kinds = {rules[OfficesRule.KIND].office_kind} if OfficesRule.KIND in rules else set()

        def gives(office):
            own = unit_pk is not None and office.unit_id == unit_pk
            return (
                office.pk in listed
                or (own and OfficesRule.UNIT in rules)
                or office.kind in kinds
                or (own and OfficesRule.LISTED in rules and office.governorate_id in governorates)
            )

        return [
            self._plain(office)
            for office in self._offices()
            if gives(office)
            and (not covered or not office.governorate_id or office.governorate.code in covered)
        ]

    def _offices(self):
        if self._all is None:
            self._all = sorted(Office.objects.public().with_hours(), key=_order)
        return self._all

    def _plain(self, office):
        if not hasattr(office, "plain_values"):
            office.plain_values = _plain(office)
        return office.plain_values


def _order(office):
    place = office.governorate.sort_order if office.governorate_id else ABROAD_LAST
    return place, office.sort_order, office.slug


def _plain(office) -> dict[str, Any]:
    return {
        "slug": office.slug,
        "place": office.place_slug,
        "name": dict(office.name),
        "governorate": record_of(office.governorate) if office.governorate_id else None,
        "district": dict(office.district),
        "address": dict(office.address),
        "numbers": [office.mahalla, office.zuqaq, office.dar],
        "phones": office.phones,
        "weekly": [[weekday, _spans(spans)] for weekday, spans in office.weekly.items()],
        "specials": [
            {
                "first": special.first.isoformat(),
                "last": special.last.isoformat(),
                "spans": _spans(special.spans),
                "every_day": special.every_day,
            }
            for special in office.specials
        ],
    }


def _spans(spans):
    return [[span.opens.isoformat(), span.closes.isoformat()] for span in spans]

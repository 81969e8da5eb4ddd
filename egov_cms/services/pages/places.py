"""The places of a service at this moment: its offices, open or closed, and fees and times that differ at a place."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from egov_cms.language import TranslatedText
from egov_cms.services.choices import OfferingScope
from egov_cms.services.snapshots import summaries
from egov_cms.services.snapshots.service import Service, best_name, date_of
from egov_cms.site.models import Governorate, Notice
from egov_cms.site.models.office import opening_calendar
from egov_cms.site.opening import Span, Special, opening
from egov_cms.site.templatetags.egov_site import opening_text

NOWHERE = 10_000


class Place:
    """A governorate as documents have it; two with the same code are equal."""

    def __init__(self, record: dict[str, Any]):
        self.code, self.slug, self.order = record["code"], record["slug"], record.get("order", NOWHERE)
        self.name = best_name(record)

    def __eq__(self, other):
        return isinstance(other, Place) and self.code == other.code

    def __hash__(self):
        return hash(self.code)


class ServiceOffice:
    """An office of a service as its snapshot has it (`snapshots.offices`), with its notices and its hours now."""

    def __init__(self, values: dict[str, Any]):
        self._values = values
        self.slug, self.place_slug, self.phones = values["slug"], values["place"], values["phones"]
        self.governorate = Place(values["governorate"]) if values["governorate"] else None

    @property
    def name(self) -> TranslatedText:
        return TranslatedText.of(self._values["name"])

    @property
    def address(self) -> str:
        """The address in one line: governorate, district, street, numbers."""
        labels = (_("mahalla %(number)s"), _("zuqaq %(number)s"), _("dar %(number)s"))
        numbers = [
            label % {"number": number}
            for label, number in zip(labels, self._values["numbers"], strict=True)
            if number
        ]
        texts = [TranslatedText.of(self._values[name]) for name in ("district", "address")]
        governorate = self.governorate.name if self.governorate else ""
        return _(", ").join(str(part) for part in (governorate, *texts, *numbers) if part)

    @cached_property
    def notices(self) -> list[Notice]:
        return [notice for notice in Notice.objects.of_places() if concerns(notice, self)]

    @property
    def is_stopped(self) -> bool:
        return any(notice.level == "suspended" and not notice.named for notice in self.notices)

    def status(self, now: dt.datetime, calendar) -> dict[str, Any] | None:
        """`open` and `status` (“Open until 2:00 pm”); None without hours, or while a notice suspends the office."""
        weekly = {weekday: _spans(spans) for weekday, spans in self._values["weekly"]}
        specials = [
            Special(date_of(row["first"]), date_of(row["last"]), _spans(row["spans"]), row["every_day"])
            for row in self._values["specials"]
        ]
        if self.is_stopped or not (weekly or specials):
            return None
        # Missions follow the calendar of their host country, which is not stored.
        holidays = calendar.of_code(self.governorate.code) if self.governorate else frozenset()
        state = opening(now, weekly, specials, holidays)
        return {"open": state.open, "status": opening_text(state)}


def _spans(pairs) -> tuple[Span, ...]:
    return tuple(Span(dt.time.fromisoformat(opens), dt.time.fromisoformat(closes)) for opens, closes in pairs)


def concerns(notice: Notice, office: ServiceOffice) -> bool:
    """Does the notice name this office or its governorate?"""
    return any(
        (office.governorate is not None and place.code == office.governorate.code)
        if isinstance(place, Governorate)
        else place.slug == office.slug
        for place in notice.places
    )


@dataclass(frozen=True)
class OfficeGroup:
    """The offices of one governorate, as the template shows them; `governorate` is None for missions abroad."""

    governorate: Place | None
    offices: list[dict[str, Any]]


def groups_of(offices: list[ServiceOffice], limit: int, index_url: str) -> list[OfficeGroup]:
    """The first offices by governorate. `index_url`: of the page of offices in this language, may be empty."""
    shown = offices[:limit]
    now = timezone.now()
    calendar = opening_calendar(now) if shown else None
    groups: dict[Any, OfficeGroup] = {}
    for office in shown:
        group = groups.setdefault(office.governorate, OfficeGroup(office.governorate, []))
        group.offices.append(
            {
                "name": office.name,
                "url": f"{index_url}{office.place_slug}/{office.slug}/" if index_url else "",
                "address": office.address,
                "notices": office.notices,
                "now": office.status(now, calendar),
                "phone": office.phones[0] if office.phones else "",
            }
        )
    return list(groups.values())


@dataclass(frozen=True)
class Difference:
    """What differs at one place. `fee` and `time` are texts, empty if they do not differ.

    `governorate` is set when it holds for a whole governorate.
    """

    name: TranslatedText
    governorate: Place | None
    fee: str
    time: str
    note: str


def differences(service: Service, offices: list[ServiceOffice]) -> list[Difference]:
    """The places where a fee, time or note differs; not those of offices that do not give the service."""
    given = {office.slug for office in offices}
    return [
        _difference(row)
        for row in service.offerings
        if (row.fee_minor is not None or row.duration_unit or row.note) and _is_given(row, given)
    ]


def _is_given(row, offices) -> bool:
    if row.scope == OfferingScope.OFFICE:
        return row.office is not None and row.office["slug"] in offices
    return row.governorate is not None


def _difference(row):
    whole = row.scope == OfferingScope.GOVERNORATE
    return Difference(
        name=best_name(row.governorate if whole else row.office),
        governorate=Place(row.governorate) if whole else None,
        fee=summaries.dinars(row.fee_minor) if row.fee_minor is not None else "",
        time=summaries.duration_summary(row.duration_min, row.duration_max, row.duration_unit),
        note=row.note,
    )


def of_governorate(differences: list[Difference], governorate: Place | None) -> Difference | None:
    """The difference for a whole governorate, or None."""
    if governorate is None:
        return None
    return next((each for each in differences if each.governorate == governorate), None)


def governorates_of(offices: list[ServiceOffice], differences: list[Difference]) -> list[Place]:
    """The governorates to choose from: with an office of the service or a difference, in their order."""
    places = {office.governorate.code: office.governorate for office in offices if office.governorate}
    places |= {each.governorate.code: each.governorate for each in differences if each.governorate}
    return sorted(places.values(), key=lambda each: each.order)

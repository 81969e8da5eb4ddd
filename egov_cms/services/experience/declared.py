"""The declared values of a service in the units of citizens' reports: calendar days, dinars, visits."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from egov_cms.services.models import ServicePage
from egov_cms.services.snapshots.summaries import in_force

CURRENCY = "IQD"
DAYS_OF_A_MONTH = 31


@dataclass(frozen=True)
class Declared:
    """The highest values that a service declares; None if no comparable value is declared."""

    days: int | None
    fee_minor: int | None
    visits: int | None


def declared(page: ServicePage, day: dt.date) -> Declared:
    """`page` is the page in the source language with its rows (fees, channels, offerings)."""
    return Declared(_days(page), _fee(page, day), page.visits)


def calendar_days(amount: int | None, unit: str) -> int | None:
    """A time in calendar days: five working days are a week, rounded up; hours and minutes are 0 days."""
    if amount is None:
        return None
    if unit == "working_day":
        return -(-amount * 7 // 5)
    if unit == "month":
        return amount * DAYS_OF_A_MONTH
    return {"minute": amount // (24 * 60), "hour": amount // 24}.get(unit)


def _days(page):
    times = [page, *page.channels.all(), *page.offerings.all()]
    longest = [
        calendar_days(
            time.duration_min if time.duration_max is None else time.duration_max, time.duration_unit
        )
        for time in times
    ]
    return max((days for days in longest if days is not None), default=None)


def _fee(page, day):
    """The sum of all fees of all cases, as an upper limit. None if a fee has no amount in dinars."""
    if page.is_free:
        return 0
    fees = in_force(page.fees.all(), day)
    amounts = [fee.amount_max_minor if fee.kind == "range" else fee.amount_minor for fee in fees]
    comparable = all(fee.kind in ("fixed", "range") and fee.currency == CURRENCY for fee in fees)
    if not fees or not comparable or None in amounts:
        return None
    places = [row.fee_minor for row in page.offerings.all() if row.fee_minor is not None]
    return max([sum(amounts), *places])

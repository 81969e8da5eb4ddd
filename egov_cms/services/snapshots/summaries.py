"""Fees and times as one line of text: the same wording on pages, in lists, cards and search."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import NamedTuple, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from egov_cms.language import format_count, format_duration, format_money, format_number, format_percent


class Summary(NamedTuple):
    """One line of text and an optional note in small print. Both are empty when there is no data."""

    text: str
    note: str = ""


class Fee(Protocol):
    """The attributes that a fee row needs; amounts in minor units."""

    kind: str
    amount_minor: int | None
    amount_max_minor: int | None
    percent: object
    unit: str
    currency: str
    exponent: int
    conditional: bool
    valid_from: datetime.date | None
    valid_to: datetime.date | None


def in_force(fees: Iterable[Fee], day: datetime.date) -> list[Fee]:
    """The fees that are in force on a day."""
    return [
        fee
        for fee in fees
        if (fee.valid_from is None or fee.valid_from <= day) and (fee.valid_to is None or day <= fee.valid_to)
    ]


def fee_summary(fees: Iterable[Fee], is_free: bool, day: datetime.date) -> Summary:
    """The total that every applicant pays; the note has the conditional fees. In the active language.

    Fixed amounts and ranges of one currency are added up; percentages and amounts per unit are listed after them.
    """
    current = in_force(fees, day)
    if is_free:
        return Summary(_("Free of charge"))
    if not current:
        return Summary("")
    always = [fee for fee in current if not fee.conditional]
    sometimes = [fee for fee in current if fee.conditional]
    if not always:
        return Summary(_("Free of charge in most cases"), _join(sometimes, _("in some cases: %(amount)s")))
    return Summary(_total(always), _join(sometimes, _("in some cases also %(amount)s")))


def _join(fees, wording) -> str:
    return wording % {"amount": _total(fees)} if fees else ""


def _total(fees) -> str:
    parts = [*_sums(fees), *(fee_amount(fee) for fee in fees if fee.kind in ("percent", "per_unit"))]
    if any(fee.kind == "varies" for fee in fees):
        return _("from %(amount)s") % {"amount": " + ".join(parts)} if parts else _("Varies")
    return " + ".join(parts) or _("Varies")


def _sums(fees) -> Iterable[str]:
    lows: dict[tuple[str, int], int] = {}
    highs: dict[tuple[str, int], int] = {}
    for fee in fees:
        if fee.kind in ("fixed", "range") and fee.amount_minor is not None:
            money = (fee.currency, fee.exponent)
            highest = fee.amount_max_minor if fee.kind == "range" else None
            lows[money] = lows.get(money, 0) + fee.amount_minor
            highs[money] = highs.get(money, 0) + (fee.amount_minor if highest is None else highest)
    for money, low in lows.items():
        yield _between(low, highs[money], *money)


def _between(low, high, currency, exponent) -> str:
    if low == high:
        return format_money(low, currency, exponent)
    return _("%(low)s to %(high)s") % {
        "low": format_number(low) if exponent == 0 else format_money(low, currency, exponent),
        "high": format_money(high, currency, exponent),
    }


def fee_amount(fee: Fee) -> str:
    """The amount of one row: “25,000 IQD”, “3%”, “500 IQD per square metre”, “Varies”."""
    if fee.kind == "percent":
        return format_percent(fee.percent)
    if fee.kind == "varies" or fee.amount_minor is None:
        return _("Varies")
    if fee.kind == "range" and fee.amount_max_minor is not None:
        return _between(fee.amount_minor, fee.amount_max_minor, fee.currency, fee.exponent)
    amount = format_money(fee.amount_minor, fee.currency, fee.exponent)
    if fee.kind != "per_unit":
        return amount
    return f"{amount} {fee.unit}" if fee.unit else _("%(amount)s for each") % {"amount": amount}


def dinars(amount: int) -> str:
    """A whole amount of dinars as text; 0 is “Free of charge”."""
    return format_money(amount) if amount else _("Free of charge")


def duration_summary(minimum: int | None, maximum: int | None, unit: str) -> str:
    """The time an office takes: “3 to 7 working days”. Empty without a unit."""
    if not unit:
        return ""
    return format_duration(minimum, maximum, unit)


def visits_summary(visits: int | None) -> str:
    """The number of visits: “No visit needed”, “1 visit”, “3 visits”. Empty for None."""
    if visits is None:
        return ""
    if visits == 0:
        return _("No visit needed")
    return ngettext("%(count)s visit", "%(count)s visits", visits) % {"count": format_number(visits)}


def copies_summary(originals: int, copies: int) -> str:
    """How many of a document to bring: “Original + 2 copies”."""
    parts = []
    if originals == 1:
        parts.append(_("Original"))
    elif originals > 1:
        parts.append(
            ngettext("%(count)s original", "%(count)s originals", originals)
            % {"count": format_number(originals)}
        )
    if copies:
        parts.append(
            ngettext("%(count)s copy", "%(count)s copies", copies) % {"count": format_number(copies)}
        )
    return " + ".join(parts)


def validity_summary(value: int | None, unit: str) -> str:
    """How long a result is valid: “10 years”. Empty when its validity has no end."""
    return format_count(value, unit) if value and unit else ""

"""Single values of a file to plain values: numbers as people write them, yes and no, codes, dates."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from rapidfuzz import process

from egov_cms.language import parse_number, strip_bidi

LARGEST_AMOUNT = 2**53  # beyond it a browser's JSON loses digits; no fee comes near


class Refused(ValueError):
    """A value that cannot be taken; `code` is for machines."""

    def __init__(self, message, code, value=""):
        super().__init__(message)
        self.code = code
        self.value = value


def nearest(value: str, known, names=None) -> str:
    """“Did you mean …?” for an unknown code, or an empty string when nothing is near.

    names: name → code, for what people call the codes; a name among `known` that is near stands for its code.
    """
    match = process.extractOne(str(value), sorted(map(str, known)), score_cutoff=60)
    if not match:
        return ""
    return _(" Did you mean “%(code)s”?") % {"code": (names or {}).get(match[0], match[0])}


def text(value, longest: int = 0) -> str:
    """A text without direction marks and outer spaces. A number is taken as its digits; yes/no is refused."""
    if value is None:
        return ""
    if isinstance(value, bool):
        message = _("This reads as yes or no; put the words in quotation marks.")
        raise Refused(message, "not_text", value)
    if not isinstance(value, str | int | float | datetime.date):
        raise Refused(_("Words are expected here."), "not_text", value)
    clean = strip_bidi(str(value)).strip()
    if longest and len(clean) > longest:
        message = _("The text has %(length)s letters; at most %(longest)s fit.")
        raise Refused(message % {"length": len(clean), "longest": longest}, "too_long", clean[:60])
    return clean


def number(value) -> Decimal:
    """A number in any digits, with or without separators."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise Refused(_("A number is expected here."), "not_a_number", value)
    try:
        return parse_number(str(value))
    except (ValueError, ArithmeticError) as error:
        raise Refused(_("“%(value)s” is not a number.") % {"value": value}, "not_a_number", value) from error


def whole(value, lowest: int = 0, highest: int = LARGEST_AMOUNT) -> int:
    """A whole number within bounds, both included."""
    result = number(value)
    if result != result.to_integral_value():
        raise Refused(_("A whole number is expected here."), "not_whole", value)
    if result < lowest:
        if lowest == 0:
            raise Refused(_("The number may not be below zero."), "negative", value)
        message = _("The number may not be below %(lowest)s.") % {"lowest": lowest}
        raise Refused(message, "too_low", value)
    if result > highest:
        message = _("The number may not be above %(highest)s.") % {"highest": highest}
        raise Refused(message, "too_high", value)
    return int(result)


def percent(value) -> str:
    """A percentage above 0 and up to 100 with at most two decimals, as text ("3.5")."""
    result = number(value)
    if not 0 < result <= 100:
        raise Refused(_("A percentage is above 0 and at most 100."), "percent", value)
    if result != round(result, 2):
        raise Refused(_("A percentage has at most two decimals."), "percent", value)
    return f"{result:.2f}"


def yes_no(value) -> bool:
    """True or False; a YAML boolean only, since «نعم» and «yes» would otherwise depend on the reader."""
    if not isinstance(value, bool):
        raise Refused(_("Write true or false."), "not_boolean", value)
    return value


def one_of(value, known) -> Any:
    """A code out of `known`."""
    if isinstance(value, str):
        value = strip_bidi(value).strip()
    if isinstance(value, bool) or value not in known:
        message = _("“%(value)s” is not known here.") % {"value": value} + nearest(value, known)
        raise Refused(message, "unknown_code", value)
    return value


def date(value) -> str:
    """A date as YYYY-MM-DD."""
    if isinstance(value, datetime.datetime):
        value = value.date()
    if isinstance(value, datetime.date):
        return value.isoformat()
    try:
        return datetime.date.fromisoformat(text(value)).isoformat()
    except ValueError as error:
        raise Refused(_("A date is written as 2026-01-31."), "not_a_date", value) from error


def https(value) -> str:
    """An https address."""
    from django.core.exceptions import ValidationError
    from django.core.validators import URLValidator

    address = text(value, 500)
    try:
        URLValidator(schemes=["https"])(address)
    except ValidationError as error:
        raise Refused(_("An address must begin with https://"), "not_https", value) from error
    return address

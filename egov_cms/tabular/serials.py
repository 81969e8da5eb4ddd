"""The days that a spreadsheet counts, to dates and times; and the numbers that it stores, without the noise of floats."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal

from egov_cms.tabular.number_formats import NumberFormat

_EPOCHS = {1900: datetime.datetime(1899, 12, 30), 1904: datetime.datetime(1904, 1, 1)}
_DAY_MS = 86_400_000
_LAST_DAY = 2_958_466  # 10000-01-01, counted from 1900
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_SHORT = re.compile(r"-?[0-9]{1,10}\.[0-9]{0,4}[1-9]")
# What a spreadsheet shows of a number; what it stores beyond is the noise of binary fractions.
DIGITS = 15
# Beyond it a number stays a Decimal: 1E+300 is no int of three hundred digits.
LARGEST_EXPONENT = 40
PRECISION = 28  # of the default context, which `normalize` rounds to


def exact(text: str) -> int | Decimal:
    """The number that a spreadsheet stored as `text`, as it shows it: "0.30000000000000004" → 0.3.

    Whole numbers and amounts with at most two decimals keep all their digits. ValueError when it is no number.
    """
    # The usual cases first: this runs once for every cell.
    if text.isascii() and text.isdigit():
        return int(text)
    if _SHORT.fullmatch(text):
        return Decimal(text)
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"Not a number: {text[:40]!r}")
    number = Decimal(text)
    if (
        len(text) <= DIGITS
        and "." in text
        and text[-1] in "123456789"
        and "e" not in text
        and "E" not in text
    ):
        return number
    _sign, digits, exponent = number.as_tuple()
    if len(digits) > DIGITS and (exponent < -2 or "e" in text.lower()):
        number = number.quantize(Decimal(1).scaleb(number.adjusted() - DIGITS + 1))
    if number == number.to_integral_value() and number.adjusted() < LARGEST_EXPONENT:
        return int(number)
    return number if len(digits) > PRECISION else number.normalize()


def from_serial(
    number, shown: NumberFormat, calendar: int = 1900
) -> datetime.date | datetime.datetime | datetime.time | datetime.timedelta | None:
    """The date, time or duration of a number of days, as `shown` shows it; None where the calendar has none.

    calendar: the workbook's first year, 1900 or 1904. The 29 February 1900 that Excel invents is None.
    """
    milliseconds = round(number * _DAY_MS)
    if shown.elapsed:
        return datetime.timedelta(milliseconds=milliseconds) if abs(number) < _LAST_DAY else None
    if number < 0 or number >= _LAST_DAY:
        return None
    if number < 1 and not (shown.date and (calendar == 1904 or number == 0)):
        return (
            datetime.datetime.min + datetime.timedelta(milliseconds=min(milliseconds, _DAY_MS - 1))
        ).time()
    if calendar == 1900:
        if number < 1:
            return None
        if milliseconds // _DAY_MS == 60:
            return None
        if milliseconds < 60 * _DAY_MS:
            milliseconds += _DAY_MS
    try:
        found = _EPOCHS[calendar] + datetime.timedelta(milliseconds=milliseconds)
    except OverflowError:
        return None
    return found if shown.time or milliseconds % _DAY_MS else found.date()

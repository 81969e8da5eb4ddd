"""Cells and texts to typed values, as people write them: any digits, yes and no in three languages, percent signs.

Every function takes a `Cell` or a plain value (of YAML or JSON) and raises InvalidValue with a message for the person and
a code for machines. None and blank texts are invalid for all but `text` and `plain`: ask `plain` first where a cell may be
empty.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from rapidfuzz import process

from egov_cms.language import fold, parse_number, strip_bidi, to_ascii_digits
from egov_cms.tabular.cells import Cell, Kind, value_text
from egov_cms.tabular.formulas import unguarded
from egov_cms.tabular.number_formats import NumberFormat
from egov_cms.tabular.serials import from_serial
from egov_cms.tabular.texts import clean_words

# Letters of a text that is still looked at as a number.
LONGEST_NUMBER = 200
LARGEST_AMOUNT = 2**53  # beyond it a browser's JSON loses digits
YES = ("yes", "y", "true", "1", "نعم", "بەڵێ", "بەلێ")
NO = ("no", "n", "false", "0", "لا", "كلا", "نەخێر", "نا")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})[/.-]([0-9]{1,2})[/.-]([0-9]{1,2})")
_MIDNIGHT = re.compile(r"[T ]00:00(?::00(?:\.0+)?)?$")
_CLOCK = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})(?:[:.]([0-9]{2}))?\s*([^\W\d].*)?")
_MORNING = frozenset({"am", "a.m.", "ص", "صباحا", "صباحاً", "پ.ن", "بەیانی"})
_AFTERNOON = frozenset({"pm", "p.m.", "م", "مساء", "مساءً", "د.ن", "ئێوارە"})
# Days that a spreadsheet counts from 1900: 1954 to 2119. A date whose cell lost its format is such a number.
_SERIALS = range(20_000, 80_000)
_DAY = NumberFormat(date=True)


class InvalidValue(ValueError):
    """A value that cannot be taken: `code` for machines, `value` as it was given."""

    def __init__(self, message, code, value=""):
        super().__init__(str(message))
        self.code = code
        self.value = value


def plain(value, *, cached: bool = False) -> Any:
    """What stands in a cell as a plain value: None when it is empty; texts without guard, direction marks and outer blanks.
    A value that is no cell is returned as it is.

    A percentage is the text that people read ("4%"), since its number alone would be 0.04; a number that its format fills
    up with zeros is that text ("00712"). cached: take the stored result of a formula, which is otherwise refused.

    Raises InvalidValue: `error_cell`, `formula`, `not_calculated`.
    """
    if not isinstance(value, Cell):
        return value
    if value.kind is Kind.ERROR:
        message = _("The cell holds the error %(error)s; write the value itself.") % {"error": value.value}
        raise InvalidValue(message, "error_cell", value.value)
    if value.formula is not None:
        if not cached:
            raise InvalidValue(
                _("The cell holds a formula; write the value itself."), "formula", value.formula
            )
        if value.is_uncalculated:
            message = _(
                "The result of the formula is not in the file; open the file in a spreadsheet program and save it."
            )
            raise InvalidValue(message, "not_calculated", value.formula)
    if value.kind is Kind.TEXT:
        if not cached and value.value.startswith("="):
            raise InvalidValue(_("The cell holds a formula; write the value itself."), "formula", value.value)
        return clean_words(unguarded(value.value)) or None
    if value.kind is Kind.NUMBER and value.number_format:
        text = value.text
        return (
            text
            if text.endswith("%") or (text.startswith("0") and text.isdigit() and len(text) > 1)
            else value.value
        )
    return value.value


def text(value, longest: int = 0, *, cached: bool = False) -> str:
    """A text; a number is taken as its digits, a date as 2026-01-31. Yes and no of a spreadsheet are refused.

    longest: most letters, 0 for any number. Codes: `not_text`, `too_long`.
    """
    value = plain(value, cached=cached)
    if isinstance(value, bool):
        message = _("This reads as yes or no; put the words in quotation marks.")
        raise InvalidValue(message, "not_text", value)
    if not isinstance(
        value, str | int | float | Decimal | datetime.date | datetime.time | datetime.timedelta | None
    ):
        raise InvalidValue(_("Words are expected here."), "not_text", value)
    words = strip_bidi(value_text(value)).strip()
    if longest and len(words) > longest:
        message = _("The text has %(length)s letters; at most %(longest)s fit.")
        raise InvalidValue(message % {"length": len(words), "longest": longest}, "too_long", words[:60])
    return words


def number(value, *, decimal_mark: str = ".", cached: bool = False) -> Decimal:
    """A number in any digits, with or without separators; (1,234) and 1,234- are negative, as accountants write.

    decimal_mark: "," where a file writes 1.234,50. A percentage is refused. Codes: `not_a_number`, `percentage`.
    """
    value = plain(value, cached=cached)
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise InvalidValue(_("A number is expected here."), "not_a_number", _shown(value))
    if not isinstance(value, str):
        found = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        if not found.is_finite():
            raise InvalidValue(_("A number is expected here."), "not_a_number", _shown(value))
        return found
    if len(value) > LONGEST_NUMBER:
        message = _("“%(value)s” is not a number.") % {"value": value[:60]}
        raise InvalidValue(message, "not_a_number", value[:200])
    if value.strip().endswith(("%", "٪")):
        message = _("“%(value)s” is a percentage; a number is expected here.") % {"value": value}
        raise InvalidValue(message, "percentage", value)
    written = to_ascii_digits(strip_bidi(value)).strip().replace("\u2212", "-")
    if written.startswith("(") and written.endswith(")"):
        written = f"-{written[1:-1].strip()}"
    elif written.endswith("-"):
        written = f"-{written[:-1].strip()}"
    if decimal_mark == ",":
        written = written.translate(str.maketrans(",.", ".,"))
    return _parsed(written, value)


def _parsed(written, value=None):
    try:
        return parse_number(written)
    except (ValueError, ArithmeticError) as error:
        shown = written if value is None else value
        message = _("“%(value)s” is not a number.") % {"value": shown[:60]}
        raise InvalidValue(message, "not_a_number", shown) from error


def whole(
    value, lowest: int | None = 0, highest: int | None = LARGEST_AMOUNT, *, cached: bool = False
) -> int:
    """A whole number within bounds, both included; None for no bound.

    Codes: those of `number`, `not_whole`, `negative`, `too_low`, `too_high`.
    """
    found = number(value, cached=cached)
    if found != found.to_integral_value():
        raise InvalidValue(_("A whole number is expected here."), "not_whole", _shown(value))
    if lowest is not None and found < lowest:
        if lowest == 0:
            raise InvalidValue(_("The number may not be below zero."), "negative", _shown(value))
        message = _("The number may not be below %(lowest)s.") % {"lowest": lowest}
        raise InvalidValue(message, "too_low", _shown(value))
    if highest is not None and found > highest:
        message = _("The number may not be above %(highest)s.") % {"highest": highest}
        raise InvalidValue(message, "too_high", _shown(value))
    return int(found)


def money(
    value,
    exponent: int = 0,
    *,
    currency: str = "",
    lowest: int | None = 0,
    highest: int | None = LARGEST_AMOUNT,
    decimal_mark: str = ".",
    cached: bool = False,
) -> int:
    """An amount in minor units: 25.5 with exponent 2 is 2550. Bounds are in minor units.

    Codes: those of `whole`, `decimals` where the amount has more decimals than the currency.
    """
    amount = number(value, decimal_mark=decimal_mark, cached=cached)
    minor = amount.scaleb(exponent)
    if minor != minor.to_integral_value():
        if not exponent:
            raise InvalidValue(_("A whole number is expected here."), "not_whole", _shown(value))
        message = _("The currency %(currency)s has %(places)s decimals.")
        raise InvalidValue(message % {"currency": currency, "places": exponent}, "decimals", _shown(value))
    return whole(minor, lowest, highest)


def percent(value, *, allow_zero: bool = False, cached: bool = False) -> str:
    """A percentage above 0 and up to 100 with at most two decimals, as text ("3.50").

    4, "4", "4%", "٤٪" and a cell that shows 4% are all 4 percent. Code: `percent`, and those of `number`.
    """
    value = plain(value, cached=cached)
    if isinstance(value, str):
        value = strip_bidi(value).strip().rstrip("%٪ \u00a0")
    found = number(value)
    if not (0 < found <= 100 or (allow_zero and found == 0)):
        raise InvalidValue(_("A percentage is above 0 and at most 100."), "percent", _shown(value))
    if found != round(found, 2):
        raise InvalidValue(_("A percentage has at most two decimals."), "percent", _shown(value))
    return f"{found:.2f}"


def true_false(value) -> bool:
    """True or False of YAML and JSON only, where «نعم» and «yes» would otherwise depend on the reader."""
    if not isinstance(value, bool):
        raise InvalidValue(_("Write true or false."), "not_boolean", value)
    return value


def yes_no(value, *, cached: bool = False) -> bool:
    """Yes or no in Arabic, Sorani or English, 1 or 0, or a logical value of a spreadsheet."""
    value = plain(value, cached=cached)
    if isinstance(value, bool):
        return value
    word = fold(value_text(value)).strip()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise InvalidValue(_("Write yes or no."), "not_boolean", _shown(value))


_YES, _NO = frozenset(map(fold, YES)), frozenset(map(fold, NO))


def choice(value, codes: Collection, names: Mapping[str, Any] | None = None, *, cached: bool = False) -> Any:
    """A code out of `codes`, or the code whose name in `names` (name → code) the value is, whatever the case of letters.

    Code: `unknown_code`; the message proposes what is nearest.
    """
    value = plain(value, cached=cached)
    if isinstance(value, str):
        value = strip_bidi(value).strip()
    if not isinstance(value, bool):
        if isinstance(value, str | int) and value in codes:
            return value
        word = fold(value_text(value))
        for name, code in [*((code, code) for code in codes), *(names or {}).items()]:
            if fold(str(name)) == word and word:
                return code
    message = _("“%(value)s” is not known here.") % {"value": _shown(value)}
    raise InvalidValue(
        message + nearest(_shown(value), [*codes, *(names or {})], names), "unknown_code", _shown(value)
    )


def nearest(value: str, known, names: Mapping[str, Any] | None = None) -> str:
    """“Did you mean …?” for an unknown code, or an empty string when nothing is near.

    names: name → code, for what people call the codes; a name among `known` that is near stands for its code.
    """
    match = process.extractOne(str(value), sorted(map(str, known)), score_cutoff=60)
    if not match:
        return ""
    return _(" Did you mean “%(code)s”?") % {"code": (names or {}).get(match[0], match[0])}


def date(value, *, calendar: int = 1900, earliest: int = 1800, cached: bool = False) -> datetime.date:
    """A date: of the spreadsheet, 2026-01-31, day first as Iraq writes it (31/1/2026), or the bare number of a spreadsheet.

    calendar: the `calendar` of the workbook, for bare numbers. earliest: a year before is taken for one of the Hijri
    calendar and refused. Codes: `not_a_date`, `year`.
    """
    found = _date(plain(value, cached=cached), calendar)
    if found is None:
        raise InvalidValue(_("A date is written as 2026-01-31."), "not_a_date", _shown(value))
    if found.year < earliest:
        message = _("%(year)s is no year of the Gregorian calendar that is expected here.") % {
            "year": found.year
        }
        raise InvalidValue(message, "year", _shown(value))
    return found


def _date(value, calendar) -> datetime.date | None:
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and value in _SERIALS:
        return from_serial(value, _DAY, calendar)
    written = to_ascii_digits(strip_bidi(value)).strip() if isinstance(value, str) else ""
    written = _MIDNIGHT.sub("", written)
    try:
        if match := _DAY_FIRST.fullmatch(written):
            day, month, year = map(int, match.groups())
            return datetime.date(year, month, day)
        if match := _YEAR_FIRST.fullmatch(written):
            return datetime.date(*map(int, match.groups()))
    except ValueError:
        pass
    return None


def time(value, *, cached: bool = False) -> datetime.time:
    """A time of day: of the spreadsheet, 8:30, 08:30:15, or with am/pm, ص/م, پ.ن/د.ن. Code: `not_a_time`."""
    value = plain(value, cached=cached)
    if isinstance(value, datetime.datetime):
        return value.time()
    if isinstance(value, datetime.time):
        return value
    if isinstance(value, datetime.timedelta) and datetime.timedelta() <= value < datetime.timedelta(days=1):
        return (datetime.datetime.min + value).time()
    written = to_ascii_digits(strip_bidi(value)).strip() if isinstance(value, str) else ""
    if match := _CLOCK.fullmatch(written):
        hour, minute, second, half = match.groups()
        try:
            return datetime.time(
                _hour(int(hour), (half or "").strip().lower()), int(minute), int(second or 0)
            )
        except ValueError:
            pass
    raise InvalidValue(_("A time is written as 08:30."), "not_a_time", _shown(value))


def _hour(hour, half):
    if not half:
        return hour
    if not 1 <= hour <= 12 or half not in _MORNING | _AFTERNOON:
        raise ValueError(half)
    return hour % 12 + (12 if half in _AFTERNOON else 0)


def https(value, longest: int = 500, *, cached: bool = False) -> str:
    """An https address. Codes: `not_https`, `too_long`."""
    address = text(value, longest, cached=cached)
    try:
        URLValidator(schemes=["https"])(address)
    except ValidationError as error:
        raise InvalidValue(_("An address must begin with https://"), "not_https", _shown(value)) from error
    return address


def _shown(value) -> str:
    """The value for a message or a report."""
    return (value.text if isinstance(value, Cell) else value_text(value))[:200]

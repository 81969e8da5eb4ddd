"""Plain values to cells and back. A cell is guarded against being taken for a formula; a formula is never read."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _
from openpyxl.utils.datetime import from_excel

from egov_cms.language import currency_exponent, minor_to_text, strip_bidi, to_ascii_digits
from egov_cms.services.answers import REASON_LENGTH
from egov_cms.services.importing import values
from egov_cms.services.importing.values import Refused
from egov_cms.services.models.rows import ROW_KEY, TAG
from egov_cms.services.workbook.lists import Lists, title

LONGEST_CELL = 32_767
BETWEEN = " | "
_RISKY = re.compile(r"'*[=+\-@\t\r]")
# What no XML may hold, so no cell either.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_DAY = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_ISO_DAY = re.compile(r"([0-9]{4})[/.-]([0-9]{1,2})[/.-]([0-9]{1,2})")
# Days that a spreadsheet counts from 1900: 1954 to 2119. A date whose cell lost its format is such a number.
_SERIALS = range(20_000, 80_000)


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula, now or after it was saved as CSV; `unguarded` takes it back."""
    text = _FORBIDDEN.sub("", text)[: LONGEST_CELL - 1]
    return f"'{text}" if _RISKY.match(text) else text


def unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and _RISKY.match(text) else text


def clean_words(text: str) -> str:
    """A text as a cell gives it back: no direction marks, one kind of line break, no space at the ends of lines."""
    plain = _FORBIDDEN.sub("", strip_bidi(text)).replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(line.strip() for line in plain.split("\n")).strip()


@dataclass(frozen=True)
class Cell:
    """What a cell holds: a value of the spreadsheet, and whether it is a formula."""

    value: Any
    formula: bool = False

    @property
    def shown(self) -> str:
        return str(self.value)


def plain(cell: Cell):
    """The value in `cell`: None where it is empty, texts without guard and marks. Raises Refused for formulas."""
    value = cell.value
    if cell.formula or (isinstance(value, str) and value.startswith("=")):
        raise Refused(_("The cell holds a formula; write the value itself."), "formula", cell.shown)
    if isinstance(value, str):
        return clean_words(unguarded(value)) or None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def written(value) -> str:
    """A value as text, whatever the spreadsheet took it for."""
    if isinstance(value, bool):
        raise Refused(_("This reads as yes or no; write words."), "not_text", value)
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()
    return "" if value is None else str(value)


class Reading:
    """Reads the cells of one row: `read(column, value)`; `currency` is that of the row."""

    def __init__(self, lists: Lists):
        self.lists = lists
        self.currency = "IQD"

    def read(self, column, value) -> Any:
        return getattr(self, f"_{column.kind}")(column, value)

    def _text(self, column, value):
        return values.text(written(value), column.longest)

    _lines = _version = _text

    def _code(self, column, value):
        text = self._text(column, value)
        return self._known(column, text) if text and column.codes else text

    def _key(self, column, value):
        text = self._text(column, value)
        if text and not ROW_KEY.regex.match(text):
            raise Refused(_("“%(key)s” is not a row key.") % {"key": text}, "row_key", text)
        return text

    def _tag(self, column, value):
        text = self._text(column, value)
        if text and not TAG.regex.match(text):
            raise Refused(TAG.message, "tag", text)
        return text

    def _known(self, column, value):
        text = values.text(written(value))
        code = self.lists.find(column.codes, text)
        if code is None:
            codes = self.lists.codes(column.codes)
            kind = title(column.codes)
            message = (
                _("There is no %(kind)s with the code “%(code)s”.") % {"kind": kind, "code": text}
                if kind
                else _("“%(value)s” is not known here.") % {"value": text}
            )
            raise Refused(message + self._nearest(text, codes), "unknown_code", text)
        return code

    def _nearest(self, text, codes):
        names = {name: code for code, every in codes.items() for name in every.values() if name}
        return values.nearest(text, [*codes, *names], names)

    def _choice(self, column, value):
        """A code; blank leaves it to the model's default."""
        return None if value is None else self._known(column, value)

    def _number_choice(self, column, value):
        return None if value is None else int(self._known(column, to_ascii_digits(written(value))))

    def _needed(self, column, value):
        if value is None:
            raise Refused(_("A value is needed here."), "missing")
        return self._known(column, value)

    _needed_record = _needed

    def _optional(self, column, value):
        return "" if value is None else self._known(column, value)

    _record = _optional

    def _codes(self, column, value):
        found = []
        for part in re.split(r"[|,،;؛\n]", written(value)):
            if part.strip():
                code = self._known(column, part.strip())
                if code in found:
                    raise Refused(_("“%(code)s” is listed twice.") % {"code": code}, "duplicate", code)
                found.append(code)
        return found

    def _yes_no(self, column, value):
        if value is None or isinstance(value, bool):
            return bool(value)
        return self._known(column, value) == "yes"

    def _whole(self, column, value):
        return None if value is None else values.whole(value, 0, 100_000)

    def _few(self, column, value):
        return None if value is None else values.whole(value, 0, 50)

    def _count(self, column, value):
        return 0 if value is None else values.whole(value, 0, 50)

    def _money(self, column, value):
        if value is None:
            return None
        exponent = currency_exponent(self.currency)
        if not exponent:
            return values.whole(value)
        minor = values.number(value).scaleb(exponent)
        if minor != minor.to_integral_value():
            message = _("The currency %(currency)s has %(places)s decimals.")
            raise Refused(message % {"currency": self.currency, "places": exponent}, "decimals", value)
        return values.whole(minor)

    def _percent(self, column, value):
        if value is None:
            return None
        if isinstance(value, str):
            value = value.rstrip("%٪ ")
        # Zero is for the model to judge, which knows the kind of the fee.
        return values.percent(value) if values.number(value) else "0.00"

    def _date(self, column, value):
        return None if value is None else day(value)

    def _https(self, column, value):
        return "" if value is None else values.https(written(value))

    def _url(self, column, value):
        text = values.text(written(value), 500)
        try:
            if text:
                URLValidator(schemes=["http", "https"])(text)
        except ValidationError as error:
            raise Refused(error.messages[0], "url", text) from error
        return text

    def _email(self, column, value):
        text = values.text(written(value), 254)
        try:
            if text:
                validate_email(text)
        except ValidationError as error:
            raise Refused(error.messages[0], "email", text) from error
        return text

    def _user(self, column, value):
        return "" if value is None else self._known(column, value)

    def _reason(self, column, value):
        text = self._text(column, value)
        if text and len(text) < REASON_LENGTH:
            message = _("A reason has at least %(length)s letters.") % {"length": REASON_LENGTH}
            raise Refused(message, "short", text)
        return text


def day(value) -> str:
    """A date as YYYY-MM-DD: of the spreadsheet, its bare number, ISO, or day/month/year as Iraq writes it."""
    if isinstance(value, int) and not isinstance(value, bool) and value in _SERIALS:
        value = from_excel(value)
    if isinstance(value, datetime.datetime | datetime.date):
        return values.date(value)
    text = to_ascii_digits(strip_bidi(written(value))).strip()
    if match := _DAY.fullmatch(text):
        text = "-".join(reversed(match.groups()))
    if match := _ISO_DAY.fullmatch(text):
        year, month, number = match.groups()
        text = f"{year}-{month:0>2}-{number:0>2}"
    return values.date(text)


def cell_value(column, value, currency="IQD"):
    """What goes into the cell of a plain value."""
    if value is None or value == "":
        return None
    if column.kind == "yes_no":
        return "yes" if value else "no"
    if column.kind == "codes":
        return guarded(BETWEEN.join(value)) or None
    if column.kind == "money":
        amount = Decimal(minor_to_text(value, currency))
        return int(amount) if amount == amount.to_integral_value() else amount
    if column.kind == "percent":
        return Decimal(value)
    if column.kind == "date":
        return datetime.date.fromisoformat(value)
    if isinstance(value, int):
        return value
    return guarded(str(value)) or None

"""Cells to the plain values of their columns, and plain values to cells."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _

from egov_cms.language import currency_exponent, minor_to_text, to_ascii_digits
from egov_cms.services.answers import REASON_LENGTH
from egov_cms.services.importing.vocabularies import Vocabularies, unknown_code
from egov_cms.services.models.rows import ROW_KEY, TAG
from egov_cms.tabular import Cell, InvalidValue, Kind, values

BETWEEN = " | "
MOST_SUGGESTIONS = 1_000


class CellReader:
    """Reads the cells of one row: `read(column, value)`, with what `tabular.values.plain` made of the cell.

    currency: that of the row. calendar: that of the workbook.
    """

    def __init__(self, vocabularies: Vocabularies, calendar: int = 1900):
        self.vocabularies = vocabularies
        self.calendar = calendar
        self.currency = "IQD"
        self.suggestions = 0

    def read(self, column, value) -> Any:
        return getattr(self, f"_{column.kind}")(column, value)

    def _text(self, column, value):
        return _text(value, column.longest)

    _lines = _version = _text

    def _code(self, column, value):
        text = self._text(column, value)
        return self._entry(column, text) if text and column.codes else text

    def _key(self, column, value):
        text = self._text(column, value)
        if text and not ROW_KEY.regex.match(text):
            raise InvalidValue(_("“%(key)s” is not a row key.") % {"key": text}, "row_key", text)
        return text

    def _tag(self, column, value):
        text = self._text(column, value)
        if text and not TAG.regex.match(text):
            raise InvalidValue(TAG.message, "tag", text)
        return text

    def _entry(self, column, value):
        """The code that a text means in the column's vocabulary."""
        text = _text(value)
        code = self.vocabularies.find(column.codes, text)
        if code is None:
            message = unknown_code(column.codes, text) + self._suggestion(column, text)
            raise InvalidValue(message, "unknown_code", text)
        return code

    def _suggestion(self, column, text):
        """The nearest code. It takes longer than anything else here, so a file that is wrong throughout gets only some."""
        self.suggestions += 1
        if self.suggestions > MOST_SUGGESTIONS:
            return ""
        codes = self.vocabularies.codes(column.codes)
        names = {name: code for code, every in codes.items() for name in every.values() if name}
        return values.nearest(text, [*codes, *names], names)

    def _choice(self, column, value):
        """A code; blank leaves it to the model's default."""
        return None if value is None else self._entry(column, value)

    def _number_choice(self, column, value):
        return None if value is None else int(self._entry(column, to_ascii_digits(values.text(value))))

    def _required(self, column, value):
        if value is None:
            raise InvalidValue(_("A value is needed here."), "missing")
        return self._entry(column, value)

    _required_record = _required

    def _optional(self, column, value):
        return "" if value is None else self._entry(column, value)

    _record = _user = _optional

    def _codes(self, column, value):
        found = []
        for part in re.split(r"[|,،;؛\n]", values.text(value)):
            if part.strip():
                code = self._entry(column, part.strip())
                if code in found:
                    raise InvalidValue(_("“%(code)s” is listed twice.") % {"code": code}, "duplicate", code)
                found.append(code)
        return found

    def _yes_no(self, column, value):
        return False if value is None else values.yes_no(value)

    def _whole(self, column, value):
        return None if value is None else values.whole(value, 0, 100_000)

    def _few(self, column, value):
        return None if value is None else values.whole(value, 0, 50)

    def _count(self, column, value):
        return 0 if value is None else values.whole(value, 0, 50)

    def _money(self, column, value):
        if value is None:
            return None
        return values.money(value, currency_exponent(self.currency), currency=self.currency)

    def _percent(self, column, value):
        # Zero is for the model to judge, which knows the kind of the fee.
        return None if value is None else values.percent(value, allow_zero=True)

    def _date(self, column, value):
        return None if value is None else values.date(value, calendar=self.calendar).isoformat()

    def _https(self, column, value):
        return "" if value is None else values.https(value)

    def _url(self, column, value):
        return self._valid(URLValidator(schemes=["http", "https"]), "url", _text(value, 500))

    def _email(self, column, value):
        return self._valid(validate_email, "email", _text(value, 254))

    def _valid(self, validate, code, text):
        try:
            if text:
                validate(text)
        except ValidationError as error:
            raise InvalidValue(error.messages[0], code, text) from error
        return text

    def _reason(self, column, value):
        text = self._text(column, value)
        if text and len(text) < REASON_LENGTH:
            message = _("A reason has at least %(length)s letters.") % {"length": REASON_LENGTH}
            raise InvalidValue(message, "short", text)
        return text


def _text(value, longest=0) -> str:
    """A plain value as text. What `tabular.values.plain` made of a text is no formula any more, so it is not read again."""
    if not isinstance(value, str):
        return values.text(value, longest)
    if longest and len(value) > longest:
        message = _("The text has %(length)s letters; at most %(longest)s fit.")
        raise InvalidValue(message % {"length": len(value), "longest": longest}, "too_long", value[:60])
    return value


def cell_value(column, value, currency="IQD"):
    """What the cell of a plain value holds."""
    if value is None or value == "":
        return None
    if column.kind == "yes_no":
        return "yes" if value else "no"
    if column.kind == "codes":
        return BETWEEN.join(value) or None
    if column.kind == "money":
        amount, places = Decimal(minor_to_text(value, currency)), currency_exponent(currency)
        shown = "#,##0" if amount == amount.to_integral_value() else f"#,##0.{'0' * places}"
        return Cell(amount, Kind.NUMBER, 0, 0, shown)
    if column.kind == "percent":
        return Decimal(value)
    if column.kind == "date":
        return datetime.date.fromisoformat(value)
    return value if isinstance(value, int) else str(value)

"""Typed cells: what stands in a cell, of what kind it is, how it is shown, and where it stands."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from egov_cms.tabular.number_formats import describe

_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")


class Kind(StrEnum):
    """The kinds of cells. `DATE` holds a date or a datetime; `ERROR` the name of the error, such as #N/A."""

    EMPTY = "empty"
    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    TIME = "time"
    DURATION = "duration"
    ERROR = "error"


class Cell(NamedTuple):
    """One cell of a sheet or a text file.

    value: None, str, int, Decimal, bool, date, datetime, time, timedelta; for an error its name as text. Of a formula
    the value that the program stored; None when it stored none.
    row, column: counted from 1, as the file counts.
    number_format: the format code of the spreadsheet ("General", "0%", "yyyy-mm-dd"); empty in text files.
    formula: the text of the formula with its "=", None where the cell holds none. In a group of cells that share one
    formula all have the text of the first.
    """

    value: Any
    kind: Kind
    row: int
    column: int
    number_format: str = ""
    formula: str | None = None

    @property
    def address(self) -> str:
        """Where the cell stands: "B12"."""
        return f"{column_letters(self.column)}{self.row}"

    @property
    def error(self) -> str:
        """The error that stands in the cell ("#REF!"), else an empty text."""
        return self.value if self.kind is Kind.ERROR else ""

    @property
    def is_empty(self) -> bool:
        """Nothing stands here, no formula either."""
        return self.kind is Kind.EMPTY and self.formula is None

    @property
    def is_uncalculated(self) -> bool:
        """A formula whose result the program that wrote the file did not store."""
        return self.kind is Kind.EMPTY and self.formula is not None

    @property
    def is_percentage(self) -> bool:
        """A number that the spreadsheet shows with a percent sign: the value 0.04 is read by people as 4 %."""
        return self.kind is Kind.NUMBER and describe(self.number_format).percent

    @property
    def percentage(self) -> Decimal:
        """The number in hundredths: 4 for a cell that shows 4%."""
        return Decimal(self.value).scaleb(2)

    @property
    def text(self) -> str:
        """The value as text in machine form: 4%, 2026-01-31, 08:30, 00712 (where the format asks for zeros)."""
        value = self.value
        if value is None:
            return ""
        if isinstance(value, str):
            return value
        if self.kind is Kind.NUMBER:
            return self._number_text()
        return value_text(value)

    def _number_text(self) -> str:
        shown = describe(self.number_format)
        if shown.percent:
            return value_text(self.percentage) + "%"
        if shown.zeros and isinstance(self.value, int) and self.value >= 0:
            return str(self.value).zfill(shown.zeros)
        return value_text(self.value)


class Row(NamedTuple):
    """The cells of one row up to the last that holds anything; `number` is that of the file.

    last_line: in a text file the line on which the row ends, because a quoted cell may run over several.
    """

    number: int
    cells: list[Cell]
    hidden: bool = False
    last_line: int = 0


def value_text(value) -> str:
    """A plain value as text in machine form, without exponent, without superfluous zeros or midnight."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal):
        return _decimal_text(value)
    if isinstance(value, datetime.datetime):
        has_time = value.time() != datetime.time() or value.tzinfo
        return value.isoformat(" ") if has_time else value.date().isoformat()
    if isinstance(value, datetime.time):
        precise = value.second or value.microsecond
        return value.isoformat() if precise else value.isoformat("minutes")
    if isinstance(value, datetime.timedelta):
        return _duration_text(value)
    return str(value)


def _decimal_text(value):
    if not value.is_finite():
        return str(value)
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _duration_text(value):
    sign = "-" if value < datetime.timedelta() else ""
    seconds = abs(value) // datetime.timedelta(seconds=1)
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{sign}{hours:02}:{minutes:02}" + (f":{seconds:02}" if seconds else "")


@lru_cache(maxsize=20_000)
def column_letters(number: int) -> str:
    """The letters of a column: 1 → "A", 28 → "AB"."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@lru_cache(maxsize=20_000)
def column_number(letters: str) -> int:
    """The number of a column: "AB" → 28. ValueError for what are no letters A to Z."""
    number = 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z":
            raise ValueError(f"No column: {letters!r}")
        number = number * 26 + ord(letter) - 64
    return number


def position(address: str) -> tuple[int, int]:
    """(row, column) of an address such as "B12" or "$B$12". ValueError for anything else."""
    match = _ADDRESS.fullmatch(address)
    if not match:
        raise ValueError(f"No address of a cell: {address!r}")
    return int(match[2]), column_number(match[1])

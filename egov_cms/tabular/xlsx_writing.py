"""Tables to an XLSX workbook, row by row: memory does not grow with the rows.

    write_xlsx([Table("Fees", [Column("code", width=14), Column("amount", number_format="#,##0.##")], rows)]) -> bytes

The same tables make the same bytes, so that a file can be kept under the hash of its content.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter

from egov_cms.tabular.cells import Cell, Kind, column_letters, value_text
from egov_cms.tabular.formulas import guarded
from egov_cms.tabular.serials import DIGITS, PRECISION
from egov_cms.tabular.texts import without_forbidden

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_TEXT = 32_767
LONGEST_TITLE = 31
MOST_ROWS = 1_048_576
WIDEST = 60
NARROWEST = 8
# What Excel takes of the two texts that explain a refused value.
LONGEST_ERROR_TITLE, LONGEST_ERROR = 32, 255
# What a list of words in a drop-down may have; longer ones stand on a sheet (`list_range`).
LONGEST_CHOICES = 255
HEADING = {"bold": True, "bg_color": "#DDE7EE", "align": "center", "valign": "vcenter"}
COMMENT = {"author": "egov-cms", "width": 320, "height": 220}
DATE, DATETIME, TIME, DURATION = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "hh:mm:ss", "[h]:mm:ss"
RIGHT_TO_LEFT, LEFT_TO_RIGHT = "rtl", "ltr"
_ORDERS = {"": 0, LEFT_TO_RIGHT: 1, RIGHT_TO_LEFT: 2}
_EARLIEST = datetime.date(1900, 1, 1)
_LARGEST_NUMBER = 10**DIGITS
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\]")
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@dataclass(frozen=True)
class Column:
    """One column of a sheet.

    width: in letters; None fits the longest of its texts, within bounds. number_format: a format code for its numbers
    and dates. direction: "rtl" or "ltr" where the words of the column have one of their own. wrap: long texts run over
    several lines. side: "left", "right" or "center". comment: a note at the heading. choices: what its drop-down offers,
    as a range of another sheet (`list_range`) or as words. strict: other values are refused, with `error_title`, `error`.
    """

    title: str
    width: float | None = None
    number_format: str = ""
    direction: str = ""
    wrap: bool = False
    side: str = ""
    comment: str = ""
    choices: str | Sequence[str] = ""
    strict: bool = True
    error_title: str = ""
    error: str = ""


@dataclass(frozen=True)
class Table:
    """One sheet: its columns and an iterable of rows, which is read once.

    A value is None, str, int, Decimal, float, bool, date, datetime, time, timedelta or a `Cell`; everything else is
    written as its text. Numbers of more than 15 digits become text, since Excel would lose the rest. rtl: columns run from
    right to left. frozen_columns: stay in sight. guard: texts that would run as formulas once the sheet is saved as CSV
    get an apostrophe. spare_rows: rows below the last one that have drop-downs too.
    """

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]] = field(repr=False)
    rtl: bool = False
    frozen_columns: int = 0
    guard: bool = True
    spare_rows: int = 1000


def write_xlsx(tables: Iterable[Table], target: Path | BinaryIO | None = None) -> bytes:
    """The workbook, into `target` (a path or an open file; then b"" is returned) or as bytes.

    ValueError where a table has more rows than a sheet holds.
    """
    out = BytesIO() if target is None else target
    book = xlsxwriter.Workbook(str(out) if isinstance(out, Path) else out, _OPTIONS)
    book.set_properties({"created": datetime.datetime(2000, 1, 1)})
    formats = _Formats(book)
    titles: set[str] = set()
    for table in tables:
        _write(book.add_worksheet(sheet_title(table.title, titles)), table, formats)
    if not titles:
        book.add_worksheet()
    book.close()
    return out.getvalue() if target is None else b""


def sheet_title(title: str, taken: set[str]) -> str:
    """A title that a workbook accepts and that no other sheet has; it is added to `taken`."""
    clean = _NOT_IN_TITLES.sub(" ", without_forbidden(str(title))).strip(" '")[:LONGEST_TITLE].strip(" '")
    found, number = clean or "Sheet", 1
    while found.casefold() in taken:
        number += 1
        found = f"{(clean or 'Sheet')[: LONGEST_TITLE - 4]} {number}"
    taken.add(found.casefold())
    return found


class _Formats:
    """Each format once, whatever asks for it."""

    def __init__(self, book):
        self.book = book
        self.made: dict[tuple, Any] = {}

    def get(self, column: Column | None, number_format: str = ""):
        """The format of a cell in `column` with this number format; of a heading for None."""
        if column is None:
            key, wanted = ("heading",), HEADING
        else:
            code = number_format
            key = (code, column.direction, column.wrap, column.side)
            wanted = {
                "num_format": code or "General",
                "reading_order": _ORDERS[column.direction],
                "text_wrap": column.wrap,
                "valign": "top",
                **({"align": column.side} if column.side else {}),
            }
        if key not in self.made:
            self.made[key] = self.book.add_format(wanted)
        return self.made[key]


def _write(sheet, table, formats):
    if table.rtl:
        sheet.right_to_left()
    sheet.freeze_panes(1, table.frozen_columns)
    longest = [len(str(column.title)) for column in table.columns]
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, _text(str(column.title), table.guard), formats.get(None))
        if column.comment:
            sheet.write_comment(0, place, _text(str(column.comment), False), COMMENT)
    plain = [formats.get(column, column.number_format) for column in table.columns]
    number = 0
    for number, row in enumerate(table.rows, 1):
        if number >= MOST_ROWS:
            raise ValueError(f"A sheet holds at most {MOST_ROWS - 1} rows below its heading.")
        row = tuple(row)
        if len(row) > len(plain):
            raise ValueError(f"Row {number} of “{table.title}” has more values than there are columns.")
        for place, value in enumerate(row):
            if value is None or value == "":
                continue
            column = table.columns[place]
            width = _write_cell(sheet, number, place, value, column, plain[place], formats, table.guard)
            if width > longest[place]:
                longest[place] = width
    for place, column in enumerate(table.columns):
        width = min(max(longest[place] + 2, NARROWEST), WIDEST) if column.width is None else column.width
        sheet.set_column(place, place, width)
        if column.choices:
            _add_choices(sheet, place, column, number + table.spare_rows)


def _write_cell(sheet, number, place, value, column, style, formats, guard) -> int:
    """Write a value; returns how many letters wide it is."""
    code = column.number_format
    if isinstance(value, Cell):
        if value.kind is Kind.EMPTY:
            return 0
        code = code or (value.number_format if value.number_format != "General" else "")
        value = value.value
        style = formats.get(column, code)
    if isinstance(value, bool):
        sheet.write_boolean(number, place, value, style)
        return 5
    if isinstance(value, int | float | Decimal) and _fits(value):
        sheet.write_number(number, place, value, style)
        return len(str(value))
    if shown := _calendar_format(value):
        sheet.write_datetime(number, place, value, style if code else formats.get(column, shown))
        return 10
    text = _text(value if isinstance(value, str) else value_text(value), guard)
    sheet.write_string(number, place, text, style)
    return max(map(len, text.split("\n"))) if "\n" in text else len(text)


def _fits(number) -> bool:
    """Does Excel keep all digits of the number?"""
    if isinstance(number, int):
        return -_LARGEST_NUMBER < number < _LARGEST_NUMBER
    if isinstance(number, float):
        return number - number == 0
    if not number.is_finite() or number.adjusted() >= DIGITS or number.adjusted() < -300:
        return False
    digits = number.as_tuple().digits
    return len(digits) <= PRECISION and len(number.normalize().as_tuple().digits) <= DIGITS


def _calendar_format(value) -> str:
    """The format of a date or time; empty for what is none, or none that Excel can count."""
    if isinstance(value, datetime.datetime):
        return DATETIME if value.date() >= _EARLIEST and value.tzinfo is None else ""
    if isinstance(value, datetime.date):
        return DATE if value >= _EARLIEST else ""
    if isinstance(value, datetime.time):
        return TIME if value.tzinfo is None else ""
    if isinstance(value, datetime.timedelta):
        return DURATION if value >= datetime.timedelta() else ""
    return ""


def _text(text, guard) -> str:
    text = without_forbidden(text).replace("\r\n", "\n").replace("\r", "\n")
    if guard:
        text = guarded(text)
    if len(text) > LONGEST_TEXT // 2 and len(text.encode("utf-16-le")) > 2 * LONGEST_TEXT:
        # Excel counts in units of UTF-16 and declares the file damaged beyond.
        text = text.encode("utf-16-le")[: 2 * LONGEST_TEXT - 2].decode("utf-16-le", "ignore") + "…"
    return text


def _add_choices(sheet, place, column, last):
    if not isinstance(column.choices, str):
        words = [str(each) for each in column.choices]
        if len(",".join(words)) > LONGEST_CHOICES or any("," in word for word in words):
            raise ValueError(f"These choices of “{column.title}” must stand on a sheet: see list_range.")
    source = column.choices if isinstance(column.choices, str) else [str(each) for each in column.choices]
    sheet.data_validation(
        1,
        place,
        min(last, MOST_ROWS - 1),
        place,
        {
            "validate": "list",
            "source": f"={source.removeprefix('=')}" if isinstance(source, str) else source,
            "show_error": column.strict,
            "error_title": str(column.error_title)[:LONGEST_ERROR_TITLE],
            "error_message": str(column.error)[:LONGEST_ERROR],
        },
    )


def list_range(sheet: str, column: int, first: int, last: int) -> str:
    """The range of one column of another sheet for `Column.choices`: ("Lists", 1, 2, 9) → 'Lists'!$A$2:$A$9."""
    letters = column_letters(column)
    quoted = (
        sheet if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", sheet) else "'{}'".format(sheet.replace("'", "''"))
    )
    return f"{quoted}!${letters}${first}:${letters}${last}"

"""The cells of one row of an XLSX sheet, from what its XML says of each."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from egov_cms.tabular.cells import Cell, Kind, Row, column_number
from egov_cms.tabular.limits import Meter
from egov_cms.tabular.number_formats import GENERAL, describe
from egov_cms.tabular.packages import damaged
from egov_cms.tabular.serials import exact, from_serial
from egov_cms.tabular.unreadable import UnreadableFile
from egov_cms.tabular.xlsx_texts import unescaped

# A formula as it stands in the XML, from its name to its text: f>A1*2, f t="shared" si="0"/.
_GROUP = re.compile(r'f [^>]*?\bt="shared"[^>]*?\bsi="([0-9]+)"|f [^>]*?\bsi="([0-9]+)"[^>]*?\bt="shared"')
_new = tuple.__new__
_MOST_COLUMNS = 2**20


class NotPlain(Exception):
    """A row holds more than plain cells: the XML parser has to read it."""


class RowBuilder:
    """Makes rows of `raw` cells: (letters of the column, style, type, formula, value, text in the cell, anything else).

    All are texts as they stand in the XML, empty where there is nothing.
    """

    def __init__(self, texts: Sequence[str], formats: list[str], calendar: int, meter: Meter):
        self.texts = texts
        self.formats = formats or [GENERAL]
        self.calendar = calendar
        self.meter = meter
        self._shown = [describe(code) for code in self.formats]
        self._counts = [not shown.is_calendar for shown in self._shown]
        self._columns: dict[str, int] = {}
        self._shared: dict[str, str] = {}

    def row(self, number: int, hidden: bool, raw: Iterable[tuple]) -> Row | None:
        """The row, None where nothing stands in it. NotPlain where a raw cell has something else.

        Raises UnreadableFile for a damaged cell and for a row beyond the limits.
        """
        # No attributes and no calls for the usual cell: this runs for each of millions.
        texts, formats, counts, columns = self.texts, self.formats, self._counts, self._columns
        of_text, of_number, make = Kind.TEXT, Kind.NUMBER, exact
        cells: list[Cell] = []
        place = cells.append
        column = filled = 0
        for letters, style, kind, formula, value, inline, other in raw:
            if letters:
                column = columns.get(letters) or self._column(letters)
            elif other:
                raise NotPlain
            else:
                column += 1
            if not value and not formula and not inline:
                continue
            index = int(style) if style else 0
            if index >= len(formats):
                index = 0
            if formula:
                cell = self._other(kind, formula, value, inline, number, column, index)
            elif kind == "s":
                try:
                    text = texts[int(value)]
                except (IndexError, ValueError) as error:
                    raise self._damage(number, column) from error
                cell = _new(Cell, (text, of_text, number, column, formats[index], None)) if text else None
            elif kind in ("", "n") and counts[index]:
                try:
                    cell = _new(Cell, (make(value), of_number, number, column, formats[index], None))
                except ValueError as error:
                    raise self._damage(number, column) from error
            else:
                cell = self._other(kind, formula, value, inline, number, column, index)
            if cell is None:
                continue
            filled += 1
            if column == len(cells) + 1:
                place(cell)
            else:
                self._place(cell, cells)
        if not cells:
            return None
        self.meter.row(len(cells), number)
        return _new(Row, (number, cells, hidden, 0))

    def _column(self, letters):
        try:
            found = column_number(letters.replace("$", ""))
        except ValueError as error:
            raise damaged(letters[:20]) from error
        if not 0 < found <= _MOST_COLUMNS:
            raise damaged(letters[:20])
        self._columns[letters] = found
        return found

    def _place(self, cell, cells):
        """Put a cell where it belongs; columns between filled ones hold empty cells."""
        if cell.column <= len(cells):
            cells[cell.column - 1] = cell
            return
        if cell.column > self.meter.limits.columns:
            self.meter.row(cell.column, cell.row)
        first = len(cells) + 1
        cells += [
            _new(Cell, (None, Kind.EMPTY, cell.row, each, "", None)) for each in range(first, cell.column)
        ]
        cells.append(cell)

    def _other(self, kind, formula, value, inline, number, column, index):
        """Cells that are rarer than plain texts and numbers. None where nothing stands."""
        formula = self._formula(formula) if formula else None
        if kind in ("s", "str", "inlineStr", "e", "d"):
            found = self._worded(kind, value, inline, number, column)
        elif not value.strip():
            found = None, Kind.EMPTY
        elif kind == "b":
            found = value.strip() in ("1", "true"), Kind.BOOLEAN
        else:
            try:
                found = counted(exact(value), self._shown[index], self.calendar)
            except ValueError as error:
                raise self._damage(number, column) from error
        if found[1] is Kind.EMPTY and formula is None:
            return None
        return _new(Cell, (*found, number, column, self.formats[index], formula))

    def _formula(self, raw):
        """The text of a formula; of one that cells share it stands at the first only."""
        text = raw.partition(">")[2]
        if group := _GROUP.match(raw):
            name = group[1] or group[2]
            text = self._shared.setdefault(name, text) if text else self._shared.get(name, "")
        return f"={text}"

    def _worded(self, kind, value, inline, number, column):
        if kind == "e":
            return value.strip() or "#ERROR", Kind.ERROR
        if kind == "d":
            return iso_value(value.strip())
        if kind == "s":
            try:
                text = self.texts[int(value)] if value else ""
            except (IndexError, ValueError) as error:
                raise self._damage(number, column) from error
        else:
            text = unescaped(inline or value)
        if len(text) > self.meter.limits.cell_letters:
            raise UnreadableFile(_("The texts of the workbook are longer than can be read."), "too_long")
        return (text, Kind.TEXT) if text else (None, Kind.EMPTY)

    def _damage(self, number, column):
        return damaged(Cell(None, Kind.EMPTY, number, column).address)


def counted(number, shown, calendar) -> tuple:
    """(value, kind) of a stored number as its format shows it."""
    if shown.is_calendar:
        value = from_serial(number, shown, calendar)
        if value is not None:
            return value, kind_of_moment(value)
    return number, Kind.NUMBER


def kind_of_moment(value) -> Kind:
    """The kind of a date, time or duration."""
    if isinstance(value, datetime.date):
        return Kind.DATE
    return Kind.TIME if isinstance(value, datetime.time) else Kind.DURATION


def iso_value(text: str) -> tuple:
    """(value, kind) of a cell that says its date in words of ISO 8601, as strict workbooks may."""
    clean = text.removesuffix("Z")
    try:
        if "T" not in clean and ":" in clean:
            return datetime.time.fromisoformat(clean), Kind.TIME
        moment = datetime.datetime.fromisoformat(clean)
    except ValueError:
        return (text, Kind.TEXT) if text else (None, Kind.EMPTY)
    return (moment if "T" in clean else moment.date()), Kind.DATE

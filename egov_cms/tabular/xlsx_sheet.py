"""One sheet of an XLSX package to rows of cells, as a stream.

Read with expat: openpyxl takes seven times as long; python-calamine gives error cells as empty ones and knows no formats.
What a sheet claims of itself (dimension, spans) is not looked at.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from egov_cms.tabular.cells import Cell, Kind, Row, column_number, position
from egov_cms.tabular.layout import Layout, Range
from egov_cms.tabular.limits import Meter
from egov_cms.tabular.number_formats import GENERAL, describe
from egov_cms.tabular.packages import damaged
from egov_cms.tabular.serials import exact, from_serial
from egov_cms.tabular.unreadable import UnreadableFile
from egov_cms.tabular.xlsx_package import unescaped
from egov_cms.tabular.xml_reader import feed, parser

_new = tuple.__new__
_DIGITS = "0123456789"


class SheetReader:
    """Reads a sheet once: `rows(stream)` yields them; `layout` is whole when all were read."""

    def __init__(self, texts, formats: list[str], calendar: int, meter: Meter):
        self.texts = texts
        self.formats = formats or [GENERAL]
        self.calendar = calendar
        self.meter = meter
        self.layout = Layout()
        self._shared: dict[str, str] = {}
        self._shown = [(code, describe(code)) for code in self.formats]

    def rows(self, stream: BinaryIO) -> Iterator[Row]:
        """The rows that hold anything. Raises UnreadableFile for what is damaged or beyond the limits."""
        found: list[Row] = []
        xml = parser()
        self._handle(xml, found)
        for _part in feed(xml, stream):
            yield from found
            found.clear()

    def _handle(self, xml, found):
        # Local names of functions, no attributes and no calls: this runs five times for every cell.
        texts, formats, meter, layout = self.texts, self.formats, self.meter, self.layout
        other, damage = self._other, self._damage
        plain = [not shown.is_calendar for _code, shown in self._shown]
        of_text, of_number, of_nothing = Kind.TEXT, Kind.NUMBER, Kind.EMPTY
        cell_name = value_name = row_name = text_name = ""
        attributes: dict = {}
        cells: list[Cell] = []
        pieces: list[str] = []
        number = column = filled = 0
        value = formula = None
        hidden = is_text = False
        columns: dict[str, int] = {}

        def first(name, given):
            """The root says which namespace the sheet is written in: transitional or strict."""
            nonlocal cell_name, value_name, row_name, text_name
            space = name.rpartition(" ")[0]
            space = f"{space} " if space else ""
            cell_name, value_name, row_name, text_name = (space + each for each in ("c", "v", "row", "t"))
            xml.StartElementHandler = start

        def start(name, given):
            nonlocal attributes, value, formula, number, column, cells, filled, hidden, is_text
            if name == cell_name:
                attributes = given
                value = formula = None
            elif name in (value_name, text_name):
                is_text = True
                pieces.clear()
            elif name == row_name:
                reference = given.get("r")
                number = number + 1 if reference is None else _row_number(reference)
                cells, column, filled = [], 0, 0
                hidden = given.get("hidden") in ("1", "true")
                if hidden:
                    layout.hidden_rows.add(number)
            else:
                special(name, given)

        def special(name, given):
            nonlocal is_text, formula
            local = name.rpartition(" ")[2]
            if local == "f":
                is_text = True
                pieces.clear()
                formula = given.get("si", "") if given.get("t") == "shared" else ""
            elif local == "rPh":
                xml.StartElementHandler, xml.EndElementHandler = skipped_start, skipped_end
            elif local == "mergeCell":
                layout.merged.append(Range.parse(given.get("ref", "")))
            elif local == "col" and given.get("hidden") in ("1", "true"):
                layout.hide_columns(given.get("min"), given.get("max"), meter.limits.columns)

        def end(name):
            nonlocal value, is_text, column, filled, formula
            if name == value_name:
                value = "".join(pieces)
                is_text = False
            elif name == cell_name:
                reference = attributes.get("r")
                if reference is None:
                    column += 1
                else:
                    letters = reference.rstrip(_DIGITS)
                    if letters in columns:
                        column = columns[letters]
                    else:
                        column = columns[letters] = _column(reference)
                if value is None and formula is None:
                    return
                style = attributes.get("s")
                style = 0 if style is None else int(style) if style.isdigit() else 0
                kind = attributes.get("t")
                if style >= len(formats):
                    style = 0
                if kind == "s" and formula is None:
                    try:
                        text = texts[int(value)]
                    except (IndexError, ValueError) as error:
                        raise damage(number, column) from error
                    cell = _new(Cell, (text, of_text, number, column, formats[style], None))
                    if not text:
                        return
                elif (kind is None or kind == "n") and formula is None and plain[style] and value:
                    try:
                        cell = _new(Cell, (exact(value), of_number, number, column, formats[style], None))
                    except ValueError as error:
                        raise damage(number, column) from error
                else:
                    cell = other(kind, value, formula, number, column, style)
                    if cell is None:
                        return
                place(cell)
            elif name == row_name:
                if cells:
                    meter.row(len(cells), number)
                    found.append(_new(Row, (number, cells, hidden, 0)))
            elif name == text_name:
                # Of a text that stands in the cell itself, perhaps in runs.
                value = (value or "") + "".join(pieces)
                is_text = False
            elif is_text:
                formula = self._formula(formula, "".join(pieces))
                is_text = False

        def place(cell):
            """Put a cell into its row; columns between filled ones hold empty cells."""
            missing = column - len(cells) - 1
            if missing < 0:
                cells[column - 1] = cell
                return
            if missing:
                if column > meter.limits.columns:
                    meter.row(column, number)
                cells.extend(
                    [
                        _new(Cell, (None, of_nothing, number, each, "", None))
                        for each in range(len(cells) + 1, column)
                    ]
                )
            cells.append(cell)

        depth = 0

        def skipped_start(_name, _given):
            nonlocal depth
            depth += 1

        def skipped_end(_name):
            nonlocal depth
            if depth == 0:
                xml.StartElementHandler, xml.EndElementHandler = start, end
            else:
                depth -= 1

        def data(text):
            if is_text:
                pieces.append(text)

        xml.StartElementHandler, xml.EndElementHandler, xml.CharacterDataHandler = first, end, data

    def _formula(self, shared, text):
        """The text of a formula; of one that cells share it stands at the first only."""
        if shared:
            text = self._shared.setdefault(shared, text) if text else self._shared.get(shared, "")
        return f"={text}"

    def _other(self, kind, value, formula, number, column, style):
        """Cells that are rarer than plain texts and numbers. None where nothing stands."""
        code, shown = self._shown[style]
        if kind in ("s", "str", "inlineStr", "e", "d"):
            found = self._worded(kind, value, number, column)
        elif value is None or not value.strip():
            found = None, Kind.EMPTY
        elif kind == "b":
            found = value.strip() in ("1", "true"), Kind.BOOLEAN
        else:
            try:
                found = counted(exact(value), shown, self.calendar)
            except ValueError as error:
                raise self._damage(number, column) from error
        if found[1] is Kind.EMPTY and formula is None:
            return None
        return _new(Cell, (*found, number, column, code, formula))

    def _worded(self, kind, value, number, column):
        if value is None:
            return None, Kind.EMPTY
        if kind == "e":
            return value.strip() or "#ERROR", Kind.ERROR
        if kind == "d":
            return iso_value(value.strip())
        if kind == "s":
            try:
                text = self.texts[int(value)]
            except (IndexError, ValueError) as error:
                raise self._damage(number, column) from error
        else:
            text = unescaped(value)
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


def _row_number(reference):
    if not (reference.isascii() and reference.isdigit()) or not 0 < int(reference) <= 2**31:
        raise damaged(reference[:20])
    return int(reference)


def _column(reference):
    letters = reference.rstrip(_DIGITS)
    try:
        if "$" in reference:
            return position(reference)[1]
        number = column_number(letters)
    except ValueError as error:
        raise damaged(reference[:20]) from error
    if not 0 < number <= 2**20:
        raise damaged(reference[:20])
    return number

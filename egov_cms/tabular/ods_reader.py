"""The content of an ODS package to sheets and rows of cells, as a stream.

Repeated rows and columns (a sheet ends in a million of them) are unfolded only where something stands in them.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import BinaryIO

from egov_cms.tabular.cells import Cell, Kind, Row
from egov_cms.tabular.layout import Layout, Range
from egov_cms.tabular.limits import Meter
from egov_cms.tabular.packages import damaged
from egov_cms.tabular.serials import exact
from egov_cms.tabular.xml_pieces import PieceReader, local_name
from egov_cms.tabular.xml_reader import feed, local, parser

# Names as the parser gives them (OpenDocument 1.3 part 3), and the kind of the value as LibreOffice adds it.
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 "
_STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0 "
_ADDED_TYPE = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 value-type"
_TYPE, _VALUE = f"{_OFFICE}value-type", f"{_OFFICE}value"
_FORMULA, _VISIBILITY = f"{_TABLE}formula", f"{_TABLE}visibility"
_COLUMNS, _ROWS = f"{_TABLE}number-columns-repeated", f"{_TABLE}number-rows-repeated"
_ACROSS, _DOWN = f"{_TABLE}number-columns-spanned", f"{_TABLE}number-rows-spanned"
_HIDDEN = ("collapse", "filter")
_DURATION = re.compile(r"(-?)P(?:([0-9]+)D)?T?(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9.,]+)S)?")
_ERROR = re.compile(r"#[A-Z/0!?]+[!?]?|Err:[0-9]+")
_new = tuple.__new__
_FORMATS = {"percentage": "0%", "date": "yyyy-mm-dd", "time": "hh:mm:ss"}


@dataclass(frozen=True)
class OdsSheet:
    title: str
    visibility: str


def read_sheets(stream: BinaryIO) -> list[OdsSheet]:
    """The sheets in order; their rows are passed over."""
    reader = _SheetsReader()
    for _part in reader.read(stream):
        pass
    return reader.sheets


class _SheetsReader(PieceReader):
    def __init__(self):
        super().__init__()
        self.sheets: list[OdsSheet] = []
        self._hidden: set[str] = set()
        self._style = ""
        self._depth = 0
        self.xml.StartElementHandler, self.xml.EndElementHandler = self._start, self._end_of

    def take(self, piece: str) -> bool:
        # A row with nothing round it and no table in it says nothing of sheets.
        return (
            piece.lstrip().startswith(self._row) and piece.count(self._row) == 1 and self._table not in piece
        )

    def _start(self, name, attributes):
        word, prefix = local_name(name)
        if word == "table" and name.startswith(_TABLE):
            self._depth += 1
            if self._depth == 1:
                state = "hidden" if _get(attributes, f"{_TABLE}style-name") in self._hidden else "visible"
                self.sheets.append(OdsSheet(_get(attributes, f"{_TABLE}name"), state))
                self._row, self._table = f"<{prefix}table-row ", f"<{prefix}table "
                self.begin(prefix, "table-row")
        elif word == "table-row":
            self.is_between = False
        elif word == "style":
            self._style = _get(attributes, f"{_STYLE}name")
        elif word == "table-properties" and _get(attributes, f"{_TABLE}display") == "false":
            self._hidden.add(self._style)

    def _end_of(self, name):
        word = local_name(name)[0]
        if word == "table" and name.startswith(_TABLE):
            self._depth -= 1
            self.is_inside = self.is_between = False
        elif word == "table-row":
            self.is_between = self._depth == 1


def _get(attributes, name) -> str:
    """An attribute whose name the parser gives with its prefix behind."""
    return next((value for key, value in attributes.items() if key.startswith(f"{name} ")), "")


def read_rows(stream: BinaryIO, index: int, meter: Meter, layout: Layout) -> Iterator[Row]:
    """The rows of the sheet with this place in the order that hold anything; `layout` is filled on the way."""
    reader = _Reader(index, meter, layout)
    for _part in feed(reader.xml, stream):
        yield from reader.take()
        if reader.done:
            return


class _Reader:
    """One sheet. `_row_start` and what follows put together what the handlers of the parser find."""

    def __init__(self, index, meter, layout):
        self.index = index
        self.meter = meter
        self.layout = layout
        self.done = False
        self.number = 0
        self.column = 0
        self.columns = 0
        self.cells: list[Cell] = []
        self.waiting: list[tuple[int, int, list[Cell], bool]] = []
        self.xml = parser()
        self._handle(self.xml)

    def take(self) -> Iterator[Row]:
        for number, times, cells, hidden in self.waiting:
            for each in range(number, number + times):
                self.meter.row(len(cells), each)
                # Every row has cells of its own, since each knows where it stands.
                own = cells if each == number else [cell._replace(row=each) for cell in cells]
                yield Row(each, own, hidden)
        self.waiting.clear()

    def _handle(self, xml):
        """Handlers of the parser: they run for every cell, so with names that are found quickly."""
        cell_name, covered_name, row_name = (
            f"{_TABLE}table-cell",
            f"{_TABLE}covered-table-cell",
            f"{_TABLE}table-row",
        )
        table_name, column_name, paragraph_name = f"{_TABLE}table", f"{_TABLE}table-column", f"{_TEXT}p"
        asides = (f"{_OFFICE}annotation", f"{_TABLE}shapes")
        table, depth, aside = -1, 0, 0
        cell: dict | None = None
        row: dict = {}
        pieces: list[str] = []
        is_text = False

        def start(name, attributes):
            nonlocal table, depth, aside, cell, row, is_text
            if name == table_name:
                depth += 1
                table += depth == 1
            elif table != self.index or depth != 1:
                return
            elif name in (cell_name, covered_name):
                cell = attributes
                pieces.clear()
            elif name == paragraph_name:
                if cell is not None and not aside:
                    if pieces:
                        pieces.append("\n")
                    is_text = True
            elif name == row_name:
                row = attributes
                self.cells, self.column = [], 0
            elif name == column_name:
                self._hide_column(attributes)
            elif name in asides:
                aside += 1
            elif is_text and not aside:
                pieces.append(_sign(name, attributes))

        def end(name):
            nonlocal depth, aside, cell, is_text
            if name == table_name:
                depth -= 1
                self.done = self.done or (depth == 0 and table == self.index)
            elif table != self.index or depth != 1:
                return
            elif name == paragraph_name:
                if not aside:
                    is_text = False
                    # A paragraph without letters is a line all the same.
                    pieces.append("")
            elif name in (cell_name, covered_name):
                if cell is not None:
                    self._end_cell(cell, "".join(pieces))
                    cell = None
            elif name == row_name:
                self._end_row(row)
            elif name in asides:
                aside -= 1

        def data(text):
            if is_text and not aside:
                pieces.append(text)

        xml.StartElementHandler, xml.EndElementHandler, xml.CharacterDataHandler = start, end, data

    def _hide_column(self, attributes):
        first = self.columns + 1
        self.columns += _count(attributes, _COLUMNS)
        if attributes.get(_VISIBILITY) in _HIDDEN:
            self.layout.hide_columns(str(first), str(self.columns), self.meter.limits.columns)

    def _end_cell(self, attributes, text):
        first = self.column + 1
        self.column += _count(attributes, _COLUMNS) if _COLUMNS in attributes else 1
        if _ACROSS in attributes or _DOWN in attributes:
            self._merge(attributes, first)
        formula = attributes.get(_FORMULA)
        value, kind = _value(attributes, text)
        if kind is Kind.EMPTY and not formula:
            return
        formula = f"={formula.partition('=')[2]}" if formula else None
        number, most = self.number + 1, self.meter.limits.columns
        if self.column > most:
            self.meter.row(self.column, number)
        code = _FORMATS.get(attributes.get(_TYPE, ""), "General")
        if first > len(self.cells) + 1:
            self.cells += [
                Cell(None, Kind.EMPTY, number, column) for column in range(len(self.cells) + 1, first)
            ]
        for column in range(first, self.column + 1):
            self.cells.append(_new(Cell, (value, kind, number, column, code, formula)))

    def _merge(self, attributes, first):
        across, down = _count(attributes, _ACROSS), _count(attributes, _DOWN)
        if across > 1 or down > 1:
            row = self.number + 1
            self.layout.merged.append(Range(row, first, row + down - 1, first + across - 1))

    def _end_row(self, attributes):
        times = _count(attributes, _ROWS)
        hidden = attributes.get(_VISIBILITY) in _HIDDEN
        if hidden:
            last = self.number + min(times, self.meter.limits.rows)
            self.layout.hidden_rows.update(range(self.number + 1, last + 1))
        if self.cells:
            self.waiting.append((self.number + 1, times, self.cells, hidden))
        self.number += times
        self.cells = []


def _sign(name, attributes) -> str:
    """Blanks, tabs and line breaks are elements; other elements in a text (links, spans) only surround letters."""
    word = local(name)
    if word == "s":
        return " " * min(_count(attributes, f"{_TEXT}c"), 1000)
    return {"tab": "\t", "line-break": "\n"}.get(word, "")


def _value(attributes, text) -> tuple:
    kind = attributes.get(_TYPE, "")
    try:
        if kind == "string" or not kind:
            if attributes.get(_ADDED_TYPE) == "error":
                return (text or "#ERROR"), Kind.ERROR
            text = text or attributes.get(f"{_OFFICE}string-value", "")
            return (text, Kind.TEXT) if text else (None, Kind.EMPTY)
        if kind in ("float", "percentage", "currency"):
            is_error = attributes.get(_ADDED_TYPE) == "error" or (
                _FORMULA in attributes and _ERROR.fullmatch(text)
            )
            return (
                (text or "#ERROR", Kind.ERROR)
                if is_error
                else (exact(attributes.get(_VALUE, "")), Kind.NUMBER)
            )
        if kind == "date":
            return _date(attributes.get(f"{_OFFICE}date-value", "")), Kind.DATE
        if kind == "time":
            return _time(attributes.get(f"{_OFFICE}time-value", ""))
        if kind == "boolean":
            return attributes.get(f"{_OFFICE}boolean-value") == "true", Kind.BOOLEAN
    except ValueError as error:
        raise damaged() from error
    return (text, Kind.ERROR if kind == "error" else Kind.TEXT) if text else (None, Kind.EMPTY)


def _date(text):
    moment = datetime.datetime.fromisoformat(text.removesuffix("Z"))
    return moment if "T" in text else moment.date()


def _time(text) -> tuple:
    match = _DURATION.fullmatch(text)
    if not match:
        raise ValueError(text)
    sign, days, hours, minutes, seconds = match.groups()
    exactly = Decimal((seconds or "0").replace(",", "."))
    length = datetime.timedelta(
        days=int(days or 0),
        hours=int(hours or 0),
        minutes=int(minutes or 0),
        milliseconds=round(exactly * 1000),
    )
    if sign or length >= datetime.timedelta(days=1):
        return (-length if sign else length), Kind.DURATION
    return (datetime.datetime.min + length).time(), Kind.TIME


def _count(attributes, name) -> int:
    text = attributes.get(name, "")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 10 else 1

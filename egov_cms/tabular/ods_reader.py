"""The content of an ODS package to sheets and rows of cells, as a stream.

Repeated rows and columns (a sheet ends in a million of them) are unfolded only where something stands in them.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import BinaryIO

from egov_cms.tabular.cells import Cell, Kind, Row
from egov_cms.tabular.layout import Layout, Range
from egov_cms.tabular.limits import Meter
from egov_cms.tabular.packages import damaged
from egov_cms.tabular.serials import exact
from egov_cms.tabular.xml_reader import feed, local, parser

_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_DURATION = re.compile(r"(-?)P(?:([0-9]+)D)?T?(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9.,]+)S)?")
_ERROR = re.compile(r"#[A-Z/0!?]+[!?]?|Err:[0-9]+")
_FORMATS = {"percentage": "0%", "date": "yyyy-mm-dd", "time": "hh:mm:ss"}


@dataclass(frozen=True)
class OdsSheet:
    title: str
    visibility: str


def read_sheets(stream: BinaryIO) -> list[OdsSheet]:
    """The sheets in order."""
    found: list[OdsSheet] = []
    hidden: set[str] = set()
    style = ""
    xml = parser()
    depth = 0

    def start(name, attributes):
        nonlocal style, depth
        name = local(name)
        if name == "style":
            style = _get(attributes, "name")
        elif name == "table-properties" and _get(attributes, "display") == "false":
            hidden.add(style)
        elif name == "table":
            depth += 1
            if depth == 1:
                state = "hidden" if _get(attributes, "style-name") in hidden else "visible"
                found.append(OdsSheet(_get(attributes, "name"), state))

    def end(name):
        nonlocal depth
        if local(name) == "table":
            depth -= 1

    xml.StartElementHandler, xml.EndElementHandler = start, end
    for _part in feed(xml, stream):
        pass
    return found


def read_rows(stream: BinaryIO, index: int, meter: Meter, layout: Layout) -> Iterator[Row]:
    """The rows of the sheet with this place in the order that hold anything; `layout` is filled on the way."""
    reader = _Reader(index, meter, layout)
    xml = parser()
    xml.StartElementHandler, xml.EndElementHandler = reader.start, reader.end
    xml.CharacterDataHandler = reader.data
    for _part in feed(xml, stream):
        yield from reader.take()
        if reader.done:
            return


@dataclass
class _Open:
    """The cell that is being read."""

    attributes: dict = field(default_factory=dict)
    repeated: int = 1
    paragraphs: list[list[str]] = field(default_factory=list)
    covered: bool = False


class _Reader:
    def __init__(self, index, meter, layout):
        self.index = index
        self.meter = meter
        self.layout = layout
        self.table = -1
        self.depth = 0
        self.done = False
        self.number = 0
        self.repeated_rows = 1
        self.column = 0
        self.columns = 0
        self.hidden = False
        self.cells: list[Cell] = []
        self.cell: _Open | None = None
        self.note = 0
        self.paragraph = False
        self.waiting: list[tuple[int, int, list[Cell], bool]] = []

    def take(self) -> Iterator[Row]:
        for number, times, cells, hidden in self.waiting:
            for each in range(number, number + times):
                self.meter.row(len(cells), each)
                # Every row has cells of its own, since each knows where it stands.
                own = cells if each == number else [cell._replace(row=each) for cell in cells]
                yield Row(each, own, hidden)
        self.waiting.clear()

    def start(self, name, attributes):
        name = local(name)
        if name == "table":
            self.depth += 1
            if self.depth == 1:
                self.table += 1
        elif self.table != self.index or self.depth != 1:
            return
        elif name == "table-row":
            self.repeated_rows = _count(attributes, "number-rows-repeated")
            self.hidden = _get(attributes, "visibility") in ("collapse", "filter")
            self.cells, self.column = [], 0
        elif name in ("table-cell", "covered-table-cell"):
            repeated = _count(attributes, "number-columns-repeated")
            self.cell = _Open(attributes, repeated, covered=name != "table-cell")
        elif name == "table-column":
            self._column(attributes)
        elif name in ("annotation", "shapes"):
            self.note += 1
        elif self.cell is not None and not self.note:
            self._text(name, attributes)

    def _column(self, attributes):
        first = self.columns + 1
        self.columns += _count(attributes, "number-columns-repeated")
        if _get(attributes, "visibility") in ("collapse", "filter"):
            self.layout.hide_columns(str(first), str(self.columns), self.meter.limits.columns)

    def _text(self, name, attributes):
        if name == "p":
            self.cell.paragraphs.append([])
            self.paragraph = True
        elif self.paragraph:
            if name == "s":
                self.cell.paragraphs[-1].append(" " * min(_count(attributes, "c"), 1000))
            elif name == "tab":
                self.cell.paragraphs[-1].append("\t")
            elif name == "line-break":
                self.cell.paragraphs[-1].append("\n")

    def data(self, text):
        if self.paragraph and not self.note and self.cell is not None and self.cell.paragraphs:
            self.cell.paragraphs[-1].append(text)

    def end(self, name):
        name = local(name)
        if name == "table":
            self.depth -= 1
            self.done = self.done or (self.depth == 0 and self.table == self.index)
        elif self.table != self.index or self.depth != 1:
            return
        elif name in ("annotation", "shapes"):
            self.note -= 1
        elif name == "p" and not self.note:
            self.paragraph = False
        elif name in ("table-cell", "covered-table-cell") and self.cell is not None:
            self._end_cell()
        elif name == "table-row":
            self._end_row()

    def _end_cell(self):
        cell, self.cell = self.cell, None
        first = self.column + 1
        self.column += cell.repeated
        value, kind = _value(cell)
        formula = _get(cell.attributes, "formula")
        formula = "=" + formula.partition("=")[2] if formula else None
        self._merge(cell, first)
        if kind is Kind.EMPTY and formula is None:
            return
        code = _FORMATS.get(_get(cell.attributes, "value-type"), "General")
        for column in range(len(self.cells) + 1, first):
            if column > self.meter.limits.columns:
                self.meter.row(first, self.number + 1)
            self.cells.append(Cell(None, Kind.EMPTY, self.number + 1, column))
        if self.column > self.meter.limits.columns:
            self.meter.row(self.column, self.number + 1)
        self.cells += [
            Cell(value, kind, self.number + 1, column, code, formula)
            for column in range(first, self.column + 1)
        ]

    def _merge(self, cell, first):
        across = _count(cell.attributes, "number-columns-spanned")
        down = _count(cell.attributes, "number-rows-spanned")
        if across > 1 or down > 1:
            row = self.number + 1
            self.layout.merged.append(Range(row, first, row + down - 1, first + across - 1))

    def _end_row(self):
        if self.hidden:
            last = self.number + min(self.repeated_rows, self.meter.limits.rows)
            self.layout.hidden_rows.update(range(self.number + 1, last + 1))
        if self.cells:
            self.waiting.append((self.number + 1, self.repeated_rows, self.cells, self.hidden))
        self.number += self.repeated_rows
        self.cells = []


def _value(cell) -> tuple:
    attributes = cell.attributes
    text = "\n".join("".join(pieces) for pieces in cell.paragraphs)
    kind = _get(attributes, "value-type")
    try:
        if kind == "error" or (kind == "string" and _extension(attributes) == "error"):
            return (text or "#ERROR"), Kind.ERROR
        if kind in ("float", "percentage", "currency"):
            if _get(attributes, "formula") and _ERROR.fullmatch(text):
                return text, Kind.ERROR
            return exact(_get(attributes, "value")), Kind.NUMBER
        if kind == "date":
            return _date(_get(attributes, "date-value")), Kind.DATE
        if kind == "time":
            return _time(_get(attributes, "time-value"))
        if kind == "boolean":
            return _get(attributes, "boolean-value") == "true", Kind.BOOLEAN
    except ValueError as error:
        raise damaged() from error
    text = text or _get(attributes, "string-value")
    return (text, Kind.TEXT) if text else (None, Kind.EMPTY)


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


def _get(attributes, name) -> str:
    """An attribute by its local name. `calcext` repeats some of `office`: the standard's own comes first."""
    found = ""
    for key, value in attributes.items():
        space, _blank, word = key.rpartition(" ")
        if word == name:
            if "calcext" not in space:
                return value
            found = value
    return found


def _extension(attributes) -> str:
    """The kind of the value as LibreOffice adds it."""
    return next((value for key, value in attributes.items() if key.endswith("calcext:1.0 value-type")), "")


def _count(attributes, name) -> int:
    text = _get(attributes, name)
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 10 else 1

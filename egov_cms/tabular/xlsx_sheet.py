"""One sheet of an XLSX package to rows of cells, as a stream.

The XML is parsed by expat, except for rows that hold nothing but plain cells, nearly all of nearly every file: those are
taken by a regular expression that must account for every letter of the row, in half of the time. openpyxl takes seven
times as long; python-calamine is as fast, but gives error cells as empty ones and knows no formats.
What a sheet claims of itself (dimension, spans) is not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import BinaryIO
from xml.parsers import expat

from egov_cms.tabular.cells import Row
from egov_cms.tabular.layout import Layout, Range
from egov_cms.tabular.packages import damage_told, damaged
from egov_cms.tabular.xlsx_cells import FORMULA, NotPlain, RowBuilder
from egov_cms.tabular.xml_reader import parser

PART = 128 * 1024
# A row may be longer than a part: 16,384 cells are a megabyte.
LONGEST_ROW = 8 * PART
_DIGITS = "0123456789"
_TRUE = ("1", "true")


@lru_cache(maxsize=16)
def _patterns(prefix: str):
    """(start of a row, a cell or anything else, end of a row) where elements have this prefix ("x:" or none).

    A cell is (column, style, type, formula, value, own text, anything else), as `RowBuilder` takes it.
    """
    plain, prefix = prefix, re.escape(prefix)
    row = re.compile(rf'\s*<{prefix}row r="([0-9]{{1,7}})"((?: [A-Za-z:0-9]+="[^"<>&]*")*) ?>')
    cell = re.compile(
        rf'<{prefix}c r="([A-Z]{{1,3}})[0-9]{{1,7}}"(?: s="([0-9]{{1,6}})")?(?: t="([A-Za-z]+)")? ?'
        rf"(?:/>|>(?:<{prefix}f>([^<&\r]+)</{prefix}f>)?"
        rf"(?:<{prefix}v>([^<&\r]*)</{prefix}v>|<{prefix}v ?/>"
        rf'|<{prefix}is><{prefix}t(?: xml:space="preserve")?>([^<&\r]*)</{prefix}t></{prefix}is>)?</{prefix}c>)'
        r"|([^<]+|<[^>]*>?)"
    )
    return row, cell, f"</{plain}row>"


class SheetReader:
    """Reads a sheet once: `rows(stream)` yields them; `layout` is whole when all were read."""

    def __init__(self, builder: RowBuilder):
        self.builder = builder
        self.layout = Layout()
        self._found: list[Row] = []
        self._rest = b""
        # In UTF-8 and without comments so far; inside the data of the sheet; between two rows of it.
        self._is_plain = True
        self._in_data = False
        self._between_rows = False
        self._xml = parser()
        self._handle(self._xml)

    def rows(self, stream: BinaryIO) -> Iterator[Row]:
        """The rows that hold anything. Raises UnreadableFile for what is damaged or beyond the limits."""
        tail = b""
        try:
            with damage_told():
                while part := stream.read(PART):
                    # Where a comment may be open, only the parser knows what is a row.
                    if b"<!" in tail + part or b"<?" in (tail + part if tail else part[5:]):
                        self._is_plain = False
                    tail = part[-1:]
                    self._read(self._rest + part)
                    yield from self._found
                    self._found.clear()
                self._xml.Parse(self._rest, True)
                yield from self._found
        except expat.ExpatError as error:
            raise damaged() from error

    def _read(self, data):
        self._rest = b""
        if not (self._is_plain and self._in_data):
            self._xml.Parse(data)
            return
        end = self._end_of_row.encode()
        cut = data.rfind(end) + len(end)
        if cut < len(end):
            if len(data) > LONGEST_ROW:
                self._xml.Parse(data)
            else:
                self._rest = data
            return
        self._rest = data[cut:]
        begun = 0 if self._between_rows else data.find(end) + len(end)
        self._xml.Parse(data[:begun])
        self._take(data[begun:cut].decode())

    def _take(self, text):
        """Whole rows: each by the expression, or by the parser where the expression does not account for it."""
        row, cell, end = self._row, self._cell, self._end_of_row
        build, append = self.builder.row, self._found.append
        for piece in text.split(end)[:-1]:
            start = row.match(piece)
            if start is not None and self._between_rows:
                hidden = ' hidden="1"' in start[2] or ' hidden="true"' in start[2]
                try:
                    found = build(int(start[1]), hidden, cell.findall(piece, start.end()))
                except NotPlain:
                    pass
                else:
                    self._number = int(start[1])
                    if hidden:
                        self.layout.hidden_rows.add(self._number)
                    if found is not None:
                        append(found)
                    continue
            self._xml.Parse(f"{piece}{end}".encode())

    def _handle(self, xml):
        """Handlers of the parser. Local names, no attributes: they run five times for every cell."""
        layout, found = self.layout, self._found
        words: dict[str, str] = {}
        shared: dict[str, str] = {}
        self._number = 0
        raw: list[tuple] = []
        cell = ("", "", "")
        formula = value = inline = group = ""
        pieces: list[str] = []
        is_text = reading = hidden = False

        def word_of(name):
            """The name without namespace and prefix."""
            parts = name.split(" ")
            words[name] = parts[min(1, len(parts) - 1)]
            return words[name]

        def start(name, given):
            nonlocal cell, formula, value, inline, is_text
            word = words.get(name) or word_of(name)
            if word == "c":
                cell = given.get("r", "").rstrip(_DIGITS), given.get("s", ""), given.get("t", "")
                formula = value = inline = ""
            elif word in ("v", "t"):
                is_text = not reading
                pieces.clear()
            else:
                start_rare(word, name, given)

        def start_rare(word, name, given):
            nonlocal group, is_text, reading, hidden, raw
            if word == "row":
                self._between_rows = False
                self._number = _number(given.get("r"), self._number)
                hidden = given.get("hidden") in _TRUE
                raw = []
            elif word == "f":
                is_text = True
                pieces.clear()
                group = given.get("si", "") if given.get("t") == "shared" else ""
            elif word == "rPh":
                reading = True
            elif word == "sheetData":
                parts = name.split(" ")
                prefix = f"{parts[2]}:" if len(parts) > 2 else ""
                self._row, self._cell, self._end_of_row = _patterns(prefix)
                self._in_data = self._between_rows = True
            elif word == "mergeCell":
                layout.merged.append(Range.parse(given.get("ref", "")))
            elif word == "col" and given.get("hidden") in _TRUE:
                layout.hide_columns(given.get("min"), given.get("max"), self.builder.meter.limits.columns)

        def end(name):
            nonlocal value, inline, is_text
            word = words.get(name) or word_of(name)
            if word == "v":
                value = "".join(pieces)
                is_text = False
            elif word == "c":
                raw.append((cell[0], _digits(cell[1]), cell[2], formula, value, inline, ""))
            elif word == "t":
                # The text of the cell itself may stand in runs.
                inline += "".join(pieces) if is_text else ""
                is_text = False
            else:
                end_rare(word)

        def end_rare(word):
            nonlocal formula, is_text, reading
            if word == "f":
                text = "".join(pieces)
                is_text = False
                if group:
                    text = shared.setdefault(group, text) if text else shared.get(group, "")
                formula = FORMULA + text
            elif word == "rPh":
                reading = False
            elif word == "row":
                self._between_rows = True
                if hidden:
                    layout.hidden_rows.add(self._number)
                row = self.builder.row(self._number, hidden, raw)
                if row is not None:
                    found.append(row)
            elif word == "sheetData":
                self._in_data = False

        def data(text):
            if is_text:
                pieces.append(text)

        def declared(_version, encoding, _standalone):
            if (encoding or "utf-8").lower() not in ("utf-8", "us-ascii"):
                self._is_plain = False

        xml.namespace_prefixes = True
        xml.XmlDeclHandler = declared
        xml.StartElementHandler, xml.EndElementHandler, xml.CharacterDataHandler = start, end, data


def _number(reference, before):
    """The number of a row; rows without one follow each other."""
    if reference is None:
        return before + 1
    if not (reference.isascii() and reference.isdigit() and len(reference) < 10):
        raise damaged(reference[:20])
    return int(reference)


def _digits(text):
    """A style that is no number is none."""
    return text if text.isascii() and text.isdigit() else ""

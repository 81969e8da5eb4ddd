"""One sheet of an XLSX package to rows of cells, as a stream.

openpyxl takes seven times as long; python-calamine is as fast, but gives error cells as empty ones and knows no formats.
What a sheet claims of itself (dimension, spans) is not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import BinaryIO

from egov_cms.tabular.cells import Row
from egov_cms.tabular.layout import Layout, Range
from egov_cms.tabular.packages import damaged
from egov_cms.tabular.xlsx_cells import NotPlain, RowBuilder
from egov_cms.tabular.xml_pieces import PieceReader, local_name

_DIGITS = "0123456789"
_TRUE = ("1", "true")


@lru_cache(maxsize=16)
def _patterns(prefix: str):
    """(start of a row, a cell or anything else) where elements have this prefix ("x:" or none).

    A cell is (column, style, type, formula, value, own text, anything else), as `RowBuilder` takes it.
    """
    prefix = re.escape(prefix)
    row = re.compile(rf'\s*<{prefix}row r="([0-9]{{1,7}})"((?: [A-Za-z:0-9]+="[^"<>&]*")*) ?>')
    cell = re.compile(
        rf'<{prefix}c r="([A-Z]{{1,3}})[0-9]{{1,7}}"(?: s="([0-9]{{1,6}})")?(?: t="([A-Za-z]+)")? ?'
        rf'(?:/>|>(?:<{prefix}(f(?: [a-z0-9]+="[^"<>&]*")*(?: ?/(?=>)|>[^<&\r]*))(?:>|</{prefix}f>))?'
        rf"(?:<{prefix}v>([^<&\r]*)</{prefix}v>|<{prefix}v ?/>"
        rf'|<{prefix}is><{prefix}t(?: xml:space="preserve")?>([^<&\r]*)</{prefix}t></{prefix}is>)?</{prefix}c>)'
        r"|([^<]+|<[^>]*>?)"
    )
    return row, cell


class SheetReader(PieceReader):
    """Reads a sheet once: `rows(stream)` yields them; `layout` is whole when all were read."""

    def __init__(self, builder: RowBuilder, layout: Layout):
        super().__init__()
        self.builder = builder
        self.layout = layout
        self._found: list[Row] = []
        self._number = 0
        self._handle(self.xml)

    def rows(self, stream: BinaryIO) -> Iterator[Row]:
        """The rows that hold anything. Raises UnreadableFile for what is damaged or beyond the limits."""
        for _part in self.read(stream):
            yield from self._found
            self._found.clear()

    def take(self, piece: str) -> bool:
        start = self._row.match(piece)
        if start is None:
            return False
        number, attributes = int(start[1]), start[2]
        hidden = ' hidden="1"' in attributes or ' hidden="true"' in attributes
        try:
            found = self.builder.row(number, hidden, self._cell.findall(piece, start.end()))
        except NotPlain:
            return False
        self._number = number
        if hidden:
            self.layout.hidden_rows.add(number)
        if found is not None:
            self._found.append(found)
        return True

    def _handle(self, xml):
        """Handlers of the parser. Local names, no attributes: they run five times for every cell."""
        layout, found = self.layout, self._found
        words: dict[str, str] = {}
        raw: list[tuple] = []
        cell = ("", "", "")
        formula = value = inline = group = ""
        pieces: list[str] = []
        is_text = reading = hidden = False

        def word_of(name):
            """The name without namespace and prefix."""
            words[name] = local_name(name)[0]
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
                self.is_between = False
                self._number = _number(given.get("r"), self._number)
                hidden = given.get("hidden") in _TRUE
                raw = []
            elif word == "f":
                is_text = True
                pieces.clear()
                group = f' t="shared" si="{given.get("si", "")}"' if given.get("t") == "shared" else ""
            elif word == "rPh":
                reading = True
            elif word == "sheetData":
                prefix = local_name(name)[1]
                self._row, self._cell = _patterns(prefix)
                self.begin(prefix, "row")
            elif word == "mergeCell":
                layout.merge(Range.parse(given.get("ref", "")))
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
                formula = f"f{group}>{''.join(pieces)}"
                is_text = False
            elif word == "rPh":
                reading = False
            elif word == "row":
                self.is_between = True
                if hidden:
                    layout.hidden_rows.add(self._number)
                row = self.builder.row(self._number, hidden, raw)
                if row is not None:
                    found.append(row)
            elif word == "sheetData":
                self.is_inside = False

        def data(text):
            if is_text:
                pieces.append(text)

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

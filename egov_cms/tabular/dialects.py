"""How the cells of a text file are parted and quoted."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

# In this order where two part a file equally well.
DELIMITERS = (",", ";", "\t", "|")
LINES = 200
ALMOST_ALL = 0.8
_DIRECTIVE = re.compile(r'"?sep=(.)"?\r?\n?', re.IGNORECASE)


@dataclass(frozen=True)
class Dialect:
    """delimiter: between cells. space: blanks after it are no part of the next cell. directive: the first line only names
    the delimiter ("sep=;", as Excel writes it).
    """

    delimiter: str = ","
    space: bool = False
    directive: bool = False

    def reader(self, lines):
        """The `csv.reader` of this dialect."""
        return csv.reader(lines, delimiter=self.delimiter, skipinitialspace=self.space)


def find_dialect(
    text: str, complete: bool, suffix: str = "", delimiters: Sequence[str] = DELIMITERS
) -> Dialect:
    """The dialect of a file that begins with `text`. complete: that is the whole file. suffix: ".tsv" asks for tabs.

    The delimiter is the one that gives most lines the same number of cells, two at least, the first line among them; where
    none does, the file has one column. delimiters: those that may be it, the likeliest first.
    """
    first = text[:10]
    if match := _DIRECTIVE.match(first):
        return Dialect(match[1], directive=True)
    if not complete:
        text = text[: max(text.rfind("\n"), text.rfind("\r")) + 1] or text
    order = ["\t", *delimiters] if suffix in (".tsv", ".tab") else [*delimiters]
    delimiter = max(order, key=lambda each: (_fit(text, each), -order.index(each)))
    return Dialect(delimiter, space=_has_space_before_quotes(text, delimiter))


def _fit(text, delimiter) -> tuple:
    """How well a delimiter parts the text: (share of the lines that have the commonest number of cells, whether the first
    line has it, whether quotes stand beside it, whether it is no decimal comma).
    """
    widths = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                widths.append(len(cells))
            if len(widths) >= LINES:
                break
    except csv.Error:
        pass
    counted = Counter(width for width in widths if width > 1)
    if not counted:
        return 0, False, False, False
    width, lines = max(counted.items(), key=lambda item: (item[1], item[0]))
    mark = re.escape(delimiter)
    quoted = bool(re.search(f'"{mark}|{mark} *"', text))
    is_decimal = delimiter == "," and not re.search(r"(?<![0-9]),|,(?![0-9])", text)
    share, in_first = round(lines / len(widths), 1), widths[0] == width
    if widths[0] == 1 and share < ALMOST_ALL:
        # A mark in the words of some lines.
        return 0, False, False, False
    return share, in_first, quoted, not is_decimal


def _has_space_before_quotes(text, delimiter):
    """`1, "a, b"`: every quote after a delimiter has a blank before it."""
    mark = re.escape(delimiter)
    return bool(re.search(f'{mark} +"', text)) and not re.search(f'{mark}"', text)

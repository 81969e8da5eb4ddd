"""What a sheet hides and merges."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from egov_cms.tabular.cells import column_letters, position


class Range(NamedTuple):
    """A block of cells, all four borders included, counted from 1."""

    top: int
    left: int
    bottom: int
    right: int

    @classmethod
    def parse(cls, reference: str) -> Range | None:
        """The range of "B2:D4" or "B2"; None for whole rows or columns, and for what is none."""
        first, _colon, last = reference.partition(":")
        try:
            return cls(*position(first), *position(last or first))
        except ValueError:
            return None

    def __str__(self):
        return f"{column_letters(self.left)}{self.top}:{column_letters(self.right)}{self.bottom}"


@dataclass
class Layout:
    """merged: blocks whose first cell alone holds the value. hidden_rows, hidden_columns: their numbers."""

    merged: list[Range] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    def merge(self, block: Range | None):
        """Note a merged block."""
        if block is not None:
            self.merged.append(block)

    def hide_columns(self, first, last, most):
        """Note columns `first` to `last` (texts of the file) as hidden; beyond `most` nothing is read anyway."""
        if str(first).isdigit() and str(last).isdigit():
            self.hidden_columns.update(range(int(first), min(int(last), most) + 1))

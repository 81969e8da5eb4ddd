"""What a sheet hides and merges."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from egov_cms.tabular.cells import column_letters, position
from egov_cms.tabular.packages import damaged


class Range(NamedTuple):
    """A block of cells, all four borders included, counted from 1."""

    top: int
    left: int
    bottom: int
    right: int

    @classmethod
    def parse(cls, reference: str) -> Range:
        """The range of "B2:D4" or "B2"."""
        first, _colon, last = reference.partition(":")
        try:
            return cls(*position(first), *position(last or first))
        except ValueError as error:
            raise damaged(reference[:40]) from error

    def __str__(self):
        return f"{column_letters(self.left)}{self.top}:{column_letters(self.right)}{self.bottom}"


@dataclass
class Layout:
    """merged: blocks whose first cell alone holds the value. hidden_rows, hidden_columns: their numbers."""

    merged: list[Range] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    def hide_columns(self, first, last, most):
        """Note columns `first` to `last` (texts of the file) as hidden; beyond `most` nothing is read anyway."""
        if str(first).isdigit() and str(last).isdigit():
            self.hidden_columns.update(range(int(first), min(int(last), most) + 1))

    def take(self, other: Layout):
        """Become like `other`."""
        self.merged, self.hidden_rows, self.hidden_columns = (
            other.merged,
            other.hidden_rows,
            other.hidden_columns,
        )

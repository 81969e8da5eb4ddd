"""How much of a file is read at most."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from egov_cms.tabular.unreadable import UnreadableFile

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What a caller is ready to read. A file beyond a limit raises UnreadableFile; nothing is cut off silently."""

    file_bytes: int = 64 * MEGABYTE
    # Of a package (XLSX, ODS, ZIP): everything in it unpacked, how far one entry may shrink, how many entries.
    unpacked_bytes: int = 1024 * MEGABYTE
    ratio: int = 200
    entries: int = 5_000
    sheets: int = 256
    # Of one sheet: rows with content and the last column; of the whole file: cells, those between filled ones included.
    rows: int = 1_048_576
    columns: int = 2_000
    cells: int = 5_000_000
    # Of one cell. Excel itself holds 32,767 letters.
    cell_letters: int = 1_000_000
    # Of all texts that an XLSX package keeps apart from its sheets.
    shared_letters: int = 128 * MEGABYTE
    # Of YAML, JSON and GeoJSON, which are read whole.
    document_bytes: int = 20 * MEGABYTE
    depth: int = 60


DEFAULT_LIMITS = Limits()


class Meter:
    """Counts what is read of one sheet and raises UnreadableFile beyond a limit, which the message names.

    before: cells of the file that were read from other sheets.
    """

    def __init__(self, limits: Limits, sheet: str = "", before: int = 0):
        self.limits = limits
        self.sheet = sheet
        self.rows = 0
        self.own = 0
        self._before = before

    def row(self, width: int, number: int):
        """One more row, of so many cells, with this number in the file."""
        self.rows += 1
        self.own += width
        limits = self.limits
        if width > limits.columns:
            message = _("Row %(row)s has more columns than can be read; the limit is %(most)s.")
            self._refuse(message, "too_many_columns", limits.columns, number)
        if self.rows > limits.rows:
            message = _("There are more rows than can be read; the limit is %(most)s.")
            self._refuse(message, "too_many_rows", limits.rows, number)
        if self._before + self.own > limits.cells:
            message = _("There are more cells than can be read; the limit is %(most)s.")
            self._refuse(message, "too_many_cells", limits.cells, number)

    def _refuse(self, message, code, most, number):
        place = {"sheet": self.sheet, "row": number} if self.sheet else {"line": number}
        raise UnreadableFile(message % {"most": most, "row": number}, code, **place)

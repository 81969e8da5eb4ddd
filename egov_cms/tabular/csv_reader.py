"""A text file to rows of cells."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import chain

from django.utils.translation import gettext as _

from egov_cms.tabular.cells import Cell, Kind, Row
from egov_cms.tabular.limits import Limits, Meter
from egov_cms.tabular.text_files import LONGEST_LINE, TextFile
from egov_cms.tabular.unreadable import UnreadableFile

# Put behind the last line: it becomes a row of its own unless a quote is still open there.
_END = "\uf8ff\ue000end\ue000\uf8ff"
LONGEST_ROW = LONGEST_LINE
_new = tuple.__new__


def read_rows(text: TextFile, limits: Limits) -> Iterator[Row]:
    """The rows that hold anything, with the numbers of the lines on which they begin and end.

    Every row has as many cells as the file gives it. Raises UnreadableFile: `too_many_…`, `unclosed_quote`, `cell_too_long`.
    """
    # The limit is the process's, not a reader's; a cell beyond ours is refused below with its place.
    if csv.field_size_limit() < limits.cell_letters:
        csv.field_size_limit(limits.cell_letters)
    lines = _Lines(text.lines())
    reader = text.dialect.reader(lines)
    before = text.first_line - 1
    number = text.first_line
    meter = Meter(limits)
    empty, of_text = Kind.EMPTY, Kind.TEXT
    try:
        for values in reader:
            lines.letters = 0
            last = before + reader.line_num
            if values == [_END]:
                return
            if values and values[-1].endswith(_END):
                raise _unclosed(number)
            if not _is_blank(values):
                meter.row(len(values), number)
                if max(map(len, values)) > limits.cell_letters:
                    raise _too_long(number)
                cells = [
                    _new(Cell, (value, of_text, number, column, "", None))
                    if value
                    else _new(Cell, (None, empty, number, column, "", None))
                    for column, value in enumerate(values, 1)
                ]
                yield Row(number, cells, False, last)
            number = last + 1
    except csv.Error as error:
        if "field larger" in str(error):
            raise _too_long(number) from error
        message = _("Line %(line)s cannot be read: %(reason)s") % {"line": number, "reason": error}
        raise UnreadableFile(message, "not_csv", line=number) from error


def _is_blank(values):
    return not any(value.strip() for value in values)


class _Lines:
    """The lines with what ends them. `letters` of one row, which may run over many lines, are so many at most."""

    def __init__(self, lines):
        self.letters = 0
        self._lines = chain(lines, [_END])

    def __iter__(self):
        return self

    def __next__(self):
        line = next(self._lines)
        self.letters += len(line)
        if self.letters > LONGEST_ROW:
            raise csv.Error("field larger than a row may be")
        return line


def _too_long(line):
    message = _(
        "A cell that begins on line %(line)s has more letters than can be read, or a quote is not closed."
    )
    return UnreadableFile(message % {"line": line}, "cell_too_long", line=line)


def _unclosed(line):
    message = _("The quotation mark that opens on line %(line)s is not closed.") % {"line": line}
    return UnreadableFile(message, "unclosed_quote", line=line)

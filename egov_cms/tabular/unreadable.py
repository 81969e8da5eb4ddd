"""The one error of a file that cannot be read as a whole."""

from __future__ import annotations


class UnreadableFile(ValueError):
    """The file cannot be read; `str()` says why to a person in the active language, `code` to a machine.

    Where the reason stands at one place of the file, `line` (text files) or `sheet` and `row` say where.
    """

    def __init__(self, message, code, *, line=0, sheet="", row=0):
        super().__init__(str(message))
        self.code = code
        self.line = line
        self.sheet = sheet
        self.row = row

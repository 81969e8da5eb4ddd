"""Text files of tables: received, decoded, their dialect found; then a stream of text for whoever reads on.

A small file goes on to `csv_reader` and becomes cells. A large one is copied as UTF-8 for an engine that reads CSV itself:

    with open_text(path) as text:
        text.write_utf8(target)            # DuckDB: read_csv(target, delim=text.dialect.delimiter, quote='"', …)
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import BinaryIO

from django.utils.translation import gettext as _

from egov_cms.tabular.dialects import DELIMITERS, Dialect, find_dialect
from egov_cms.tabular.encodings import Encoding, LineDecoder, find_encoding
from egov_cms.tabular.files import open_binary
from egov_cms.tabular.limits import DEFAULT_LIMITS, Limits
from egov_cms.tabular.plausibility import whole_letters
from egov_cms.tabular.unreadable import UnreadableFile

SAMPLE_LETTERS = 256 * 1024
PART = 256 * 1024
# More cannot be one line of a table; it would be put together in memory.
LONGEST_LINE = 16 * 1024 * 1024
# Beside the whole texts that UTF-8, UTF-16 and the code pages of one byte have.
_SHAPED = ("cp864",)


@dataclass
class TextFile:
    """A decoded text file: its encoding and dialect, and its text from the beginning, as often as wanted.

    first_line: number of the line with which the table begins (2 after "sep=;"). nul_letters: how many zero letters were
    left out by the last reading.
    """

    file: BinaryIO
    encoding: Encoding
    dialect: Dialect = field(default_factory=Dialect)
    sample: str = ""
    complete: bool = True
    nul_letters: int = 0
    owns_file: bool = False

    @property
    def first_line(self) -> int:
        return 2 if self.dialect.directive else 1

    def parts(self) -> Iterator[str]:
        """The text in parts, line ends as they are, without byte order mark and zero letters.

        Raises UnreadableFile (`not_text`) where a byte cannot be decoded after all.
        """
        self.nul_letters = 0
        for part in self._decoded():
            if "\x00" in part:
                self.nul_letters += part.count("\x00")
                part = part.replace("\x00", "")
            if self.encoding.name in _SHAPED:
                part = whole_letters(part)
            yield part

    def _decoded(self):
        self.file.seek(self.encoding.bom)
        raw: BinaryIO = self.file
        if self.encoding.foreign_lines:
            raw = io.BufferedReader(LineDecoder(self.file, self.encoding), PART)
        decoder = codecs.getincrementaldecoder(self.encoding.name)("strict")
        try:
            while data := raw.read(PART):
                yield decoder.decode(data)
            yield decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            message = _("The file is not text in %(encoding)s.") % {"encoding": self.encoding.label}
            raise UnreadableFile(message, "not_text") from error

    def lines(self) -> Iterator[str]:
        """The lines with their ends (LF, CR LF or CR), from `first_line` on."""
        lines = _lines(self.parts())
        if self.dialect.directive:
            next(lines, None)
        yield from lines

    def write_utf8(self, target: Path | BinaryIO) -> int:
        """Write the table as UTF-8 without byte order mark and directive; returns the bytes written."""
        if isinstance(target, str | Path):
            with Path(target).open("wb") as opened:
                return self.write_utf8(opened)
        written = 0
        skip = self.dialect.directive
        for part in _without_first_line(self.parts()) if skip else self.parts():
            data = part.encode("utf-8", "replace")
            target.write(data)
            written += len(data)
        return written

    def close(self):
        if self.owns_file:
            self.file.close()

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.close()


def open_text(
    source: Path | str | bytes | BinaryIO,
    name: str = "",
    limits: Limits = DEFAULT_LIMITS,
    delimiters: Sequence[str] = DELIMITERS,
) -> TextFile:
    """The text file in `source` (a path, bytes or an open binary file), its encoding and dialect found.

    delimiters: those that may part its cells. Memory does not grow with the file. Raises UnreadableFile.
    """
    file = open_binary(source, limits)
    owned = file is not source
    try:
        text = TextFile(file, find_encoding(file), owns_file=owned)
        name = name or (str(source) if isinstance(source, str | Path) else "")
        _look(text, PurePath(name).suffix.lower(), delimiters)
    except BaseException:
        if owned:
            file.close()
        raise
    return text


def _look(text, suffix, delimiters):
    """Read the beginning, refuse what is no text, and find the dialect."""
    sample, complete = [], True
    for part in text.parts():
        sample.append(part)
        if sum(map(len, sample)) >= SAMPLE_LETTERS:
            complete = False
            break
    text.sample, text.complete = "".join(sample), complete
    control = sum(letter < " " and letter not in "\t\r\n\x0b\x0c\x1a" for letter in text.sample)
    if text.nul_letters + control > 4 + len(text.sample) // 50:
        raise UnreadableFile(_("The file is no text."), "not_text")
    if not text.sample.strip():
        raise UnreadableFile(_("The file is empty."), "empty")
    text.dialect = find_dialect(text.sample, complete, suffix, delimiters)


def _lines(parts: Iterator[str]) -> Iterator[str]:
    """Parts to lines that keep their ends; a CR at the end of a part waits for its LF."""
    rest, number = "", 0
    for part in parts:
        rest += part
        held = rest.endswith("\r")
        lines = io.StringIO(rest[:-1] if held else rest, newline="").readlines()
        rest = "\r" if held else ""
        if lines and not lines[-1].endswith(("\n", "\r")):
            rest = lines.pop() + rest
        number += len(lines)
        if len(rest) > LONGEST_LINE:
            message = _("Line %(line)s is longer than can be read.") % {"line": number + 1}
            raise UnreadableFile(message, "line_too_long", line=number + 1)
        yield from lines
    yield from io.StringIO(rest, newline="").readlines()


def _without_first_line(parts):
    lines = _lines(parts)
    next(lines, None)
    return lines

"""Which encoding a text file has, found by what its bytes would say in each."""

from __future__ import annotations

import codecs
import io
from dataclasses import dataclass, replace
from typing import BinaryIO

from django.utils.translation import gettext as _

from egov_cms.tabular.plausibility import plausibility, whole_letters
from egov_cms.tabular.unreadable import UnreadableFile

PART = 1024 * 1024
# Bytes of lines that are not plain ASCII: more say nothing more of an encoding, and each is looked at in all of them.
SAMPLE = 32 * 1024
# What computers in Iraq and its neighbourhood wrote before UTF-8: Windows, DOS, UNIX and Macintosh; Western last.
LEGACY = ("cp1256", "cp720", "cp864", "iso8859_6", "mac_arabic", "cp1252", "cp850", "cp1254")
LABELS = {
    "cp1256": "windows-1256",
    "cp720": "DOS 720",
    "cp864": "DOS 864",
    "iso8859_6": "ISO-8859-6",
    "mac_arabic": "Mac Arabic",
    "cp1252": "windows-1252",
    "cp850": "DOS 850",
    "cp1254": "windows-1254",
}
# Below this mean no encoding makes words; a lone accent in a file of numbers scores a little more.
NO_TEXT = -4
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NOT_ASCII = bytes(range(128, 256))


@dataclass(frozen=True)
class Encoding:
    """An encoding that was found.

    name: the codec's name. bom: bytes of the byte order mark. certain: a mark or valid UTF-8 says so; otherwise it was
    found by plausibility, and a person should see some lines. foreign_lines: lines of a UTF-8 file that are in
    `line_codec` instead, as happens when files are put together.
    """

    name: str
    bom: int = 0
    certain: bool = True
    foreign_lines: tuple[int, ...] = ()
    line_codec: str = ""

    @property
    def label(self) -> str:
        """What people call it."""
        return LABELS.get(self.name, self.name.upper())


def find_encoding(file: BinaryIO) -> Encoding:
    """The encoding of an open text file; reads it once, in parts, and leaves it at its beginning.

    Raises UnreadableFile: `not_text` when no encoding makes text of it.
    """
    file.seek(0)
    head = file.read(SAMPLE)
    file.seek(0)
    for bom, name in _BOMS:
        if head.startswith(bom) and name != "utf-8":
            return Encoding(name, len(bom))
    if name := _utf16_without_mark(head):
        return Encoding(name)
    checked = _Checked()
    while not checked.is_legacy and (part := file.read(PART)):
        checked.feed(part)
    checked.close()
    file.seek(0)
    bom = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
    return replace(checked.encoding(is_marked=bool(bom)), bom=bom)


def _utf16_without_mark(head):
    """UTF-16 shows itself by the same high byte beside every letter."""
    even, odd = head[0:2000:2], head[1:2000:2]
    if len(head) < 4:
        return ""
    for name, high, low in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        # The high byte of Latin letters is 0, of Arabic ones 6.
        if high.count(0) and high.count(0) + high.count(6) > 0.8 * len(high) and low.count(0) < len(low) / 10:
            return name
    return ""


class _Checked:
    """Lines of bytes that came past: whether they are UTF-8, and a sample of those that are not plain ASCII."""

    MOST_FOREIGN = 1000

    def __init__(self):
        self.rest = b""
        self.line = 0
        self.good = 0
        self.bad: list[int] = []
        self.bad_count = 0
        self.sample: list[bytes] = []
        self.sample_size = 0
        self.bad_sample: list[bytes] = []

    @property
    def is_legacy(self) -> bool:
        """So many lines are not UTF-8 that the file is not."""
        return self.bad_count >= self.MOST_FOREIGN

    def feed(self, part):
        data = self.rest + part
        cut = data.rfind(b"\n") + 1
        if not cut and len(data) < 4 * PART:
            self.rest = data
            return
        cut = cut or len(data)
        self._lines(data[:cut])
        self.rest = data[cut:]

    def close(self):
        self._lines(self.rest)

    def _lines(self, data):
        if data.isascii():
            self.line += data.count(b"\n")
            return
        try:
            data.decode("utf-8")
            lines = data.count(b"\n")
            self.good += min(lines + 1, (len(data) - len(data.translate(None, _NOT_ASCII))) // 2)
            self.line += lines
            self._keep(data)
        except UnicodeDecodeError:
            for line in data.split(b"\n"):
                self._one(line)
                if self.is_legacy:
                    return
            self.line -= 1  # the last part ends without a line end, or is empty after one

    def _one(self, line):
        self.line += 1
        if line.isascii():
            return
        self._keep(line)
        try:
            line.decode("utf-8")
            self.good += 1
        except UnicodeDecodeError:
            self.bad_count += 1
            if len(self.bad) < self.MOST_FOREIGN:
                self.bad.append(self.line)
                self.bad_sample.append(line[:4096])

    def _keep(self, line):
        if self.sample_size < SAMPLE:
            self.sample.append(line[:SAMPLE])
            self.sample_size += len(line)

    def encoding(self, is_marked: bool) -> Encoding:
        """What was found; a file with the mark of UTF-8 is UTF-8, with a few lines that are not."""
        if not self.bad_count:
            return Encoding("utf-8")
        # A line of a legacy encoding is valid UTF-8 by chance only when it has next to no letters beyond ASCII.
        if (is_marked or self.good > 4 * self.bad_count) and not self.is_legacy:
            codec = _most_plausible(b"\n".join(self.bad_sample)[:SAMPLE])
            return Encoding("utf-8", certain=False, foreign_lines=tuple(self.bad), line_codec=codec)
        return Encoding(_most_plausible(b"\n".join(self.sample)), certain=False)


def _most_plausible(sample: bytes) -> str:
    scores = {}
    for order, codec in enumerate(LEGACY):
        try:
            text = sample.decode(codec)
        except UnicodeDecodeError:
            continue
        scores[codec] = (plausibility(text), -order)
    if not scores or max(scores.values())[0] < NO_TEXT:
        raise UnreadableFile(_("The file is no text in an encoding that is known here."), "not_text")
    return max(scores, key=scores.get)


class LineDecoder(io.RawIOBase):
    """A UTF-8 file in which some lines are in another encoding, as a file that is UTF-8 throughout."""

    def __init__(self, file: BinaryIO, encoding: Encoding):
        super().__init__()
        self._file = file
        self._foreign = set(encoding.foreign_lines)
        self._codec = encoding.line_codec
        self._line = 0
        self._rest = b""

    def readable(self):
        return True

    def readinto(self, buffer):
        if not self._rest:
            line = self._file.readline()
            self._line += 1
            if self._line in self._foreign:
                line = whole_letters(line.decode(self._codec)).encode()
            self._rest = line
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size

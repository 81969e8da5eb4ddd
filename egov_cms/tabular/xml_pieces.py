"""A large XML part whose content is one element repeated: rows of a sheet, shared texts of a workbook.

The XML is parsed by expat, except for elements that a reader takes by itself, because they are of the plain form that nearly
all of nearly every file have: by a regular expression that must account for every letter, in less than half of the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO
from xml.parsers import expat

from egov_cms.tabular.packages import damage_told, damaged
from egov_cms.tabular.xml_reader import parser

PART = 128 * 1024
# An element may be longer than a part: a row of 16,384 cells is a megabyte.
LONGEST = 8 * PART


class PieceReader:
    """Base of readers that say, in `start` and `end` of the parser, where they are and, in `take`, what they take.

    A reader calls `begin(prefix, element)` at the start of what holds the elements and sets `is_between` to False inside
    of one of them, `is_inside` to False at the end of what holds them.
    """

    def __init__(self):
        self.is_inside = False
        self.is_between = False
        # In UTF-8 and without comments so far. Where a comment may be open, only the parser knows what is an element.
        self._is_plain = True
        self._end = ""
        self._rest = b""
        self.xml = parser()
        self.xml.namespace_prefixes = True
        self.xml.XmlDeclHandler = self._declared

    def _declared(self, _version, encoding, _standalone):
        if (encoding or "utf-8").lower() not in ("utf-8", "us-ascii"):
            self._is_plain = False

    def begin(self, prefix: str, element: str):
        """What follows are elements of this name."""
        self._end = f"</{prefix}{element}>"
        self.is_inside = self.is_between = True

    def take(self, piece: str) -> bool:
        """Take an element (without its end tag), or leave it to the parser."""
        raise NotImplementedError

    def read(self, stream: BinaryIO) -> Iterator[None]:
        """Read a stream; yields after each part. Raises UnreadableFile for what is damaged."""
        tail = b""
        try:
            with damage_told():
                while part := stream.read(PART):
                    if b"<!" in tail + part or b"<?" in (tail + part if tail else part[5:]):
                        self._is_plain = False
                    tail = part[-1:]
                    self._read(self._rest + part)
                    yield
                self.xml.Parse(self._rest, True)
                yield
        except expat.ExpatError as error:
            raise damaged() from error

    def _read(self, data):
        self._rest = b""
        if not (self._is_plain and self.is_inside):
            self.xml.Parse(data)
            return
        end = self._end.encode()
        cut = data.rfind(end) + len(end)
        if cut < len(end):
            if len(data) > LONGEST:
                self.xml.Parse(data)
            else:
                self._rest = data
            return
        self._rest = data[cut:]
        begun = 0 if self.is_between else data.find(end) + len(end)
        self.xml.Parse(data[:begun])
        for piece in data[begun:cut].decode().split(self._end)[:-1]:
            if not (self.is_between and self.take(piece)):
                self.xml.Parse(f"{piece}{self._end}".encode())


def local_name(name: str) -> tuple[str, str]:
    """(the name without namespace, its prefix with a colon) of a name as expat gives it with `namespace_prefixes`."""
    parts = name.split(" ")
    return parts[min(1, len(parts) - 1)], f"{parts[2]}:" if len(parts) > 2 else ""

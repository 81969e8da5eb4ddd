"""The texts that an XLSX workbook keeps apart from its sheets."""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from typing import BinaryIO

from django.utils.translation import gettext as _

from egov_cms.tabular.limits import Limits
from egov_cms.tabular.unreadable import UnreadableFile
from egov_cms.tabular.xml_pieces import PieceReader, local_name

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_HALVES = re.compile("[\ud800-\udfff]")
_PLAIN = r'\s*<{0}si><{0}t(?: xml:space="preserve")?>([^<&\r]*)</{0}t>'
# Up to here texts are kept as Python texts, which are quick to hand out; beyond as bytes, which are small.
AS_TEXTS = 200_000


def read_texts(stream: BinaryIO, limits: Limits) -> Sequence[str]:
    """The texts in their order: `si` elements. Raises UnreadableFile for what is damaged or beyond the limits."""
    reader = _TextsReader(limits)
    for _part in reader.read(stream):
        reader.pack()
    return reader.texts


def unescaped(text: str) -> str:
    """`_x000D_` stands for a letter that XML cannot hold or would change; two for one beyond the first 65,536."""
    if "_x" not in text:
        return text
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return (
        text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if _HALVES.search(text) else text
    )


class PackedTexts(Sequence):
    """Very many texts in little memory."""

    def __init__(self):
        self._data = bytearray()
        self._ends = array("Q", [0])

    def append(self, text: str):
        self._data += text.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._data))

    def __len__(self):
        return len(self._ends) - 1

    def __getitem__(self, index):
        if index < 0:
            raise IndexError(index)
        return self._data[self._ends[index] : self._ends[index + 1]].decode("utf-8", "surrogatepass")


class _TextsReader(PieceReader):
    """`si` elements: their `t`, or the `t` of their runs; readings of East Asian words (`rPh`) are left out."""

    def __init__(self, limits):
        super().__init__()
        self.limits = limits
        self.texts: list[str] | PackedTexts = []
        self._size = 0
        self._reading = self._is_text = False
        self._pieces: list[str] = []
        self.xml.StartElementHandler = self._start
        self.xml.EndElementHandler = self._end_of
        self.xml.CharacterDataHandler = self._data

    def take(self, piece: str) -> bool:
        plain = self._plain.fullmatch(piece)
        if plain is None:
            return False
        self._add(plain[1])
        return True

    def _add(self, text):
        if "_x" in text:
            text = unescaped(text)
        self._size += len(text)
        if len(text) > self.limits.cell_letters or self._size > self.limits.shared_letters:
            raise UnreadableFile(_("The texts of the workbook are longer than can be read."), "too_long")
        self.texts.append(text)

    def pack(self):
        """Keep many texts in little memory."""
        if isinstance(self.texts, list) and len(self.texts) > AS_TEXTS:
            packed = PackedTexts()
            for text in self.texts:
                packed.append(text)
            self.texts = packed

    def _start(self, name, _attributes):
        word, prefix = local_name(name)
        if word == "t":
            self._is_text = not self._reading
        elif word == "si":
            self.is_between = False
        elif word == "rPh":
            self._reading = True
        elif word == "sst":
            self._plain = re.compile(_PLAIN.format(re.escape(prefix)))
            self.begin(prefix, "si")

    def _end_of(self, name):
        word = local_name(name)[0]
        if word == "t":
            self._is_text = False
        elif word == "rPh":
            self._reading = False
        elif word == "si":
            self.is_between = True
            text = "".join(self._pieces)
            self._pieces.clear()
            self._add(text)

    def _data(self, text):
        if self._is_text:
            self._pieces.append(text)

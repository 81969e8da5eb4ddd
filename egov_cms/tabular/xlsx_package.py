"""The parts of an XLSX package round its sheets: which sheets there are, the calendar, number formats, shared texts."""

from __future__ import annotations

import posixpath
import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote
from zipfile import ZipFile

from django.utils.translation import gettext as _

from egov_cms.tabular.limits import Limits
from egov_cms.tabular.number_formats import BUILTIN, GENERAL
from egov_cms.tabular.packages import damage_told, damaged
from egov_cms.tabular.unreadable import UnreadableFile
from egov_cms.tabular.xml_reader import elements, feed, local, parser

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
# Up to here texts are kept as Python texts, which are quick to hand out; beyond as bytes, which are small.
AS_TEXTS = 200_000


@dataclass(frozen=True)
class SheetPart:
    """A sheet of cells and the part that holds it."""

    title: str
    visibility: str
    path: str


class XlsxPackage:
    """The package of a workbook. Paths are found by their relations, not by usual names."""

    def __init__(self, package: ZipFile, limits: Limits):
        self.package = package
        self.limits = limits
        self._names = {_plain(name): name for name in package.namelist()}
        self.workbook_path = self._workbook_path()
        self._related = self._relations(self.workbook_path)
        self.calendar = 1900
        self.sheets: list[SheetPart] = []
        self._read_workbook()
        if len(self.sheets) > limits.sheets:
            message = _("The workbook has more than %(most)s sheets.") % {"most": limits.sheets}
            raise UnreadableFile(message, "too_many_sheets")

    def open(self, path: str):
        with damage_told():
            return self.package.open(self._names[_plain(path)])

    def _workbook_path(self):
        for kind, target in self._relations("").values():
            if kind == "officeDocument":
                return target
        if "xl/workbook.xml" in self._names:
            return "xl/workbook.xml"
        raise UnreadableFile(_("This is not an XLSX workbook."), "not_a_workbook")

    def _relations(self, path) -> dict[str, tuple[str, str]]:
        """Id → (last word of the relation's type, path of its target) of a part; of the package itself for ""."""
        folder, name = posixpath.split(path)
        part = posixpath.join(folder, "_rels", f"{name}.rels")
        if _plain(part) not in self._names:
            return {}
        found = {}
        with self.open(part) as stream:
            for element, attributes in elements(stream):
                if element == "Relationship" and attributes.get("TargetMode") != "External":
                    target = unquote(attributes.get("Target", "")).replace("\\", "/")
                    absolute = (
                        target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                    )
                    kind = attributes.get("Type", "").rpartition("/")[2]
                    found[attributes.get("Id", "")] = kind, posixpath.normpath(absolute)
        return found

    def _read_workbook(self):
        if _plain(self.workbook_path) not in self._names:
            raise UnreadableFile(_("This is not an XLSX workbook."), "not_a_workbook")
        with self.open(self.workbook_path) as stream:
            for name, attributes in elements(stream):
                if name == "workbookPr" and attributes.get("date1904") in ("1", "true", "on"):
                    self.calendar = 1904
                elif name == "sheet":
                    self._add_sheet(attributes)

    def _add_sheet(self, attributes):
        kind, path = self._related.get(attributes.get("id", ""), ("", ""))
        if kind in ("chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet"):
            return
        title = attributes.get("name", "")
        if _plain(path) not in self._names:
            raise damaged(_("the sheet “%(sheet)s” is missing") % {"sheet": title})
        state = attributes.get("state", "visible")
        self.sheets.append(SheetPart(title, {"veryHidden": "very hidden"}.get(state, state), path))

    def _part(self, kind):
        return next((path for each, path in self._related.values() if each == kind), "")

    def formats(self) -> list[str]:
        """The format code of each style of cells. Fonts, colours and everything else of a style do not matter."""
        path = self._part("styles")
        if _plain(path) not in self._names:
            return [GENERAL]
        codes, found, inside = dict(BUILTIN), [], False
        xml = parser()

        def start(name, attributes):
            nonlocal inside
            name = local(name)
            if name == "numFmt":
                codes[_whole(attributes.get("numFmtId"))] = attributes.get("formatCode", GENERAL)
            elif name == "cellXfs":
                inside = True
            elif name == "xf" and inside:
                found.append(_whole(attributes.get("numFmtId")))

        def end(name):
            nonlocal inside
            if local(name) == "cellXfs":
                inside = False

        xml.StartElementHandler, xml.EndElementHandler = start, end
        with self.open(path) as stream:
            for _part in feed(xml, stream):
                pass
        return [codes.get(number, GENERAL) for number in found] or [GENERAL]

    def texts(self) -> Sequence[str]:
        """The shared texts in their order."""
        path = self._part("sharedStrings")
        if _plain(path) not in self._names:
            return []
        with self.open(path) as stream:
            return _read_texts(stream, self.limits)


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


def _read_texts(stream, limits):
    """`si` elements: their `t`, or the `t` of their runs; readings of East Asian words (`rPh`) are left out."""
    texts: list[str] | PackedTexts = []
    pieces: list[str] = []
    size = 0
    reading = is_text = False
    xml = parser()

    def start(name, _attributes):
        nonlocal reading, is_text
        name = local(name)
        if name == "t":
            is_text = not reading
        elif name == "rPh":
            reading = True

    def end(name):
        nonlocal reading, is_text, texts, size
        name = local(name)
        if name == "t":
            is_text = False
        elif name == "rPh":
            reading = False
        elif name == "si":
            text = unescaped("".join(pieces))
            pieces.clear()
            size += len(text)
            if len(text) > limits.cell_letters or size > limits.shared_text_bytes:
                raise UnreadableFile(_("The texts of the workbook are longer than can be read."), "too_long")
            texts.append(text)

    def data(text):
        if is_text:
            pieces.append(text)

    xml.StartElementHandler, xml.EndElementHandler, xml.CharacterDataHandler = start, end, data
    for _part in feed(xml, stream):
        if isinstance(texts, list) and len(texts) > AS_TEXTS:
            packed = PackedTexts()
            for text in texts:
                packed.append(text)
            texts = packed
    return texts


def unescaped(text: str) -> str:
    """`_x000D_` stands for a letter that XML cannot hold or would change."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _plain(name):
    """Names of parts are compared without regard to case (OPC, ECMA-376 part 2)."""
    return name.replace("\\", "/").lstrip("/").lower()


def _whole(text):
    try:
        return int(text)
    except (TypeError, ValueError):
        return 0

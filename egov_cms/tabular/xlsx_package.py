"""The parts of an XLSX package round its sheets: which sheets there are, the calendar, number formats, shared texts."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote
from zipfile import ZipFile

from django.utils.translation import gettext as _

from egov_cms.tabular.limits import Limits
from egov_cms.tabular.number_formats import BUILTIN, GENERAL
from egov_cms.tabular.packages import damage_told, damaged
from egov_cms.tabular.unreadable import UnreadableFile
from egov_cms.tabular.xlsx_texts import read_texts
from egov_cms.tabular.xml_reader import elements, feed, local, parser


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
        codes, found, inside = dict(BUILTIN), [], ""
        xml = parser()

        def start(name, attributes):
            # Conditional formats have number formats and styles of their own, under numbers that mean others here.
            nonlocal inside
            name = local(name)
            if name in ("numFmts", "cellXfs"):
                inside = name
            elif name == "numFmt" and inside == "numFmts":
                codes[_whole(attributes.get("numFmtId"))] = attributes.get("formatCode", GENERAL)
            elif name == "xf" and inside == "cellXfs":
                found.append(_whole(attributes.get("numFmtId")))

        def end(name):
            nonlocal inside
            if local(name) == inside:
                inside = ""

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
            return read_texts(stream, self.limits)


def _plain(name):
    """Names of parts are compared without regard to case (OPC, ECMA-376 part 2)."""
    return name.replace("\\", "/").lstrip("/").lower()


def _whole(text):
    try:
        return int(text)
    except (TypeError, ValueError):
        return 0

"""Opening a file of tables, whatever its format: its sheets in order, each a lazy stream of rows of typed cells."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from zipfile import ZipFile

from django.utils.translation import gettext as _

from egov_cms.tabular import csv_reader, geojson_reader, ods_reader
from egov_cms.tabular.cells import Row
from egov_cms.tabular.dialects import DELIMITERS
from egov_cms.tabular.encodings import Encoding
from egov_cms.tabular.files import check_kind, kind_of, open_binary, suffix_note
from egov_cms.tabular.kinds import FileKind
from egov_cms.tabular.layout import Layout
from egov_cms.tabular.limits import DEFAULT_LIMITS, Limits, Meter
from egov_cms.tabular.packages import damage_told, data_file, open_package
from egov_cms.tabular.text_files import TextFile, open_text
from egov_cms.tabular.unreadable import UnreadableFile
from egov_cms.tabular.xlsx_cells import RowBuilder
from egov_cms.tabular.xlsx_package import XlsxPackage
from egov_cms.tabular.xlsx_sheet import SheetReader

__all__ = ["Note", "Sheet", "Tables", "open_tables"]


@dataclass(frozen=True)
class Note:
    """Something about a file that is no reason to refuse it and that a person should be told; `code` is for machines."""

    code: str
    message: str
    lines: tuple[int, ...] = ()


@dataclass
class Sheet:
    """One sheet; a text file has one without title.

    visibility: "visible", "hidden" or "very hidden" (which only macros show again).
    """

    title: str
    visibility: str
    index: int
    _read: Callable[[Sheet, Layout], Iterator[Row]] = field(repr=False)
    _layout: Layout | None = field(default=None, repr=False)

    def rows(self) -> Iterator[Row]:
        """The rows that hold anything, from the first to the last, as often as asked for.

        Raises UnreadableFile on the way where the file is damaged or goes beyond a limit.
        """
        layout = Layout()
        yield from self._read(self, layout)
        self._layout = layout

    @property
    def layout(self) -> Layout:
        """What is merged and hidden. Reads the sheet if that was not done to its end yet."""
        if self._layout is None:
            for _row in self.rows():
                pass
        return self._layout or Layout()


@dataclass
class Tables:
    """An open file. Use it with `with`, and read its sheets inside.

    calendar: the year from which a workbook counts days. text: of a text file its encoding, dialect and stream.
    notes: what a person should know of the file.
    """

    kind: FileKind
    sheets: list[Sheet] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    calendar: int = 1900
    text: TextFile | None = None
    _open: list = field(default_factory=list, repr=False)

    def sheet(self, title: str) -> Sheet | None:
        """The sheet of this title, whatever the case of its letters."""
        wanted = title.strip().casefold()
        return next((sheet for sheet in self.sheets if sheet.title.strip().casefold() == wanted), None)

    def __iter__(self) -> Iterator[Sheet]:
        return iter(self.sheets)

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.close()

    def close(self):
        while self._open:
            self._open.pop().close()


def open_tables(
    source: Path | str | bytes | BinaryIO,
    name: str = "",
    limits: Limits = DEFAULT_LIMITS,
    kinds: Collection[FileKind | str] = (),
    delimiters: Sequence[str] = DELIMITERS,
) -> Tables:
    """Open a CSV, TSV, XLSX, ODS or GeoJSON file, or a ZIP with one of them.

    source: a path, the bytes, or an open, seekable binary file, which stays open. name: what the sender called it.
    kinds: the kinds to accept; all when empty. The kind is found by the content. delimiters: those that may part the cells
    of a text file, where others stand in its words.

    Raises UnreadableFile here for a file that is not read, and while rows are read for one that is damaged further on.
    """
    file = open_binary(source, limits)
    name = name or (Path(source).name if isinstance(source, str | Path) else "")
    opened = [] if file is source else [file]
    try:
        kind = kind_of(file, name)
        notes = _suffix_notes(kind, name)
        if kind is FileKind.ZIP:
            file, name = data_file(file, limits)
            opened.append(file)
            kind = kind_of(file, name)
            if kind is FileKind.ZIP:
                raise UnreadableFile(_("There is a ZIP file in the ZIP file."), "nested")
            notes += _suffix_notes(kind, name)
        check_kind(kind, kinds)
        if kind is FileKind.CSV:
            tables = _csv(file, name, limits, delimiters)
        else:
            tables = _OPENERS.get(kind, _not_a_table)(file, limits)
    except BaseException:
        for each in reversed(opened):
            each.close()
        raise
    tables.notes[:0] = notes
    tables._open[:0] = opened
    return tables


def _suffix_notes(kind, name):
    message = suffix_note(kind, name)
    return [Note("suffix", message)] if message else []


def _csv(file, name, limits, delimiters):
    text = open_text(file, name, limits, delimiters)
    tables = Tables(FileKind.CSV, text=text, notes=_text_notes(text))
    tables.sheets = [Sheet("", "visible", 0, lambda _sheet, _layout: csv_reader.read_rows(text, limits))]
    return tables


def _text_notes(text):
    notes = []
    if text.encoding.foreign_lines:
        message = _(
            "Some lines are not in the encoding of the others. They were read as %(encoding)s; look at them."
        )
        label = Encoding(text.encoding.line_codec).label
        notes.append(Note("mixed_encoding", message % {"encoding": label}, text.encoding.foreign_lines))
    elif not text.encoding.certain:
        message = _("The file is not in UTF-8. It was read as %(encoding)s; look at some lines.")
        notes.append(Note("legacy_encoding", message % {"encoding": text.encoding.label}))
    if text.nul_letters:
        notes.append(Note("nul_letters", _("The file holds zero bytes, which were left out.")))
    return notes


def _xlsx(file, limits):
    package = open_package(file, limits)
    try:
        with damage_told():
            workbook = XlsxPackage(package, limits)
        reader = _XlsxSheets(workbook, _Meters(limits))
        sheets = [
            Sheet(part.title, part.visibility, index, reader.rows)
            for index, part in enumerate(workbook.sheets)
        ]
        if not sheets:
            raise UnreadableFile(_("The workbook has no sheets."), "empty")
    except BaseException:
        package.close()
        raise
    return Tables(FileKind.XLSX, sheets, calendar=workbook.calendar, _open=[package])


class _XlsxSheets:
    """Shared texts and formats are read once, when the first row is asked for."""

    def __init__(self, workbook, meters):
        self.workbook = workbook
        self.meters = meters
        self._parts = None

    def rows(self, sheet: Sheet, layout: Layout) -> Iterator[Row]:
        if self._parts is None:
            self._parts = self.workbook.texts(), self.workbook.formats()
        texts, formats = self._parts
        builder = RowBuilder(texts, formats, self.workbook.calendar, self.meters.meter(sheet))
        with self.workbook.open(self.workbook.sheets[sheet.index].path) as stream:
            yield from SheetReader(builder, layout).rows(stream)


class _Meters:
    """Cells are counted over all sheets of a file, each sheet once however often it is read."""

    def __init__(self, limits):
        self.limits = limits
        self._meters: dict[int, Meter] = {}

    def meter(self, sheet: Sheet) -> Meter:
        others = [each for index, each in self._meters.items() if index != sheet.index]
        self._meters[sheet.index] = Meter(self.limits, sheet.title, sum(each.own for each in others))
        return self._meters[sheet.index]


def _ods(file, limits):
    package = open_package(file, limits)
    try:
        with _content(package) as stream:
            found = ods_reader.read_sheets(stream)
        if not found:
            raise UnreadableFile(_("The workbook has no sheets."), "empty")
        if len(found) > limits.sheets:
            message = _("The workbook has more than %(most)s sheets.") % {"most": limits.sheets}
            raise UnreadableFile(message, "too_many_sheets")
    except BaseException:
        package.close()
        raise

    meters = _Meters(limits)

    def rows(sheet, layout):
        with _content(package) as stream:
            yield from ods_reader.read_rows(stream, sheet.index, meters.meter(sheet), layout)

    sheets = [Sheet(each.title, each.visibility, index, rows) for index, each in enumerate(found)]
    return Tables(FileKind.ODS, sheets, _open=[package])


def _content(package: ZipFile):
    with damage_told():
        return package.open("content.xml")


def _geojson(file, limits):
    features = geojson_reader.read_features(file, limits)
    sheet = Sheet("", "visible", 0, lambda _sheet, _layout: geojson_reader.read_rows(features, limits))
    return Tables(FileKind.GEOJSON, [sheet])


def _not_a_table(_file, _limits):
    message = _("The file holds no table. Give a CSV, XLSX, ODS or GeoJSON file.")
    raise UnreadableFile(message, "file_kind")


_OPENERS = {FileKind.XLSX: _xlsx, FileKind.ODS: _ods, FileKind.GEOJSON: _geojson}

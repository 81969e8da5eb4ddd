"""Offices as a table: the columns of a file, its rows as texts, and the export.

Columns (named in the first row; Arabic headings are accepted too): name_ar, name_ckb, name_en, slug, kind, governorate
(code, address or name), unit (code), district_*, address_*, landmark_*, mahalla, zuqaq, dar, latitude, longitude,
phones (separated by ;), whatsapp, email, access (separated by ;), sunday … saturday ("08:00-12:00, 13:00-15:00"),
hours ("sunday-thursday 08:00-15:00"), public (yes or no). An empty cell leaves the stored value as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from egov_cms.exchange.report import Place, Report
from egov_cms.language import content_languages, fold
from egov_cms.tabular import (
    Column,
    InvalidValue,
    Limits,
    Table,
    UnreadableFile,
    open_tables,
    values,
    write_xlsx,
)

from .hours_text import DAYS

MEGABYTE = 1024 * 1024
LIMITS = Limits(file_bytes=10 * MEGABYTE, rows=20_000, columns=200, cells=1_000_000)
KINDS = ("xlsx", "ods", "csv", "geojson")
TEXTS = ("name", "district", "address", "landmark")
PLAIN = ("mahalla", "zuqaq", "dar", "whatsapp", "email")
OTHER = (
    "slug",
    "kind",
    "governorate",
    "unit",
    "latitude",
    "longitude",
    "phones",
    "access",
    "hours",
    "public",
)
ARABIC_HEADINGS = {
    "الاسم": "name_ar",
    "اسم الدائرة": "name_ar",
    "الاسم بالكردية": "name_ckb",
    "الاسم بالانكليزية": "name_en",
    "المحافظة": "governorate",
    "النوع": "kind",
    "القضاء": "district_ar",
    "العنوان": "address_ar",
    "نقطة دالة": "landmark_ar",
    "المحلة": "mahalla",
    "الزقاق": "zuqaq",
    "الدار": "dar",
    "خط العرض": "latitude",
    "خط الطول": "longitude",
    "الهاتف": "phones",
    "البريد الالكتروني": "email",
    "اوقات الدوام": "hours",
}
_FOLDED_HEADINGS = {fold(heading): column for heading, column in ARABIC_HEADINGS.items()}


@dataclass
class OfficeRow:
    """One office of a file: texts by column, without empty cells; `refused`: columns whose value cannot be read."""

    number: int
    values: dict[str, str]
    sheet: str = ""
    cells: dict[str, str] = field(default_factory=dict)
    refused: frozenset[str] = frozenset()

    def place(self, column: str = "") -> Place:
        """The position of a column of this row in the file; of the row when the file has no such column."""
        shown = column if column in self.cells else ""
        return Place(sheet=self.sheet, row=self.number, column=column, cell=self.cells.get(shown, ""))


def read_offices(path, name: str, report: Report) -> list[OfficeRow] | None:
    """The rows of an office file; problems are added to `report`. None when the file as a whole cannot be read."""
    try:
        with open_tables(path, name=name, limits=LIMITS, kinds=KINDS) as tables:
            rows = list(_rows(tables.sheets[0], report))
    except UnreadableFile as problem:
        place = Place(sheet=problem.sheet, row=problem.row, line=problem.line)
        report.error(problem.code, str(problem), place=place)
        return None
    if not rows and report.ok:
        report.error("empty", _("The file has no rows."))
        return None
    return rows


def _rows(sheet, report) -> Iterator[OfficeRow]:
    columns: dict[int, str] | None = None
    for row in sheet.rows():
        if columns is None:
            columns = _columns(sheet.title, row, report)
            if not {"slug", "name_en"}.intersection(columns.values()) and not report.ok:
                # Without a column that identifies an office, every row would be refused for the same reason.
                return
            continue
        found, refused, cells = {}, set(), {}
        for cell in row.cells:
            name = columns.get(cell.column)
            if name is None:
                continue
            cells[name] = cell.address
            try:
                if text := values.text(cell, cached=True):
                    found[name] = text
            except InvalidValue as problem:
                refused.add(name)
                place = Place(sheet=sheet.title, row=row.number, column=name, cell=cell.address)
                report.error(problem.code, str(problem), value=problem.value, field=name, place=place)
        if found or refused:
            yield OfficeRow(row.number, found, sheet.title, cells, frozenset(refused))


def _columns(sheet, row, report) -> dict[int, str]:
    """Position → column. Unknown and repeated headings are refused; a column without a heading is skipped."""
    known = column_names()
    columns: dict[int, str] = {}
    for cell in row.cells:
        try:
            heading = values.text(cell, cached=True)
        except InvalidValue:
            heading = cell.text
        if not heading:
            continue
        name = _FOLDED_HEADINGS.get(fold(heading), heading.lower().replace(" ", "_").replace("-", "_"))
        place = Place(sheet=sheet, row=row.number, column=heading[:60], cell=cell.address)
        if name not in known:
            message = _("“%(heading)s” is not a known column.") % {"heading": heading[:60]}
            report.error("unknown_column", message + values.nearest(name, known), value=heading, place=place)
        elif name in columns.values():
            report.error("duplicate_column", _("This column is given twice."), value=heading, place=place)
        else:
            columns[cell.column] = name
    return columns


def column_names() -> list[str]:
    """Every allowed column of a file, in the order of the export."""
    texts = [f"{text}_{code}" for text in TEXTS for code in content_languages()]
    return ["slug", *texts, *(name for name in OTHER if name != "slug"), *PLAIN, *DAYS]


def export_offices(offices, rtl: bool) -> bytes:
    """An XLSX workbook of these offices (with hours prefetched); importing it again changes nothing."""
    names = [name for name in column_names() if name != "hours"]
    rows = ([_cell(office, name) for name in names] for office in offices)
    return write_xlsx([Table("Offices", [Column(name) for name in names], rows, rtl=rtl, frozen_columns=1)])


def _cell(office, name):
    text, _underscore, language = name.rpartition("_")
    if text in TEXTS:
        return getattr(office, text).in_locale(language)
    if name in DAYS:
        spans = [span for row in office.hours.all() if row.weekday == DAYS.index(name) for span in row.spans]
        return ", ".join(f"{span.opens:%H:%M}-{span.closes:%H:%M}" for span in spans)
    return {
        "governorate": lambda: office.governorate.code if office.governorate else None,
        "unit": lambda: office.unit.code if office.unit else None,
        "phones": lambda: "; ".join(office.phones),
        "access": lambda: "; ".join(office.access_features),
        "public": lambda: "yes" if office.is_public else "no",
    }.get(name, lambda: getattr(office, name))()

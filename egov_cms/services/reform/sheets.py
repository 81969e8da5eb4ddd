"""The reform report as a workbook, one sheet per table."""

from __future__ import annotations

from django.utils.translation import gettext as _

from egov_cms.services.quality.sheets import book_of
from egov_cms.services.reform.report import ReformReport


def workbook(report: ReformReport, language: str) -> bytes:
    """The XLSX file, with headings in the active language."""
    return book_of([(part.table.name, *_sheet(part)) for part in report.parts.values()], language)


def _sheet(part):
    has_services = any(column.kind == "service" for column in part.table.columns)
    headings = [column.heading for column in part.table.columns]
    rows = [[row.get(column.name) for column in part.table.columns] for row in part.rows]
    if has_services:
        headings = [_("Service code"), *headings]
        rows = [[row["code"], *cells] for row, cells in zip(part.rows, rows, strict=True)]
    return headings, rows

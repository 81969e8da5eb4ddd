"""Every list of the admin that is taken away as CSV or XLSX, Wagtail's own lists included.

Wagtail writes CSV without a byte order mark, so Excel shows its Arabic as noise, and text cells that a spreadsheet
program runs as formulas; its workbooks run left to right and hold times of UTC. The views share one mixin, so its two
writing methods are replaced here (`install`, from `AppConfig.ready`), and no list can be written in another way.
"""

from __future__ import annotations

import datetime

from django.utils import timezone
from django.utils.translation import get_language_bidi
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from egov_cms.tabular import Column, Table, write_csv, write_xlsx

CSV, XLSX = SpreadsheetExportMixin.FORMAT_CSV, SpreadsheetExportMixin.FORMAT_XLSX


def install():
    """Let all views of Wagtail's mixin write their files by `stream_csv` and `write_xlsx_file`."""
    SpreadsheetExportMixin.stream_csv = stream_csv
    SpreadsheetExportMixin.write_xlsx = write_xlsx_file


def stream_csv(view, queryset):
    """The bytes of a CSV file for Excel: with a byte order mark, translated titles and guarded text cells."""
    return write_csv(_rows(view, queryset, CSV), columns=_titles(view, queryset), bom=True, guard=True)


def write_xlsx_file(view, queryset, output):
    """Write an XLSX workbook to the open file `output`; its sheet runs in the direction of the editor's language."""
    columns = [Column(title) for title in _titles(view, queryset)]
    rows = _rows(view, queryset, XLSX)
    output.write(write_xlsx([Table("Sheet1", columns, rows, rtl=get_language_bidi())]))


def _titles(view, queryset) -> list[str]:
    return [view.get_heading(queryset, field) for field in view.list_export]


def _rows(view, queryset, file_format):
    for item in queryset:
        row = view.to_row_dict(item)
        yield [_value(view, field, row[field], file_format) for field in view.list_export]


def _value(view, field, value, file_format):
    if isinstance(value, datetime.datetime):
        return timezone.make_naive(value) if timezone.is_aware(value) else value
    return view.preprocess_field_value(field, value, file_format)

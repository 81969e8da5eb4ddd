"""Every list of the admin that is exported as CSV or XLSX, Wagtail's own lists included.

Wagtail writes CSV without a byte order mark, so Excel shows its Arabic as noise, and text cells that a spreadsheet
program runs as formulas; its workbooks run left to right and hold times in UTC. `install` (from `AppConfig.ready`)
replaces the two functions that write all of them.
"""

from __future__ import annotations

import datetime

from django.utils import timezone
from django.utils.translation import get_language_bidi

from egov_cms.adapters.wagtail.admin import exported_rows, exported_titles, write_exports_with
from egov_cms.tabular import Column, Table, write_csv, write_xlsx


def install():
    """Let all lists of the admin write their files by the functions of this module."""
    write_exports_with(stream_csv, write_xlsx_file)


def stream_csv(view, queryset):
    """The bytes of a CSV file for Excel: with a byte order mark, translated titles and guarded text cells."""
    rows = exported_rows(view, queryset, "csv", _local_time)
    return write_csv(rows, columns=exported_titles(view, queryset), bom=True, guard=True)


def write_xlsx_file(view, queryset, output):
    """Write an XLSX workbook to the open file `output`; its sheet runs in the direction of the editor's language."""
    columns = [Column(title) for title in exported_titles(view, queryset)]
    rows = exported_rows(view, queryset, "xlsx", _local_time)
    output.write(write_xlsx([Table("Sheet1", columns, rows, rtl=get_language_bidi())]))


def _local_time(value):
    """Times in the time zone of the site, without the zone, which no spreadsheet knows."""
    if isinstance(value, datetime.datetime):
        return (timezone.make_naive(value) if timezone.is_aware(value) else value), True
    return value, False

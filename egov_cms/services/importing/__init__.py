"""Services in and out: a workbook that editors change and send in again, and YAML.

A file is read from a workbook (`workbook_reader`) or YAML (`yaml_reader`) into plain services (`plain`); these are
checked (`checks`), compared with the stored ones and written (`writer`), all or nothing. `handler` joins the parts into the
kind “services” of `egov_cms.exchange`. The workbook has a sheet for services (the languages side by side), one each for
documents, fees, steps, channels and offices, and Lists and Help; `columns` defines their columns, from which the writer, the
reader, the comments, the drop-downs and the sheet Help are made. What has no column stays as it is.
"""

from __future__ import annotations

from egov_cms.exchange.report import Report
from egov_cms.exchange.runs import import_file
from egov_cms.services.importing.export import export_services

__all__ = ["export_services", "import_services"]


def import_services(
    path, *, publish=False, dry_run=False, user=None, approved_by=None, reason="", progress=None
) -> Report:
    """Bring the services of one of the suite's own files into the catalogue, in this process.

    They are found by `service_code` and row key, in all languages. publish: publish them, otherwise drafts. reason: why
    fees change, for services that give none. Nothing is written when anything is refused. OSError: the file cannot be read.
    """
    return import_file(
        "services",
        path,
        write=not dry_run,
        publish=publish,
        user=user,
        approved_by=approved_by,
        reason=reason,
        progress=progress,
        limited=False,
    )

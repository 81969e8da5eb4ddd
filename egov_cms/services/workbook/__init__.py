"""The catalogue as one XLSX workbook that editors change and import again.

Eight sheets: Services (one row a service, the languages side by side), Documents, Fees, Steps, Channels and Offices (rows
keyed by `service_code` and `key`), Lists (every code with its names) and Help. `columns` declares what stands where; the
writer, the reader, the comments, the drop-downs and the Help sheet are all made from it.

    export_services()                      -> bytes of the newest version of every service, drafts included
    reading.read(data, file, report, …)    -> PlainCatalogue, the form that YAML comes to as well

What the workbook has no column for (questions and answers, legal basis, results, conditions, relations, bodies that take
part, forms to download, free text) stays as it is when a workbook is imported.
"""

from __future__ import annotations

__all__ = ["export_services"]


def export_services(codes=None, language=None) -> bytes:
    """The workbook of the services with these codes, or of all; headings' comments and direction suit `language`."""
    from egov_cms.language import content_languages
    from egov_cms.services.workbook.current import current_services
    from egov_cms.services.workbook.lists import Lists
    from egov_cms.services.workbook.writing import workbook

    languages = content_languages()
    return workbook(current_services(codes), Lists(languages), languages, language or languages[0])

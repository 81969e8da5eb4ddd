"""`manage.py import_services FILE`: import services from a file in one transaction."""

from egov_cms.exchange.commands import ImportCommand


class Command(ImportCommand):
    help = (
        "Import services from XLSX, ODS or YAML: found by service code and row key, drafts unless --publish."
    )
    kind = "services"
    file_help = "workbook of export_services, or YAML in the form of iraq_services.yaml"

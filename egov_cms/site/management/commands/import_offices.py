"""import_offices FILE: offices from XLSX, ODS, CSV or GeoJSON; all rows or none."""

from egov_cms.exchange.commands import ImportCommand


class Command(ImportCommand):
    help = "Creates and updates offices from XLSX, ODS, CSV or GeoJSON. Nothing is written when a row is refused."
    kind = "offices"

"""`manage.py export_services FILE.xlsx`: the catalogue as a workbook that is changed and imported again."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from egov_cms.language import content_languages
from egov_cms.services.importing import export_services


class Command(BaseCommand):
    help = "Export services as an XLSX workbook that is changed and imported again; drafts included."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="the workbook to write, ending in .xlsx")
        parser.add_argument(
            "--code", action="append", metavar="CODE", help="only this service; may be repeated"
        )
        parser.add_argument(
            "--language", help="language of the sheets' direction and comments, a code of the site"
        )

    def handle(self, *, file, code, language, verbosity, **options):
        if file.suffix.lower() != ".xlsx":
            raise CommandError(f"{file}: the name of a workbook ends in .xlsx")
        if language and language not in content_languages():
            raise CommandError(f"The site does not have the language {language!r}.")
        data = export_services(code, language)
        try:
            file.write_bytes(data)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror or error}") from error
        if verbosity:
            self.stdout.write(f"{file}: {len(data)} bytes")

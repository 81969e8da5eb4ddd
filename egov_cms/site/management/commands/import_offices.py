"""import_offices FILE: offices from XLSX, CSV or GeoJSON; all rows or none."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from egov_cms.site.importing import import_offices


class Command(BaseCommand):
    help = "Creates and updates offices from XLSX, CSV or GeoJSON. Nothing is written when a row is refused."

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--dry-run", action="store_true", help="check everything, write nothing")
        parser.add_argument(
            "--report", metavar="FILE.json", help="write what was done, and every problem, to this file"
        )

    def handle(self, *args, **options):
        report = import_offices(options["file"], dry_run=options["dry_run"], progress=self._progress())
        if options["report"]:
            text = json.dumps(report.as_dict(), ensure_ascii=False, indent=2)
            Path(options["report"]).write_text(text + "\n", encoding="utf-8")
        for problem in report.problems:
            self.stderr.write(str(problem))
        if report.refused:
            raise CommandError(_("Nothing was written. Number of problems: %d") % len(report.problems))
        self.stdout.write(
            _("Created: %(created)d. Updated: %(updated)d. Unchanged: %(unchanged)d.")
            % {
                "created": len(report.created),
                "updated": len(report.updated),
                "unchanged": len(report.unchanged),
            }
        )

    def _progress(self):
        if not self.stderr.isatty():
            return None

        def show(done, every):
            self.stderr.write(f"\r{done}/{every}", ending="\n" if done == every else "")

        return show

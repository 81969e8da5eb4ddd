"""`manage.py undo_import BATCH`: take one import of services back as a whole."""

import sys

from django.core.management.base import CommandError

from egov_cms.services.importing.undoing import CannotUndo, undo
from egov_cms.services.management.reported import ReportedCommand
from egov_cms.services.models import ImportBatch

LISTED = 10


class Command(ReportedCommand):
    help = "Undo an import of services: what it made goes, what it changed returns as a draft, what was edited since stays."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument(
            "batch", type=int, nargs="?", help="number of the import; without one the last are listed"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="write nothing; report what would be undone"
        )

    def handle(self, *, batch, dry_run, report, user, verbosity, **options):
        if batch is None:
            self._list()
            return
        found = ImportBatch.objects.filter(pk=batch).first()
        if found is None:
            raise CommandError(f"There is no import {batch}.")
        try:
            done = undo(found, user=self.user_named(user), dry_run=dry_run)
        except CannotUndo as problem:
            raise CommandError(str(problem)) from problem
        self.write_report(report, done)
        for kept in done.kept:
            self.stderr.write(f"{kept.service_code} ({kept.locale or '—'}): {kept.reason}")
        if verbosity:
            would = "would be " if dry_run else ""
            self.stdout.write(
                f"{len(done.removed)} services {would}deleted, {len(done.restored)} {would}brought back, "
                f"{len(done.kept)} pages {would}left as they are."
            )
        if done.kept:
            sys.exit(1)

    def _list(self):
        for batch in ImportBatch.objects.defer("data", "report")[:LISTED]:
            self.stdout.write(
                f"{batch.pk}: {batch.started_at:%Y-%m-%d %H:%M} {batch.file_name}: {batch.created} created, "
                f"{batch.changed} changed, {batch.get_state_display()}"
            )

"""`manage.py undo_import RUN`: take what one file did back as a whole."""

import json
import sys

from django.core.management.base import CommandError

from egov_cms.exchange import runs
from egov_cms.exchange.commands import UserCommand
from egov_cms.exchange.models import ExchangeRun, State
from egov_cms.exchange.undoing import CannotUndo

LISTED = 10


class Command(UserCommand):
    help = "Undo an import: delete what it created, restore what it changed; what was edited since or is public stays."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument(
            "run", type=int, nargs="?", help="number of the run; without one the last are listed"
        )
        parser.add_argument("--reason", default="", help="why it is undone")

    def handle(self, *, run, dry_run, report, user, reason, verbosity, **options):
        if run is None:
            self._list()
            return
        found = ExchangeRun.objects.filter(pk=run).first()
        if found is None:
            raise CommandError(f"There is no run {run}.")
        try:
            done = runs.undo(found, self.user_named(user), reason, dry_run=dry_run, trusted=True)
        except CannotUndo as problem:
            raise CommandError(str(problem)) from problem
        if report:
            text = json.dumps(done.as_dict(), ensure_ascii=False, indent=1)
            report.write_text(text + "\n", encoding="utf-8")
        for kept in done.kept:
            self.stderr.write(f"{kept.item} ({kept.locale or '—'}): {kept.reason}")
        if verbosity:
            would = "would be " if dry_run else ""
            self.stdout.write(
                f"{len(done.removed)} {would}deleted, {len(done.restored)} {would}brought back, "
                f"{len(done.kept)} {would}left as they are."
            )
        if done.kept:
            sys.exit(1)

    def _list(self):
        written = ExchangeRun.objects.filter(state__in=(State.WRITTEN, State.UNDONE))
        for run in written.order_by("-written_at")[:LISTED]:
            counts = run.counts
            self.stdout.write(
                f"{run.pk}: {run.written_at:%Y-%m-%d %H:%M} {run.kind} {run.file_name}: "
                f"{counts.get('created', 0)} created, {counts.get('changed', 0)} changed, {run.state}"
            )

"""`manage.py import_services FILE`: the catalogue out of a file, all of it or nothing."""

import sys
from contextlib import nullcontext
from pathlib import Path

from django.core.management.base import CommandError

from egov_cms.adapters.wagtail.permissions import page_permission_policy
from egov_cms.services.importing import import_services
from egov_cms.services.management.reported import ReportedCommand
from egov_cms.services.publishing.fee_approval import approval

SHOWN = 50


class Command(ReportedCommand):
    help = "Import services from XLSX or YAML: found by service code and row key, drafts unless --publish."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument(
            "file", type=Path, help="XLSX of export_services, or YAML in the form of iraq_services.yaml"
        )
        parser.add_argument("--publish", action="store_true", help="publish the services that pass the gate")
        parser.add_argument("--dry-run", action="store_true", help="write nothing; report what would change")
        parser.add_argument(
            "--approved-by",
            default="",
            metavar="USER",
            help="with --publish: the second person for changed fees",
        )
        parser.add_argument(
            "--reason",
            default="",
            help="why fees changed, where the file gives no reason; stands in the public log of changes",
        )

    def handle(self, *, file, publish, dry_run, report, user, approved_by, reason, verbosity, **options):
        approver = self._approver(approved_by)
        try:
            with approval(approver, reason) if approver else nullcontext():
                outcome = import_services(
                    file,
                    publish=publish,
                    dry_run=dry_run,
                    user=self.user_named(user),
                    reason=reason.strip(),
                    progress=self._progress if verbosity and self.stdout.isatty() else None,
                )
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror or error}") from error
        self.write_report(report, outcome)
        self._say(outcome, verbosity)
        if not outcome.ok:
            sys.exit(1)

    def _approver(self, name):
        """Somebody who may publish: approving on a command line needs the right to do it in the admin."""
        user = self.user_named(name)
        if user and not page_permission_policy.user_has_permission(user, "publish"):
            raise CommandError(f"{name!r} may not publish pages, so cannot approve.")
        return user

    def _progress(self, done, total, code):
        self.stdout.write(f"\r{done}/{total} {code}        ", ending="\n" if done == total else "")
        self.stdout.flush()

    def _say(self, outcome, verbosity):
        for problem in outcome.refused[:SHOWN]:
            self.stderr.write(self.style.ERROR(str(problem)))
        if len(outcome.refused) > SHOWN:
            self.stderr.write(f"… and {len(outcome.refused) - SHOWN} more; see --report FILE.json")
        if verbosity:
            for warning in outcome.warnings[:SHOWN]:
                self.stderr.write(self.style.WARNING(str(warning)))
        if not outcome.ok:
            self.stderr.write(f"{len(outcome.refused)} problems: nothing was written.")
            return
        would = "would be " if outcome.dry_run else ""
        self.stdout.write(
            f"{len(outcome.created)} {would}created, {len(outcome.changed)} {would}changed, "
            f"{len(outcome.unchanged)} unchanged in {outcome.seconds:.1f} s."
        )
        if verbosity and outcome.dry_run:
            for change in outcome.changes[:SHOWN]:
                self.stdout.write(
                    f"{change.item} {change.field} ({change.locale}): {change.before!r} → {change.after!r}"
                )
            if len(outcome.changes) > SHOWN:
                self.stdout.write(f"… and {len(outcome.changes) - SHOWN} more; see --report FILE.json")
        elif verbosity and outcome.batch:
            self.stdout.write(f"To undo it: manage.py undo_import {outcome.batch}")

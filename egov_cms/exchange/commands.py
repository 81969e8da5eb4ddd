"""What commands share that take a file in: arguments, progress, report, exit status."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.urls import NoReverseMatch, reverse

from egov_cms.exchange import handlers, runs
from egov_cms.exchange.process import ProcessProblem
from egov_cms.exchange.report import ERROR

SHOWN = 50
# The exit status when what was to be published waits for a second person.
NOT_APPROVED = 3


class UserCommand(BaseCommand):
    """A command with `--user`, `--report` and `--dry-run`."""

    def add_arguments(self, parser):
        parser.add_argument("--report", type=Path, metavar="FILE.json", help="write the report as JSON")
        parser.add_argument("--user", default="", help="name of the user for whom the changes are made")
        parser.add_argument("--dry-run", action="store_true", help="write nothing; report what would happen")

    def user_named(self, name):
        """The user of this name, None without a name. CommandError: there is none."""
        if not name:
            return None
        model = get_user_model()
        try:
            return model.objects.get_by_natural_key(name)
        except model.DoesNotExist:
            raise CommandError(f"There is no user {name!r}.") from None


class ImportCommand(UserCommand):
    """`manage.py import_KIND FILE`: set `kind` and `help`. Status 0 only when nothing was refused.

    options(**given): the options of the run, from further arguments of the command.
    """

    kind = ""
    file_help = "the file to read"

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, help=self.file_help)
        if handlers.get(self.kind).publishes:
            parser.add_argument(
                "--publish",
                action="store_true",
                help="publish what a second person has confirmed in the admin; otherwise drafts are made, and status 3",
            )
        parser.add_argument("--reason", default="", help="why facts change, where the file gives no reason")

    def options(self, **given):
        return {}

    def handle(self, *, file, dry_run, report, user, reason, verbosity, publish=False, **options):
        waiting = None
        with tempfile.TemporaryDirectory(prefix="egov-exchange-") as folder:
            given = {
                "user": self.user_named(user),
                "reason": reason,
                "options": self.options(**options),
                "progress": self._progress if verbosity and self.stdout.isatty() else None,
                "folder": Path(folder),
            }
            try:
                if publish and not dry_run:
                    outcome, waiting = runs.publish_file(self.kind, file, **given)
                else:
                    outcome = runs.import_file(self.kind, file, write=not dry_run, publish=publish, **given)
            except OSError as error:
                raise CommandError(f"{file}: {error.strerror or error}") from error
            except ProcessProblem as problem:
                raise CommandError(f"{file}: {problem}") from problem
            if report:
                outcome.write_json(report)
        self._say(outcome, verbosity)
        if not outcome.ok:
            sys.exit(1)
        if publish and not dry_run and waiting is None:
            self.stdout.write("All of it is published.")
        if waiting is not None:
            self._say_waiting(waiting)
            sys.exit(NOT_APPROVED)

    def _say_waiting(self, run):
        try:
            address = reverse("egov_exchange_run", args=[run.pk])
        except NoReverseMatch:
            address = f"run {run.pk}"
        self.stderr.write(
            f"Nothing was published: these are drafts. A second person confirms the run in the admin: {address} "
            f"({run.get_state_display()})."
        )

    def _progress(self, done, total, label):
        if total:
            self.stdout.write(f"\r{done}/{total} {label}        ", ending="\n" if done == total else "")
            self.stdout.flush()

    def _say(self, outcome, verbosity):
        self._list_issues(outcome, verbosity)
        if not outcome.ok:
            problems = "problem" if outcome.error_count == 1 else "problems"
            self.stderr.write(f"{outcome.error_count} {problems}: nothing was written.")
            return
        would = "would be " if outcome.dry_run else ""
        counts = outcome.counts
        self.stdout.write(
            f"{counts['created']} {would}created, {counts['changed']} {would}changed, "
            f"{counts['unchanged']} unchanged in {outcome.seconds:.1f} s."
        )
        if verbosity and outcome.dry_run:
            for change in outcome.changes[:SHOWN]:
                before, after = (
                    _shown(change.before, change.shown_before),
                    _shown(change.after, change.shown_after),
                )
                language = f" ({change.locale})" if change.locale else ""
                self.stdout.write(
                    f"{change.item} {change.label or change.field}{language}: {before} → {after}"
                )
            if outcome.change_count > SHOWN:
                self.stdout.write(f"… and {outcome.change_count - SHOWN} more; see --report FILE.json")
        elif verbosity and outcome.run:
            self.stdout.write(f"To undo it: manage.py undo_import {outcome.run}")

    def _list_issues(self, outcome, verbosity):
        shown = 0
        for issue in sorted(outcome.issues, key=lambda issue: issue.severity)[: 2 * SHOWN]:
            is_error = issue.severity == ERROR
            if shown >= SHOWN or not (is_error or verbosity):
                continue
            shown += 1
            style = self.style.ERROR if is_error else self.style.WARNING
            self.stderr.write(style(f"{outcome.file}: {issue}"))
        if outcome.issue_count > SHOWN:
            self.stderr.write(f"… and {outcome.issue_count - shown} more; see --report FILE.json")


def _shown(value, text):
    if text or value in (None, "", []):
        return text or "—"
    return repr(value)

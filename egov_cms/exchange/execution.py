"""One step of a run: read the file, apply it, keep or roll back. It is called in the child process (`runs` does so)."""

from __future__ import annotations

import tempfile
import time
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from egov_cms.adapters.django import delete_unseen
from egov_cms.exchange import files, handlers
from egov_cms.exchange.models import ExchangeFile, ExchangeIssue, ExchangeRun, State
from egov_cms.exchange.report import Report
from egov_cms.policies import Policy

# What surrounds the writing of a run: the room of pages makes it one publication.
publication = Policy("exchange.publication", default=nullcontext)
ISSUES_AT_ONCE = 1_000


@dataclass(frozen=True)
class Step:
    """What is to be done, in values that can be sent to another process.

    kind, name, publish, reason, language, options: as of the run. user, approved_by: primary keys. write: commit what
    passes, else only check. module: where the handler is registered, which the child must have imported. path: the file,
    where it is not the one that `run` keeps. run: the run that this is a step of; None: a command's, which becomes a run
    once it has written something. attempt: number of the step; another one has begun when the run has a higher one.
    confirmed: the digest of what may be written, "" for anything. trusted: the rights of `user` are not checked.
    """

    kind: str
    name: str
    write: bool
    module: str
    path: str = ""
    run: int | None = None
    attempt: int = 0
    confirmed: str = ""
    publish: bool = False
    reason: str = ""
    language: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    user: Any = None
    approved_by: Any = None
    trusted: bool = False


class Overtaken(Exception):
    """Another step of the run has begun meanwhile: this one has no effect."""


def of_run(run: ExchangeRun, *, write: bool) -> Step:
    """The step that checks, or writes, a run."""
    return Step(
        kind=run.kind,
        name=run.file_name,
        write=write,
        module=type(handlers.get(run.kind)).__module__,
        run=run.pk,
        attempt=run.attempt,
        confirmed=run.digest if write else "",
        publish=run.publish,
        reason=run.reason,
        language=run.language,
        options=run.options,
        user=run.received_by_id,
        approved_by=run.confirmed_by_id,
    )


def execute_run(step: Step, progress=None) -> None:
    """Take a run one step further and store how it went. Raises Overtaken; FileDamaged when the file is not there."""
    with tempfile.TemporaryDirectory(prefix="egov-exchange-") as folder:
        execute(step, Path(folder), progress)


def execute(step: Step, folder: Path, progress=None) -> Report:
    """Do the step, with `folder` for the full lists of the report."""
    started = time.monotonic()
    report = Report(step.name, step.kind, dry_run=not step.write, publish=step.publish, folder=folder)
    with override(step.language or get_language()), _source(step) as source:
        import_module(step.module)
        handler = handlers.get(step.kind)
        context = _context(step, folder, progress)
        data = handler.read(source, report, context)
        with transaction.atomic(), publication():
            if step.write:
                _one_at_a_time(step.kind)
                context.run = _begin(step, source)
            if data is not None:
                handler.apply(data, report, context)
            if report.ok and step.confirmed and report.digest != step.confirmed:
                message = _("Something has changed since the differences were looked at. Look at them again.")
                report.error("changed_meanwhile", message)
            if not report.ok:
                report.forget_outcomes()
            report.seconds = time.monotonic() - started
            report.finish()
            written = step.write and report.ok
            if written and step.run is None and not report.does_something:
                context.run.delete()
            elif written:
                context.store_items()
                report.run = context.run.pk
                _store(context.run, report, State.WRITTEN)
            else:
                transaction.set_rollback(True)
    if step.run is not None and not written:
        with transaction.atomic():
            _store(_locked(step), report, State.CHECKED if report.ok else State.REFUSED)
    return report


@contextmanager
def _source(step):
    if step.path:
        path = Path(step.path)
        yield handlers.Source(path, step.name, path.stat().st_size, files.hash_of(path))
        return
    kept = ExchangeFile.objects.filter(run=step.run, role=ExchangeFile.SOURCE).first()
    if kept is None:
        raise files.FileDamaged(_("The file is not kept any more."))
    with files.local_copy(kept.sha256) as path:
        yield handlers.Source(path, step.name, kept.size, kept.sha256)


def _context(step, folder, progress):
    users = get_user_model()._base_manager.in_bulk({step.user, step.approved_by} - {None})
    return handlers.Context(
        user=users.get(step.user),
        language=step.language,
        options=step.options,
        reason=step.reason,
        publish=step.publish,
        approved_by=users.get(step.approved_by),
        dry_run=not step.write,
        progress=progress or (lambda done=0, total=0, label="": None),
        folder=folder,
        trusted=step.trusted,
        run=ExchangeRun.objects.filter(pk=step.run).first() if step.run else None,
    )


def _one_at_a_time(kind):
    """Let two runs of a kind be written one after the other."""
    if connection.features.has_select_for_update:
        list(ExchangeRun.objects.select_for_update().filter(kind=kind).order_by("pk").values("pk")[:1])


def _begin(step, source) -> ExchangeRun:
    """The run that is written: the one of the step, or a new one for a command."""
    if step.run is not None:
        return _locked(step)
    now = timezone.now()
    run = ExchangeRun.objects.create(
        kind=step.kind,
        state=State.WRITING,
        file_name=step.name[-255:],
        options=step.options,
        language=step.language,
        publish=step.publish,
        reason=step.reason[:500],
        received_by_id=step.user,
        received_at=now,
        confirmed_by_id=step.approved_by,
        confirmed_at=now if step.approved_by else None,
    )
    if handlers.get(step.kind).keeps_source:
        with source.open() as opened:
            _keep(run, ExchangeFile.SOURCE, step.name, opened)
    return run


def _locked(step) -> ExchangeRun:
    run = ExchangeRun.objects.select_for_update().filter(pk=step.run).first()
    expected = State.WRITING if step.write else State.CHECKING
    if run is None or run.attempt != step.attempt or run.state != expected:
        raise Overtaken
    return run


def _store(run, report, state):
    """Write into the run how the step went."""
    now = timezone.now()
    run.state = state
    if state == State.WRITTEN:
        run.written_at = now
        if not handlers.get(run.kind).keeps_source:
            run.files.filter(role=ExchangeFile.SOURCE).delete()
    else:
        run.checked_at = now
    run.digest = report.digest if report.ok else ""
    run.counts = {**report.counts, "changes": report.change_count}
    run.totals = {
        total.code: {"errors": total.errors, "warnings": total.warnings} for total in report.totals.values()
    }
    run.reason_for, run.result = report.reason_for, report.result
    run.seconds = round(report.seconds, 3)
    run.failure, run.failure_code, run.resumes_from = "", "", ""
    run.save()
    _store_issues(run, report)
    roles = (ExchangeFile.ISSUES, ExchangeFile.CHANGES)
    run.files.filter(role__in=roles).delete()
    for role, path in report.lists.items():
        with path.open("rb") as opened:
            _keep(run, role, path.name, opened)


def _store_issues(run, report):
    delete_unseen(run.issues.all())
    found = sorted(report.issues, key=lambda issue: (issue.severity, issue.number))
    for start in range(0, len(found), ISSUES_AT_ONCE):
        ExchangeIssue.objects.bulk_create(
            ExchangeIssue(
                run=run,
                number=issue.number,
                severity=issue.severity,
                code=issue.code[:60],
                message=issue.message,
                item=issue.item,
                field=issue.field[:200],
                value=issue.value,
                file=issue.place.file[:255],
                sheet=issue.place.sheet[:100],
                row=issue.place.row,
                column=issue.place.column[:200],
                cell=issue.place.cell[:20],
                line=issue.place.line,
            )
            for issue in found[start : start + ISSUES_AT_ONCE]
        )


def _keep(run, role, name, opened):
    stored = files.keep(opened)
    values = {"name": name[-255:], "sha256": stored.sha256, "size": stored.size}
    ExchangeFile.objects.update_or_create(run=run, role=role, defaults=values)

"""A file from its arrival to its effect, and back: received, checked, confirmed, written, undone.

    run = receive("services", file, "services.xlsx", user)   # checked in the background
    confirm(run, user, reason="…", digest=run.digest)         # written in the background
    undo(run, user)

Every step may be asked for twice and happens once. `import_file` is the same for commands, in one step.
"""

from __future__ import annotations

import datetime
import tempfile
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from egov_cms.conf import egov_settings
from egov_cms.exchange import execution, files, handlers, permissions, tasks
from egov_cms.exchange.models import ExchangeFile, ExchangeRun, State
from egov_cms.exchange.report import Report
from egov_cms.exchange.steps import call, note_death, take
from egov_cms.exchange.undoing import MOST_KEPT, CannotUndo, Undone


class NotPossible(Exception):
    """The run is not where this step begins, or the file cannot be taken; `code` is for machines."""

    def __init__(self, message, code):
        super().__init__(message)
        self.code = code


def receive(
    kind: str,
    file,
    name: str,
    user=None,
    options: dict[str, Any] | None = None,
    *,
    publish=False,
    reason="",
    trusted=False,
) -> ExchangeRun:
    """Store an uploaded file and queue its check.

    file: open, binary, can be read twice (an upload). publish: what a second person confirms is published. trusted: the
    rights of `user` are not asked for (a command line). Raises PermissionDenied; NotPossible when the file is too large or
    empty.
    """
    if not trusted:
        _require(user, kind, permissions.RECEIVE)
    handler = handlers.get(kind)
    forget_old()
    stored = files.keep(file)
    if stored.size > handler.largest_bytes:
        size = handler.largest_bytes // 1024 // 1024
        raise NotPossible(_("The file is larger than %(size)s MB.") % {"size": size}, "too_large")
    if not stored.size:
        raise NotPossible(_("The file is empty."), "empty")
    with transaction.atomic():
        run = ExchangeRun.objects.create(
            kind=kind,
            file_name=Path(name).name[-255:],
            options=options or {},
            language=get_language() or "",
            received_by=user,
            publish=publish,
            reason=reason.strip()[:500],
        )
        ExchangeFile.objects.create(
            run=run,
            role=ExchangeFile.SOURCE,
            name=run.file_name,
            sha256=stored.sha256,
            size=stored.size,
        )
    _enqueue(run)
    return run


def confirm(run: ExchangeRun, user=None, reason: str = "", digest: str = ""):
    """Let a checked run be written. digest: `run.digest` of what `user` was shown.

    Raises PermissionDenied, also where a second person must confirm; NotPossible when it is not waiting for that, when it
    would do something else by now, or when a reason is needed and missing.
    """
    _require(user, run.kind, permissions.CONFIRM)
    if run.publish:
        _require(user, run.kind, permissions.PUBLISH)
    reason = reason.strip() or run.reason
    with transaction.atomic():
        run = _locked(run)
        if user is None and run.publish:
            raise PermissionDenied(_("A second person must confirm: whoever sent a file cannot do it alone."))
        if user is not None and user.pk == run.received_by_id and permissions.needs_second_person(run):
            raise PermissionDenied(_("A second person must confirm: whoever sent a file cannot do it alone."))
        if run.state != State.CHECKED:
            raise _further()
        if digest != run.digest:
            message = _("Something has changed since the differences were looked at. Look at them again.")
            raise NotPossible(message, "changed_meanwhile")
        if run.reason_for and not reason:
            raise NotPossible(_("A reason is needed."), "reason_missing")
        run.state, run.reason = State.CONFIRMED, reason[:500]
        run.confirmed_by, run.confirmed_at = user, timezone.now()
        run.save(update_fields=["state", "reason", "confirmed_by", "confirmed_at"])
    _enqueue(run)
    return run


def undo(run: ExchangeRun, user=None, reason: str = "", dry_run=False, trusted=False) -> Undone:
    """Revert what a run wrote; what was edited since, and what is public, is left and listed with the reason.

    trusted: the rights of `user` are not asked for (a command line). Raises PermissionDenied; CannotUndo when it was not
    written, or was undone already.
    """
    if not trusted:
        _require(user, run.kind, permissions.UNDO)
    with transaction.atomic(), execution.publication():
        run = _locked(run)
        if run.state == State.UNDONE:
            raise CannotUndo(_("This run was undone already."))
        if run.state != State.WRITTEN:
            raise CannotUndo(_("Only a run that was written can be undone."))
        context = handlers.Context(
            user=user,
            language=get_language() or "",
            reason=reason,
            dry_run=dry_run,
            options=run.options,
            trusted=trusted,
        )
        done = handlers.get(run.kind).undo(run, context)
        done.dry_run = dry_run
        if dry_run:
            transaction.set_rollback(True)
            return done
        if done.did_something:
            run.state, run.undone_by, run.undone_at = State.UNDONE, user, timezone.now()
            run.undo_reason = reason.strip()[:500]
        run.undo_report = {**done.as_dict(), "kept": done.as_dict()["kept"][:MOST_KEPT]}
        run.save(update_fields=["state", "undone_by", "undone_at", "undo_reason", "undo_report"])
    return done


def resume(run: ExchangeRun, user=None):
    """Repeat the step in which a run failed or whose process died. Raises PermissionDenied, NotPossible."""
    with _taken(run, user, State.FAILED) as run:
        if not run.files.filter(role=ExchangeFile.SOURCE).exists():
            raise NotPossible(_("The file is not kept any more; send it again."), "file_damaged")
        run.state = run.resumes_from or State.RECEIVED
        run.save(update_fields=["state"])
    _enqueue(run)
    return run


def check_again(run: ExchangeRun, user=None):
    """Check a run again, because the database has changed since. Raises PermissionDenied, NotPossible."""
    with _taken(run, user, State.CHECKED, State.REFUSED, State.FAILED) as run:
        run.state = State.RECEIVED
        run.save(update_fields=["state"])
    _enqueue(run)
    return run


def drop(run: ExchangeRun, user=None):
    """Drop a run that has written nothing; its files are removed. Raises PermissionDenied, NotPossible."""
    with _taken(run, user, State.RECEIVED, State.CHECKED, State.REFUSED, State.FAILED) as run:
        run.state, run.closed_at = State.DROPPED, timezone.now()
        run.save(update_fields=["state", "closed_at"])
        run.files.all().delete()
    return run


@contextmanager
def _taken(run, user, *states):
    """The run, locked within the block, for whoever may send files of its kind, and only in one of these states."""
    _require(user, run.kind, permissions.RECEIVE)
    with transaction.atomic():
        run = _locked(run)
        note_death(run)
        if run.state not in states:
            raise _further()
        yield run


def import_file(
    kind: str,
    path,
    *,
    write=True,
    publish=False,
    user=None,
    approved_by=None,
    reason="",
    options=None,
    progress=None,
    limited=True,
    folder: Path | None = None,
) -> Report:
    """Check a file, and write it unless something is refused: for commands and for the suite's own files.

    write: False: only check. limited: in a child process; the suite's own files need none. folder: where the full lists of
    the report stay; without one it has the samples only. A run is made of what was written (`report.run`). OSError: the file
    cannot be read; ProcessProblem: it took too much time or memory.
    """
    path = Path(path).resolve()
    with path.open("rb"):
        pass
    step = execution.Step(
        kind=kind,
        name=path.name,
        write=write,
        module=type(handlers.get(kind)).__module__,
        path=str(path),
        publish=publish,
        reason=reason.strip(),
        language=get_language() or "",
        options=options or {},
        user=user and user.pk,
        approved_by=approved_by and approved_by.pk,
        trusted=True,
    )
    if folder is not None:
        return call(execution.execute, step, folder, limited=limited, progress=progress)
    with tempfile.TemporaryDirectory(prefix="egov-exchange-") as passing:
        return call(execution.execute, step, Path(passing), limited=limited, progress=progress)


def publish_file(
    kind: str, path, *, user=None, reason="", options=None, **how
) -> tuple[Report, ExchangeRun | None]:
    """Publish what a second person has confirmed in the admin, else make drafts: what `--publish` of commands does.

    Returns the report and the run that waits to be confirmed, or was confirmed; None when there is nothing to publish.
    The confirmation holds for this file with these options, as long as it does what was confirmed. `how`: progress and
    folder, as of `import_file`.
    """
    path, options = Path(path).resolve(), options or {}
    same = ExchangeRun.objects.filter(
        kind=kind, publish=True, files__role=ExchangeFile.SOURCE, files__sha256=files.hash_of(path)
    )
    run = next((each for each in same.order_by("-pk") if each.options == options), None)
    if run is not None and run.state == State.CONFIRMED:
        take(run.pk, State.WRITING)
        run.refresh_from_db()
    given = {"user": user, "reason": reason, "options": options, **how}
    report = import_file(kind, path, write=False, publish=True, **given)
    if not report.ok or not report.does_something:
        return report, None
    report = import_file(kind, path, **given)
    if not report.ok:
        return report, None
    if run is None or run.state not in (State.RECEIVED, State.CHECKING, State.CHECKED):
        with path.open("rb") as opened:
            run = receive(kind, opened, path.name, user, options, publish=True, reason=reason, trusted=True)
    elif run.state == State.CHECKED:
        ExchangeRun.objects.filter(pk=run.pk).update(state=State.RECEIVED)
    take(run.pk, State.CHECKING)
    run.refresh_from_db()
    return report, run


def forget_old() -> int:
    """Remove files of old runs, and drop old runs that were never confirmed; returns the number of files removed."""
    before = timezone.now() - datetime.timedelta(days=egov_settings.EXCHANGE_KEEP_DAYS)
    old = ExchangeRun.objects.filter(received_at__lt=before).exclude(started_at__gte=before)
    waiting = (State.RECEIVED, State.CHECKED, State.REFUSED, State.CONFIRMED, State.FAILED)
    old.filter(state__in=waiting).update(state=State.DROPPED, closed_at=timezone.now())
    keeping = [handler.kind for handler in handlers.registered() if handler.keeps_source]
    gone = ExchangeFile.objects.filter(run__in=old).exclude(run__state__in=ExchangeRun.RUNNING)
    gone.exclude(run__kind__in=keeping, run__state__in=(State.WRITTEN, State.UNDONE)).delete()
    needed = set(ExchangeFile.objects.values_list("sha256", flat=True).distinct())
    return files.remove_unneeded(needed)


def _require(user, kind, action):
    """Raise PermissionDenied unless the user may; `user` None (a command) may do everything."""
    if user is not None and not permissions.may(user, kind, action):
        raise PermissionDenied(_("You may not do this with files of this kind."))


def _locked(run) -> ExchangeRun:
    return ExchangeRun.objects.select_for_update().get(pk=run.pk)


def _further():
    return NotPossible(_("That is not possible any more: the run is already further."), "further")


def _enqueue(run):
    task = tasks.check_run if run.state == State.RECEIVED else tasks.write_run
    if egov_settings.EXCHANGE_IN_PROCESS:
        task.enqueue(run.pk)
    else:
        # The child has its own connection and sees only what is committed.
        transaction.on_commit(partial(task.enqueue, run.pk))

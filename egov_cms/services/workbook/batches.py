"""One upload from the file to the result: checked, shown, confirmed, written, undone; each in the background.

The state of an `ImportBatch` says where it is. A step first takes the batch out of the state that it expects, so that a
task that runs twice does its work once.
"""

from __future__ import annotations

import datetime
import hashlib
import logging
from contextlib import contextmanager

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from egov_cms.services.importing import Report, import_data
from egov_cms.services.importing.undoing import undo
from egov_cms.services.models import ImportBatch, ServiceIndexPage

logger = logging.getLogger("egov_cms.services")
State = ImportBatch.State
# A step that says nothing for so long has died with its process.
SILENCE = datetime.timedelta(minutes=15)
KEPT = datetime.timedelta(days=30)


def permitted_languages(user) -> dict[str, bool]:
    """Code of each language in whose catalogue the user may change services → may new ones be added there?"""
    found = {}
    for index in ServiceIndexPage.objects.select_related("locale"):
        rights = index.permissions_for_user(user)
        if rights.can_edit():
            found[index.locale.language_code] = rights.can_add_subpage()
    return found


def receive(data: bytes, name: str, user) -> ImportBatch:
    """Keep an uploaded file and begin to check it."""
    from egov_cms.services.workbook import tasks

    forget_old()
    batch = ImportBatch.objects.create(
        user=user,
        file_name=name[-255:],
        file_sha256=hashlib.sha256(data).hexdigest(),
        data=data,
        state=State.CHECKING,
        language=get_language() or "",
    )
    tasks.check_import.enqueue(batch.pk)
    return batch


def confirm(batch: ImportBatch, reason: str = "") -> bool:
    """Write what the check showed. False when the batch is no longer waiting for that."""
    from egov_cms.services.workbook import tasks

    fields = {
        "state": State.WRITING,
        "reason": reason,
        "language": get_language() or "",
        "started_at": timezone.now(),
    }
    if not ImportBatch.objects.filter(pk=batch.pk, state=State.CHECKED).update(**fields):
        return False
    tasks.write_import.enqueue(batch.pk)
    return True


def drop(batch: ImportBatch) -> bool:
    """Give an upload up; its file is deleted."""
    states = (State.CHECKED, State.REFUSED, State.FAILED)
    return bool(
        ImportBatch.objects.filter(pk=batch.pk, state__in=states).update(state=State.DROPPED, data=None)
    )


def again(batch: ImportBatch) -> bool:
    """Check a file once more: after a failure, a long silence, or other people's changes."""
    from egov_cms.services.workbook import tasks

    if not may_begin_again(batch):
        return False
    fields = {"state": State.CHECKING, "started_at": timezone.now(), "report": {}}
    ImportBatch.objects.filter(pk=batch.pk).update(**fields)
    cache.delete(_key(batch.pk))
    tasks.check_import.enqueue(batch.pk)
    return True


def may_begin_again(batch) -> bool:
    if batch.data is None:
        return False
    if batch.state in (State.FAILED, State.CHECKED, State.REFUSED):
        return True
    return batch.state in ImportBatch.RUNNING and timezone.now() - batch.started_at > SILENCE


def check(pk: int):
    """The dry run of a batch."""
    batch = ImportBatch.objects.filter(pk=pk, state=State.CHECKING).first()
    if batch is None:
        return
    with _watched(batch):
        report = import_data(bytes(batch.data), batch.file_name, dry_run=True, **_options(batch))
        _checked(batch, report)


def _checked(batch, report: Report):
    batch.report, batch.digest = report.as_dict(), report.digest
    batch.created, batch.changed = len(report.created), len(report.changed)
    batch.unchanged = len(report.unchanged)
    batch.state = State.CHECKED if report.ok else State.REFUSED
    batch.save()


def write(pk: int):
    """The import of a batch whose differences somebody confirmed."""
    batch = ImportBatch.objects.filter(pk=pk, state=State.WRITING).first()
    if batch is None:
        return
    with _watched(batch):
        data, digest = bytes(batch.data), batch.digest
        batch.state, batch.data = State.DONE, None
        report = import_data(
            data, batch.file_name, reason=batch.reason, confirmed=digest, batch=batch, **_options(batch)
        )
        if not report.ok:
            batch.data = data
            _checked(batch, report)


def _options(batch):
    return {
        "user": batch.user,
        "permitted": permitted_languages(batch.user) if batch.user else {},
        "progress": lambda done, total, code: _tell(batch.pk, done, total),
    }


@contextmanager
def _watched(batch):
    """In the language of whoever sent the file; what goes wrong is kept for them and for the log."""
    with override(batch.language or None):
        try:
            yield
        except Exception:
            logger.exception("import %s failed", batch.pk)
            report = {
                "failure": str(
                    _("Something went wrong. Nothing was written; the technicians see why in the log.")
                )
            }
            ImportBatch.objects.filter(pk=batch.pk).update(state=State.FAILED, report=report)
        finally:
            cache.delete(_key(batch.pk))


def _key(pk):
    return f"egov-import-{pk}"


def _tell(pk, done, total):
    # Outside of the transaction, so that the page sees it before the import is committed.
    if done % 10 == 0 or done == total:
        cache.set(_key(pk), (done, total), 3600)


def progress(batch) -> tuple[int, int]:
    """(services done, all), (0, 0) while nothing is known."""
    return cache.get(_key(batch.pk)) or (0, 0)


def forget_old():
    """Files that nobody confirmed are not kept for ever."""
    old = ImportBatch.objects.filter(data__isnull=False, started_at__lt=timezone.now() - KEPT)
    old.update(data=None, state=State.DROPPED)


def take_back(batch: ImportBatch, user):
    """Undo a batch for somebody in the admin. Raises `undoing.CannotUndo`."""
    return undo(batch, user=user, permitted=permitted_languages(user))

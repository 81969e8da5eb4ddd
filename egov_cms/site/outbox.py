"""What leaves the database after a publication: purges of caches in front of the site, mails, messages to other systems.

    outbox.register("purge", purge)            # once: purge(payload), idempotent; an exception means: try again
    outbox.put("purge", {"urls": [...]})       # in a step of the publication

`put` writes a row in the publication's transaction; `deliver` runs after the commit and deletes what was delivered. What
failed, and what a killed process left, waits for the next publication or for `check_published --repair`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from .models.outbox import OutboxEntry
from .publication import failpoint

logger = logging.getLogger("egov_cms.site")

# Older messages of a publication that nobody could deliver are not worth more attempts on a visitor's request.
MOST_AT_ONCE = 100

_couriers: dict[str, Callable[[Any], object]] = {}


def register(kind: str, deliver_one: Callable[[Any], object]) -> None:
    """Messages of this kind are delivered by `deliver_one(payload)`. It may be called twice for one message."""
    _couriers[kind] = deliver_one


def put(kind: str, payload) -> OutboxEntry:
    """Write a message that is delivered when the transaction is committed. `payload` is plain data for JSON."""
    entry = OutboxEntry.objects.create(kind=kind, payload=payload)
    if not any(call is deliver for _savepoints, call, _robust in connection.run_on_commit):
        transaction.on_commit(deliver)
    return entry


def deliver(limit: int = MOST_AT_ONCE) -> int:
    """Deliver what waits, the oldest first; returns how many messages are left with an error."""
    failed = 0
    for pk in list(OutboxEntry.objects.values_list("pk", flat=True)[:limit]):
        failpoint("deliver")
        failed += not _deliver_one(pk)
    return failed


def _deliver_one(pk) -> bool:
    with transaction.atomic():
        waiting = OutboxEntry.objects.filter(pk=pk)
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True)
        entry = waiting.first()
        if entry is None:
            # Another process has delivered it, or is about to.
            return True
        try:
            _couriers[entry.kind](entry.payload)
        except Exception as error:
            logger.warning("outbox: %s %s was not delivered: %s", entry.kind, pk, error)
            entry.attempts += 1
            entry.error = str(error)[:500]
            entry.save(update_fields=["attempts", "error"])
            return False
        entry.delete()
        return True

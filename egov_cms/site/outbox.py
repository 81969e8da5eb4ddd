"""What leaves the database after a publication: purges of caches in front of the site, mails, messages to other systems.

    outbox.register("purge", purge)            # once: purge(payload), idempotent; an exception means: try again
    outbox.put("purge", {"urls": [...]})       # in a step of the publication

`put` writes a row in the publication's transaction; after the commit it is delivered and deleted. What failed, and what a
killed process left, waits for `check_published --repair`: an editor does not wait for a cache that does not answer.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from egov_cms.adapters.django import collect_on_commit

from .models.outbox import OutboxEntry
from .publication import failpoint

logger = logging.getLogger("egov_cms.site")

_couriers: dict[str, Callable[[Any], object]] = {}


def register(kind: str, deliver_one: Callable[[Any], object]) -> None:
    """Messages of this kind are delivered by `deliver_one(payload)`. It may be called twice for one message."""
    _couriers[kind] = deliver_one


def put(kind: str, payload) -> OutboxEntry:
    """Write a message that is delivered when the transaction is committed. `payload` is plain data for JSON."""
    entry = OutboxEntry.objects.create(kind=kind, payload=payload)
    collect_on_commit(_deliver, entry.pk)
    return entry


def deliver(kind: str = "") -> int:
    """Deliver all that waits (of one kind), the oldest first; returns how many messages are left with an error."""
    waiting = OutboxEntry.objects.filter(kind=kind) if kind else OutboxEntry.objects.all()
    return _deliver(waiting.values_list("pk", flat=True))


def _deliver(keys) -> int:
    failed = 0
    for pk in list(keys):
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

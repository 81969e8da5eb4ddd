"""The published catalogue: one `ServiceSnapshot` per service, written by publication out of `documents.read`.

A signal has the document before and after, from which the change log is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.dispatch import Signal
from django.utils import timezone

from egov_cms.services import models
from egov_cms.services.models import policies
from egov_cms.services.snapshots.documents import read
from egov_cms.services.snapshots.prerequisites import PREREQUISITES
from egov_cms.site.page_cache import drop
from egov_cms.site.tags import label

BATCH = 200

# Sent for every document that changed: `before` and `after` are documents or None, `page` is the source page.
snapshot_changed = Signal()


def refresh(translation_keys: Iterable[UUID] | None = None) -> int:
    """Update the snapshots of these services, or of all; returns how many documents changed.

    The snapshot of a service that is no longer public is deleted.
    """
    keys = _all_keys() if translation_keys is None else list(dict.fromkeys(translation_keys))
    changed = sum(_refresh_batch(keys[start : start + BATCH]) for start in range(0, len(keys), BATCH))
    return changed


def _drop(changed, events) -> None:
    """Drop the kept pages of the services whose snapshots changed, of those that name them, and lists.

    What is no longer named by its code, or is named now, is in the snapshots of others: they are renewed.
    """
    pages = {page.translation_key: page for page, *_documents in events}
    pages |= {snapshot.page.translation_key: snapshot.page for snapshot in changed}
    if not pages:
        return
    tags = {
        label(models.ServiceSnapshot),
        *(f"family:{key}" for key in {*pages, *policies.naming(list(pages))}),
    }
    if any(_first_steps(before) != _first_steps(after) for _page, before, after in events):
        tags.add(PREREQUISITES)
    drop(tags)
    appeared = [page.translation_key for page, before, after in events if (before is None) != (after is None)]
    if others := policies.naming(appeared) - set(pages) if appeared else set():
        refresh(sorted(others))


def _first_steps(document):
    """What the graph of prerequisites is made of; None where the service is not public."""
    return document and (
        [(row["kind"], row["target"]) for row in document["relations"]],
        [
            (
                row["document_type"] and row["document_type"]["issuing_service"],
                row["conditional"],
                row["alternative_group"],
            )
            for row in document["documents"]
        ],
    )


def differences() -> Iterator[str]:
    """The services whose stored snapshot is not what their pages say, in words (`check_published`)."""
    keys = _all_keys()
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        documents = {key: document for key, (_page, document, _offices) in read(batch).items()}
        rows = models.ServiceSnapshot.objects.filter(page__translation_key__in=batch)
        stored = dict(rows.values_list("page__translation_key", "document"))
        for key in batch:
            if documents.get(key) != stored.get(key):
                code = (documents.get(key) or stored.get(key))["code"]
                yield f"{code}: the snapshot is not what the pages say"


def _all_keys() -> list[UUID]:
    keys = set(models.ServicePage.objects.values_list("translation_key", flat=True))
    keys |= set(models.ServiceSnapshot.objects.values_list("page__translation_key", flat=True))
    return sorted(keys)


def _refresh_batch(keys: list[UUID]) -> int:
    documents = read(keys)
    stored = {
        snapshot.page.translation_key: snapshot
        for snapshot in models.ServiceSnapshot.objects.filter(page__translation_key__in=keys).select_related(
            "page"
        )
    }
    new, changed, events = [], [], []
    for key in keys:
        public, snapshot = documents.get(key), stored.get(key)
        before = snapshot.document if snapshot else None
        if public is None:
            if snapshot:
                snapshot.delete()
                events.append((snapshot.page, before, None))
            continue
        page, after, offices = public
        if before == after and snapshot.offices == offices and snapshot.page_id == page.pk:
            continue
        snapshot = snapshot or models.ServiceSnapshot()
        snapshot.page, snapshot.service_code = page, after["code"]
        snapshot.document, snapshot.offices = after, offices
        (changed if snapshot.pk else new).append(snapshot)
        if before != after:
            snapshot.changed_at = timezone.now()
            events.append((page, before, after))
    models.ServiceSnapshot.objects.bulk_create(new)
    models.ServiceSnapshot.objects.bulk_update(
        changed, ["page", "service_code", "document", "offices", "changed_at"]
    )
    _drop([*new, *changed], events)
    for page, before, after in events:
        snapshot_changed.send(models.ServiceSnapshot, page=page, before=before, after=after)
    # A withdrawn service is in `events` alone, one whose offices changed in `changed` alone.
    return len({page.pk for page, *_documents in events} | {snapshot.page_id for snapshot in changed})

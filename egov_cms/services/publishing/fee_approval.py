"""A changed fee of a published service needs a reason and a second person.

The rule is a problem of the publish gate, so it holds in the form, in workflows, bulk actions, schedules and
commands, for superusers too. What people pay is read from the serialised form of a page (the content of a
revision), so that every version of a page is compared alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import PageLogEntry, Revision

from egov_cms.adapters.modelcluster import row_data
from egov_cms.services.models import ServiceFee, ServiceOffering, ServicePage
from egov_cms.site.facts import source_of
from egov_cms.site.gate import GateProblem, current_publication

# Columns of a fee that change what somebody pays. Ways to pay and the cited law are facts too, but not an amount.
FEE_COLUMNS = (
    "kind", "amount_minor", "amount_max_minor", "currency", "percent", "conditional", "case_tag", "valid_from",
    "valid_to", "channel",
)  # fmt: skip
# Further back than this nobody can say who wrote a value: the oldest version that was read counts.
LONGEST_HISTORY = 100
SCHEDULED = "wagtail.publish.schedule"
APPROVED = "egov.approve_facts"


@dataclass(frozen=True)
class Approval:
    """Somebody answers for the facts that a command publishes."""

    approved_by: Any
    reason: str = ""
    law: Any = None


_approval: ContextVar[Approval | None] = ContextVar("egov_services_approval", default=None)


@contextmanager
def approval(approved_by, reason="", law=None):
    """Publications in this block are approved by this user, for this reason: what `--approved-by` of commands does."""
    token = _approval.set(Approval(approved_by, reason.strip(), law))
    try:
        yield
    finally:
        _approval.reset(token)


def current_approval() -> Approval | None:
    return _approval.get()


def fee_problems(page) -> Iterator[GateProblem]:
    """What keeps a changed fee from being published; nothing for translations and for new services."""
    if page.pk is None or source_of(page) is not None:
        return
    before = published_fees(page)
    if before is None:
        return
    now = fees(content_of(page))
    changed = {key: now.get(key) for key in now.keys() | before.keys() if now.get(key) != before.get(key)}
    if not changed:
        return
    given = current_approval()
    if not page.change_reason.strip() and not (given and given.reason):
        message = _("Say why the fee changes: the public reads the reason in the list of changes.")
        yield GateProblem("change_reason", message, "fee_reason")
    publication = current_publication()
    if publication is None:
        return
    revision = publication.revision
    if revision is not None and str(revision.object_id) != str(page.pk):
        revision, user = None, None
    else:
        user = publication.user
    approver = given.approved_by if given else user or _scheduled_by(revision)
    if approver is None:
        message = _(
            "A changed fee is published by a second person. A command names that person: --approved-by."
        )
        yield GateProblem("fees", message, "fee_approval")
    elif approver.pk in _writers_of(page, changed, revision, user):
        message = _("Whoever changed a fee cannot publish it alone: submit it, and somebody else publishes.")
        yield GateProblem("fees", message, "second_person")


def fees(content: Mapping[str, Any], by: str = "translation_key") -> dict[str, tuple]:
    """What people pay by a serialised page: name of a row (or "is_free") → its values."""
    found: dict[str, tuple] = {"is_free": (bool(content.get("is_free")),)}
    for row in content.get("fees") or ():
        found[row[by]] = tuple(row.get(name) for name in FEE_COLUMNS)
    for row in content.get("offerings") or ():
        if row.get("fee_minor") is not None:
            found[row[by]] = (row["fee_minor"],)
    return found


def content_of(page) -> dict[str, Any]:
    """The part of a page's serialised form that `fees` reads, of a page in memory."""
    return {
        "is_free": page.is_free,
        "fees": [row_data(row) for row in page.fees.all()],
        "offerings": [row_data(row) for row in page.offerings.all()],
    }


def published_fees(page) -> dict[str, tuple] | None:
    """What the public pays now; what it paid last when the service was taken off the site; None if never published."""
    held = ServicePage.objects.filter(pk=page.pk).values("live", "is_free", "first_published_at").first()
    if held is None or held["first_published_at"] is None:
        return None
    if held["live"]:
        rows = {
            "fees": ServiceFee.objects.filter(page=page.pk),
            "offerings": ServiceOffering.objects.filter(page=page.pk, fee_minor__isnull=False),
        }
        content = {name: [row_data(row) for row in found] for name, found in rows.items()}
        return fees({"is_free": held["is_free"], **content})
    # The tables of an unpublished page hold its draft; the log knows the version that was public.
    published = PageLogEntry.objects.filter(
        page=page.pk, action__in=("wagtail.publish", "wagtail.publish.scheduled"), revision__isnull=False
    )
    entry = published.select_related("revision").order_by("-timestamp", "-pk").first()
    return fees(entry.revision.content) if entry else None


def _scheduled_by(revision):
    """Who approved the version that the clock publishes now."""
    if revision is None or revision.approved_go_live_at is None:
        return None
    entries = PageLogEntry.objects.filter(revision=revision, action=SCHEDULED, user__isnull=False)
    entry = entries.select_related("user").order_by("-timestamp", "-pk").first()
    return entry.user if entry else None


def _writers_of(page, changed, revision, user) -> set:
    versions = Revision.page_revisions.filter(object_id=str(page.pk))
    if revision is not None:
        versions = versions.filter(created_at__lte=revision.created_at)
    # A form holds a version that nobody has saved yet: until an older one says otherwise, its user wrote it.
    nobody = dict.fromkeys(changed, user.pk if user and revision is None else None)
    return {*writers(versions, changed, unsaved=nobody).values()} - {None}


def writers(versions, wanted: Mapping[str, tuple | None], by="translation_key", unsaved=()) -> dict[str, Any]:
    """Name of a row → the user id of whoever gave it the wanted value (None: was taken out): the author of the oldest
    of the newest versions in a row that hold it. `versions` is a queryset of revisions."""
    found = dict(unsaved)
    open_ = set(wanted)
    ordered: Iterable[Revision] = versions.order_by("-created_at", "-pk")[:LONGEST_HISTORY]
    for version in ordered.iterator(chunk_size=10):
        held = fees(version.content, by)
        open_ = {key for key in open_ if held.get(key) == wanted[key]}
        found.update(dict.fromkeys(open_, version.user_id))
        if not open_:
            break
    return found

"""An approval binds content: what goes public is what a second person saw.

    digest = digest_of(content_of(page, revision))
    approve(page, digest, user, revision=revision, reason="…")   # ApprovalRefused: changed meanwhile, or an author
    approval_of(page, digest, revision)                           # the open approval of exactly this content, or None

A room registers, for a model, what is approved and who wrote it (`register`). An approval serves one publication.
Who publishes in the admin has seen what becomes public: the editor and the confirmation of many pages send back the digest
of what they showed (`to_approve`, `was_seen`).
A schedule and each approval in a workflow are recorded with the digest of what was approved then; a scheduled version whose
content is another by the time is not published.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, Q
from django.db.models.signals import post_save
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import PageLogEntry, Revision
from wagtail.signals import task_approved, workflow_cancelled, workflow_submitted

from egov_cms.adapters.wagtail.pages import page_model

from .fact_forms import seen_digest
from .facts import takes_facts
from .gate import GateProblem
from .models.approval import Approval
from .publication import Events, current_publication, step

Page = page_model()
SCHEDULED = "wagtail.publish.schedule"
Way = Approval.Way


class ApprovalRefused(ValidationError):
    """The approval is not given. `code`: nobody, author, changed."""


@dataclass(frozen=True)
class Approved:
    """What is approved of a model. content(subject, revision) → data for JSON. authors(subject, revision) → ids of users.
    changes(subject) → what would become public of it, as lines for a person; none where nothing needs an approval.
    """

    content: Callable[[Any, Revision | None], Any]
    authors: Callable[[Any, Revision | None], set]
    changes: Callable[[Any], Sequence[str]]


@dataclass(frozen=True)
class ToApprove:
    """What a form shows to whoever publishes a page, and the digest of it, which the form sends back (`SEEN`)."""

    page: Any
    digest: str
    changes: Sequence[str]


_registered: dict[type[Model], Approved] = {}


def register(model: type[Model], *, content, authors, changes) -> None:
    """Say what is approved of subjects of this model, who wrote it, so may not approve it, and what a person has to see."""
    _registered[model] = Approved(content, authors, changes)


@seen_digest.register
def _seen_digest(page) -> str:
    return "" if page.pk is None or _approved(page) is None else digest_of(content_of(page))


def to_approve(pages: Iterable) -> Iterator[ToApprove]:
    """What would become public of the latest versions of these pages, where it needs an approval."""
    for page in pages:
        approved = _approved(page.specific)
        if approved is None:
            continue
        draft = page.specific.get_latest_revision_as_object()
        if changes := approved.changes(draft):
            yield ToApprove(page, digest_of(content_of(draft)), changes)


def was_seen(digest: str) -> bool:
    """Has the person who acts now seen this content? Outside of the admin's requests nobody can tell: she answers for it."""
    block = current_publication()
    return block is None or block.seen is None or digest in block.seen


def digest_of(content) -> str:
    """sha256 of data as canonical JSON."""
    text = json.dumps(
        content, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()


def content_of(subject, revision=None):
    """What is approved of a subject, in this version: as registered, else the whole content of the version."""
    approved = _approved(subject)
    if approved is not None:
        return approved.content(subject, revision)
    return stored_content(revision or subject.get_latest_revision())


def authors_of(subject, revision=None) -> set:
    """The ids of the users who wrote what is to be approved."""
    approved = _approved(subject)
    if approved is not None:
        return approved.authors(subject, revision)
    revision = revision or subject.get_latest_revision()
    return {revision.user_id} - {None} if revision else set()


def stored_content(revision) -> Any:
    """The content of a version as the database holds it."""
    return Revision.objects.filter(pk=revision.pk).values_list("content", flat=True).first()


def approve(subject, digest, user, *, revision=None, way=Way.RUN, reason="", law=None) -> Approval:
    """A second person answers for this content. Raises ApprovalRefused unless it is what the subject holds, and somebody
    else's."""
    if user is None or not user.is_active:
        raise ApprovalRefused(_("An approval needs the name of a person."), code="nobody")
    if digest != digest_of(content_of(subject, revision)):
        message = _("What was approved has changed since. Look at it again.")
        raise ApprovalRefused(message, code="changed")
    if user.pk in authors_of(subject, revision):
        message = _("Whoever wrote this cannot approve it: a second person does.")
        raise ApprovalRefused(message, code="author")
    return _keep(subject, digest, user, revision, way, reason=reason.strip()[:500], law=law)


def approval_of(subject, digest, revision=None) -> Approval | None:
    """The approval by which exactly this content may be published now; of this version, where one is given."""
    found = _of(subject).filter(digest=digest, way=Way.RUN, used_at=None, approved_by__isnull=False)
    if revision is not None:
        found = found.filter(revision=revision.pk)
    return found.select_related("approved_by").last()


def given_for(revision) -> Approval | None:
    """The last approval of this version, used or not: who answers for it and why."""
    found = Approval.objects.filter(
        revision=revision.pk, way__in=(Way.RUN, Way.SCHEDULE), approved_by__isnull=False
    )
    return found.select_related("approved_by", "law").last()


def schedule_of(revision) -> Approval | None:
    """The record of who scheduled this version; None when nobody did, or after it was published."""
    found = Approval.objects.filter(revision=revision.pk, way=Way.SCHEDULE, used_at=None)
    return found.select_related("approved_by").last()


def is_as_scheduled(revision) -> bool:
    """Is the content of this version the one that was scheduled? Also where nothing was recorded."""
    scheduled = schedule_of(revision)
    return scheduled is None or scheduled.digest == digest_of(stored_content(revision))


def is_void(subject, digest, revision) -> bool:
    """Has a step of the workflow of this subject approved another content than the version now has?"""
    given = _of(subject).filter(way=Way.TASK, used_at=None).exclude(digest=digest)
    if settings.WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT:
        # Wagtail asks every step again for another version; for the same one, overwritten, it does not.
        given = given.filter(revision=revision.pk)
    return bool(given) and not subject.workflow_in_progress


def connect():
    for signal, receiver, sender in (
        (post_save, _logged, PageLogEntry),
        (task_approved, _task_approved, None),
        (workflow_submitted, _new_round, None),
        (workflow_cancelled, _new_round, None),
    ):
        signal.connect(receiver, sender=sender, dispatch_uid=f"egov_site.approval.{receiver.__name__}")


@step("gate", "site.approval")
def _is_what_was_scheduled(page) -> Iterator[GateProblem]:
    """The clock publishes what was scheduled. Facts that a translation takes meanwhile are approved in its source."""
    publication = current_publication()
    revision = publication.revision if publication else None
    if revision is None or publication.user is not None or revision.approved_go_live_at is None:
        return
    if str(revision.object_id) == str(page.pk) and not is_as_scheduled(revision) and not takes_facts(page):
        yield GateProblem("", _("The version was changed after it was scheduled."), "approval_void")


@step("copies", "site.approval")
def _use_up(events: Events):
    """An approval serves once: what was approved and did not become public is void as well."""
    now = timezone.now()
    for event in events.of(Page).with_kind("published"):
        page = Page.objects.filter(pk=event.pk, live=True).only("pk", "live_revision").first()
        if page is not None:
            served = ~Q(way=Way.SCHEDULE) | Q(revision=page.live_revision_id)
            _of(page).filter(served, used_at=None).update(used_at=now)


def _approved(subject) -> Approved | None:
    return next((_registered[model] for model in type(subject).__mro__ if model in _registered), None)


def _of(subject):
    return Approval.objects.filter(content_type=_type_of(subject), object_id=str(subject.pk))


def _type_of(subject) -> ContentType:
    # A page is one subject, whichever of its classes asks.
    model = Page if isinstance(subject, Page) else type(subject)
    return ContentType.objects.get_for_model(model)


def _keep(subject, digest, user, revision, way, **details) -> Approval:
    return Approval.objects.create(
        content_type=_type_of(subject),
        object_id=str(subject.pk),
        digest=digest,
        approved_by=user,
        revision=revision,
        way=way,
        **details,
    )


def _logged(sender, instance, created=False, raw=False, **_signal):
    """Every road that schedules a version logs it."""
    if raw or not created or instance.action != SCHEDULED or instance.revision_id is None:
        return
    digest = digest_of(stored_content(instance.revision))
    _keep(instance.page, digest, instance.user, instance.revision, Way.SCHEDULE)


def _task_approved(sender, instance, user=None, **_signal):
    subject = instance.workflow_state.content_object
    subject = getattr(subject, "specific", subject)
    if instance.revision_id and subject is not None and subject.workflow_in_progress:
        digest = digest_of(content_of(subject, instance.revision))
        _keep(subject, digest, user, instance.revision, Way.TASK)


def _new_round(sender, instance, **_signal):
    subject = instance.content_object
    if subject is not None:
        _of(subject).filter(way=Way.TASK, used_at=None).delete()

"""A changed fee of a published service needs a reason and a second person.

The rule is a problem of the publish gate, so it holds in the form, in workflows, bulk actions, schedules and
commands, for superusers too. What people pay is read from the serialised form of a page (the content of a
revision), so that every version of a page is compared alike. A service that takes the code or the address of another one
is compared with what was public there.

Who wrote a value is told by the versions and by `FeeWriter`, which remembers what was overwritten. Who approves it is
whoever publishes or has scheduled this content, or the open approval of this version (`site.approval`).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.db.models.signals import post_save, pre_save
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import PageLogEntry, Revision

from egov_cms.adapters.modelcluster import row_data
from egov_cms.adapters.wagtail.permissions import acting_user
from egov_cms.language import format_date
from egov_cms.services.models import FeeWriter, PublishedFees, ServiceFee, ServiceOffering, ServicePage
from egov_cms.services.snapshots.summaries import dinars, fee_amount
from egov_cms.site import approval
from egov_cms.site.approval import (
    Approval,
    approval_of,
    approve,
    digest_of,
    is_as_scheduled,
    is_void,
    schedule_of,
    was_seen,
)
from egov_cms.site.facts import source_of
from egov_cms.site.gate import GateProblem
from egov_cms.site.publication import Events, current_publication, step

# Columns of a fee that change what somebody pays. Ways to pay and the cited law are facts too, but not an amount.
FEE_COLUMNS = (
    "kind", "amount_minor", "amount_max_minor", "currency", "percent", "conditional", "case_tag", "valid_from",
    "valid_to", "channel",
)  # fmt: skip
OFFERING_COLUMNS = ("fee_minor", "governorate", "office")
# Further back than this nobody can say who wrote a value: the oldest version that was read counts.
LONGEST_HISTORY = 100
APPROVED = "egov.approve_facts"


def fee_problems(page) -> Iterator[GateProblem]:
    """What keeps a changed fee from being published; nothing for translations and for new services."""
    now = fees(content_of(page))
    changed = changed_fees(page, now)
    if not changed:
        return
    publication = current_publication()
    revision = publication.revision if publication else None
    user = publication.user if publication else None
    if revision is not None and str(revision.object_id) != str(page.pk):
        revision, user = None, None
    digest = digest_of(now)
    given = approval_of(page, digest, revision) if page.pk and revision is not None else None
    if not page.change_reason.strip() and not (given and given.reason):
        message = _("Say why the fee changes: the public reads the reason in the list of changes.")
        yield GateProblem("change_reason", message, "fee_reason")
    if publication is None:
        return
    if page.pk and revision is not None and is_void(page, digest, revision):
        message = _("The fee has changed after somebody approved it. Submit it again.")
        yield GateProblem("fees", message, "approval_void")
    approver = given.approved_by if given else user or _scheduled_by(revision)
    if approver is None:
        message = _("A changed fee is published by a second person, who approves exactly this fee.")
        yield GateProblem("fees", message, "fee_approval")
    elif approver.pk in _writers_of(page, changed, revision, user):
        message = _("Whoever changed a fee cannot publish it alone: submit it, and somebody else publishes.")
        yield GateProblem("fees", message, "second_person")
    elif given is None and user is not None and not was_seen(digest):
        message = _(
            "The fee changes to what was not shown to you. Open the page, look at the fee and publish there."
        )
        yield GateProblem("fees", message, "not_seen")


def changed_fees(page, now: Mapping[str, tuple] | None = None) -> dict[str, tuple | None]:
    """The rows in which a version differs from what is public: name → its values, None where it was taken out.

    All rows, where another page was public last under its code or address with other fees. Nothing for translations, which
    take their fees from the source, and for services that were never public.
    """
    if source_of(page) is not None:
        return {}
    now = fees(content_of(page)) if now is None else now
    before = published_fees(page) if page.pk else None
    changed = {}
    if before is not None:
        keys = now.keys() | before.keys()
        changed = {key: now.get(key) for key in keys if now.get(key) != before.get(key)}
    held = PublishedFees.objects.filter(name__in=_names(page)).exclude(page_id=page.pk or 0)
    if held.exclude(digest=_digest_of_fees(content_of(page))).exists():
        changed = {**now, **changed}
    return changed


def approve_revision(revision, user, reason="") -> Approval | None:
    """A second person answers for the fees of a version, where they differ from what is public. Raises ApprovalRefused."""
    page = revision.as_object()
    now = fees(content_of(page))
    if not changed_fees(page, now):
        return None
    return approve(page, digest_of(now), user, revision=revision, reason=reason)


def fees(content: Mapping[str, Any], by: str = "translation_key") -> dict[str, tuple]:
    """What people pay by a serialised page: name of a row (or "is_free") → its values."""
    found: dict[str, tuple] = {"is_free": (bool(content.get("is_free")),)}
    for row in content.get("fees") or ():
        found[str(row[by])] = tuple(_plain(row.get(name)) for name in FEE_COLUMNS)
    for row in content.get("offerings") or ():
        if row.get("fee_minor") is not None:
            found[str(row[by])] = tuple(row.get(name) for name in OFFERING_COLUMNS)
    return found


def _plain(value):
    """A value as JSON holds it: the row of a page in memory and that of a revision are the same."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value


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
        return fees({"is_free": held["is_free"], **_stored_content([page.pk])[page.pk]})
    # The tables of an unpublished page hold its draft; the log knows the version that was public.
    published = PageLogEntry.objects.filter(
        page=page.pk, action__in=("wagtail.publish", "wagtail.publish.scheduled"), revision__isnull=False
    )
    entry = published.select_related("revision").order_by("-timestamp", "-pk").first()
    return fees(entry.revision.content) if entry else None


def _scheduled_by(revision):
    """Who scheduled exactly the version that the clock publishes now."""
    if revision is None or revision.approved_go_live_at is None or not is_as_scheduled(revision):
        return None
    scheduled = schedule_of(revision)
    return scheduled.approved_by if scheduled else None


def _writers_of(page, changed, revision, user) -> set:
    if page.pk is None:
        return {user.pk} if user else set()
    versions = Revision.page_revisions.filter(object_id=str(page.pk))
    if revision is not None:
        versions = versions.filter(created_at__lte=revision.created_at)
    # A form holds a version that nobody has saved yet: until an older one says otherwise, its user wrote it.
    nobody = dict.fromkeys(changed, user.pk if user and revision is None else None)
    return {*writers(versions, changed, unsaved=nobody).values(), *_recorded_writers(page, changed)} - {None}


def _recorded_writers(page, changed) -> set:
    """Who has written these values since the last changed fee became public, in versions that may be gone."""
    values = Q()
    for key, value in changed.items():
        values |= Q(row=key, digest=digest_of(value))
    written = FeeWriter.objects.filter(values, page=page.pk)
    public = PublishedFees.objects.filter(page_id=page.pk).order_by("-changed_at").first()
    if public is not None:
        written = written.filter(written_at__gt=public.changed_at)
    return set(written.values_list("user", flat=True))


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


def connect():
    pre_save.connect(_read_overwritten, sender=Revision, dispatch_uid="egov_services.fees_overwritten")
    post_save.connect(_note_writer, sender=Revision, dispatch_uid="egov_services.fee_writers")


def _read_overwritten(sender, instance, raw=False, update_fields=None, **_signal):
    if raw or instance.pk is None or not _may_change_fees(instance, update_fields):
        return
    held = Revision.objects.filter(pk=instance.pk).values_list("content", "user").first()
    instance._egov_overwritten = held


def _note_writer(sender, instance, created=False, raw=False, update_fields=None, **_signal):
    """Remember whose save changed a fee: the version may be overwritten or removed later."""
    if raw or not _may_change_fees(instance, update_fields):
        return
    users = {instance.user_id}
    overwritten = instance.__dict__.pop("_egov_overwritten", None)
    if overwritten is not None:
        before, user = overwritten
        at_work = acting_user()
        users |= {user, at_work.pk if at_work else None}
    else:
        versions = Revision.page_revisions.filter(object_id=instance.object_id).exclude(pk=instance.pk)
        before = versions.order_by("-created_at", "-pk").values_list("content", flat=True).first()
    old, now = fees(before) if before else {}, fees(instance.content)
    FeeWriter.objects.bulk_create(
        FeeWriter(page_id=int(instance.object_id), row=key, digest=digest_of(now.get(key)), user_id=user)
        for key in now.keys() | old.keys()
        if now.get(key) != old.get(key)
        for user in users - {None}
    )


def _may_change_fees(revision, update_fields) -> bool:
    if update_fields is not None and "content" not in update_fields:
        return False
    return revision.content_type_id == ContentType.objects.get_for_model(ServicePage).pk


def _names(page) -> list[str]:
    """The names under which the public finds a service: its code and its address."""
    names = [f"code:{page.service_code}"] if page.service_code else []
    if page.url_path:
        parent = page.url_path.rstrip("/").rpartition("/")[0]
        names.append("path:" + digest_of(f"{parent}/{page.slug}/"))
    return names


def _digest_of_fees(content: Mapping[str, Any]) -> str:
    """The digest of what people pay for what: of each fee its label and values, without the keys that only its page has."""
    labels = {str(row["translation_key"]): row.get("label", "") for row in content.get("fees") or ()}
    return digest_of(sorted(digest_of([labels.get(key, ""), value]) for key, value in fees(content).items()))


@step("copies", "services.published_fees")
def keep_published_fees(events: Events):
    """Remember what is public under each code and address."""
    keys = [event.pk for event in events.of(ServicePage) if event.kinds != {"deleted"}]
    pages = list(ServicePage.objects.filter(pk__in=keys, live=True, alias_of=None)) if keys else []
    pages = [page for page in pages if source_of(page) is None]
    if not pages:
        return
    content = _stored_content([page.pk for page in pages])
    wanted = {
        name: (page.pk, _digest_of_fees({"is_free": page.is_free, **content[page.pk]}))
        for page in pages
        for name in _names(page)
    }
    records = PublishedFees.objects.filter(Q(name__in=wanted) | Q(page_id__in=[page.pk for page in pages]))
    held = {each.name: each for each in records}
    # A new address or code is no new fee.
    known_since = {(each.page_id, each.digest): each.changed_at for each in held.values()}
    missing, other = [], []
    for name, (page_id, digest) in wanted.items():
        known = held.get(name)
        if known is not None and (known.page_id, known.digest) == (page_id, digest):
            continue
        since = known_since.get((page_id, digest)) or timezone.now()
        record = PublishedFees(name=name, page_id=page_id, digest=digest, changed_at=since)
        if known is None:
            missing.append(record)
        else:
            record.pk = known.pk
            other.append(record)
    PublishedFees.objects.bulk_create(missing)
    PublishedFees.objects.bulk_update(other, ["page_id", "digest", "changed_at"])


def _stored_content(keys) -> dict[Any, dict[str, list]]:
    """Page → the part of its serialised form that the tables hold in rows."""
    found = {key: {"fees": [], "offerings": []} for key in keys}
    for name, rows in (
        ("fees", ServiceFee.objects.filter(page__in=keys)),
        ("offerings", ServiceOffering.objects.filter(page__in=keys, fee_minor__isnull=False)),
    ):
        for row in rows:
            found[row.page_id][name].append(row_data(row))
    return found


def _approved_content(page, revision):
    return fees(revision.content if revision is not None else content_of(page))


def _authors(page, revision) -> set:
    now = _approved_content(page, revision)
    return _writers_of(page, changed_fees(page, now), revision, None)


def _changes(page) -> list[str]:
    """“Issuing the card: from 25,000 IQD to 77,000 IQD” of each fee that would change."""
    changed = changed_fees(page)
    public = ServicePage.objects.filter(pk=page.pk, live=True).first() if changed else None
    before, now = _in_words(public) if public else {}, _in_words(page)
    lines = []
    for key in changed:
        name = (now.get(key) or before.get(key) or ("", ""))[0]
        old, new = (rows[key][1] if key in rows else "–" for rows in (before, now))
        change = _("from %(old)s to %(new)s") % {"old": old, "new": new}
        lines.append(f"{name}: {change}" if name else change)
    return lines


def _in_words(page) -> dict[str, tuple[str, str]]:
    """Name of a row as `fees` has it → what is paid for, and how much."""
    found = {"is_free": ("", _("Free of charge") if page.is_free else _("With a fee"))}
    for fee in page.fees.all():
        days = [format_date(day, style="short") if day else "…" for day in (fee.valid_from, fee.valid_to)]
        when = f" ({' – '.join(days)})" if fee.valid_from or fee.valid_to else ""
        found[str(fee.translation_key)] = (fee.label, fee_amount(fee) + when)
    for offering in page.offerings.all():
        if offering.fee_minor is not None:
            place = offering.office or offering.governorate
            found[str(offering.translation_key)] = (str(place or ""), dinars(offering.fee_minor))
    return found


approval.register(ServicePage, content=_approved_content, authors=_authors, changes=_changes)

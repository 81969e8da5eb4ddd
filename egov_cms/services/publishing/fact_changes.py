"""The public log of changed facts: what differs between two published documents, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from wagtail.log_actions import log
from wagtail.models import Locale, PageLogEntry, Revision

from egov_cms.adapters.wagtail.permissions import acting_user
from egov_cms.editing import change_log
from egov_cms.editing.change_log import FactDifference
from egov_cms.editing.models import ChangeLogEntry
from egov_cms.language import minor_to_text
from egov_cms.services.choices import ChangedFact
from egov_cms.services.models import ServicePage
from egov_cms.services.publishing import fee_approval
from egov_cms.services.publishing.log_subject import KIND, log_of
from egov_cms.site import approval
from egov_cms.site.facts import open_revisions
from egov_cms.site.publication import current_publication

Snapshot = dict[str, Any]
What = ChangedFact
WITHDRAWN = "published"


def diff(before: Snapshot, after: Snapshot) -> list[FactDifference]:
    """The changes of fees, documents, times, visits, channels and status between two snapshots of one service."""
    return list(_changes(facts(before), facts(after)))


def facts(document: Snapshot) -> dict[str, dict[str, dict[str, Any]]]:
    """What the log watches: kind of fact → row key ("" for the service itself) → named values."""
    rows = {
        What.FEE: {row["key"]: _fee(row) for row in document["fees"]},
        What.DOCUMENT: {row["key"]: _paper(row) for row in document["documents"]},
        What.CHANNEL: {row["key"]: _channel(row) for row in document["channels"]},
        What.DURATION: {},
        What.VISITS: {"": {"visits": document["visits"], "signatures": document["signatures"]}},
        What.STATUS: {"": {"status": document["status"]}},
    }
    rows[What.FEE][""] = {"free": document["is_free"]}
    rows[What.DOCUMENT][""] = {"none_needed": document["needs_no_documents"]}
    for row in (document | {"key": ""}, *document["channels"], *document["offerings"]):
        if row["key"] == "" or row["duration_unit"]:
            rows[What.DURATION][row["key"]] = _time(row)
    for row in document["offerings"]:
        if row["fee_minor"] is not None:
            place = row["office"] or row["governorate"] or {}
            amount = {"amount": minor_to_text(row["fee_minor"]), "currency": "IQD"}
            rows[What.FEE][row["key"]] = amount | {"label": place.get("name", {})}
    return {str(what): found for what, found in rows.items()}


def _fee(row):
    return {
        "kind": row["kind"],
        "amount": minor_to_text(row["amount_minor"], row["currency"]),
        "amount_max": minor_to_text(row["amount_max_minor"], row["currency"]),
        "percent": row["percent"],
        "currency": row["currency"],
        "case": row["case_tag"],
        "conditional": row["conditional"],
        "channel": row["channel"],
        "methods": row["methods"],
        "valid_from": row["valid_from"],
        "valid_to": row["valid_to"],
        "label": row["label"],
    }


def _paper(row):
    kind = row["document_type"] or {}
    return {
        "code": kind.get("code"),
        "originals": row["originals"],
        "copies": row["copies"],
        "attestation": row["attestation"],
        "case": row["case_tag"],
        "conditional": row["conditional"],
        "alternative_group": row["alternative_group"],
        "label": kind.get("name", {}),
    }


def _channel(row):
    names = ("kind", "url", "phone", "offices_rule", "office_kind", "sign_in", "languages")
    return {name: row[name] for name in names}


def _time(row):
    return {"min": row["duration_min"], "max": row["duration_max"], "unit": row["duration_unit"]}


def _changes(before, after) -> Iterator[FactDifference]:
    for what in after:
        for key in dict.fromkeys([*before[what], *after[what]]):
            old, new = before[what].get(key), after[what].get(key)
            # Names of things may be reworded: that changes no fact.
            names = [name for name in {**(old or {}), **(new or {})} if name != "label"]
            changed = [name for name in names if (old or {}).get(name) != (new or {}).get(name)]
            if old is not None and new is not None and not changed:
                continue
            if key == "":
                yield from (
                    FactDifference(*_single(what, name), old[name], new[name])
                    for name in _joined(what, changed)
                )
                if what == What.DURATION and changed:
                    yield FactDifference(what, "", "", old, new)
            else:
                field = changed[0] if old and new and len(changed) == 1 else ""
                yield FactDifference(what, key, field, old, new)


def _joined(what, changed):
    """Single values of a service are told one by one, except a time, which is one fact of three parts."""
    return [] if what == What.DURATION else changed


def _single(what, name):
    if name == "signatures":
        return What.OTHER.value, "", name
    return what, "", name


def record(page, before: Snapshot | None, after: Snapshot | None) -> list[ChangeLogEntry]:
    """Write what a publication changed into the log. A service that is published for the first time changes nothing."""
    found, code = _found(before, after)
    if not found:
        return []
    revision = page.live_revision
    written_by = _written_by(revision, found, after)
    return change_log.record(
        KIND,
        code,
        [replace(each, changed_by_id=written_by.get(each.row_key)) for each in found],
        about=page,
        title=(after or before)["title"],
        reason=page.change_reason,
        law=page.change_law,
        changed_by_id=revision.user_id if revision else None,
        approved_by_id=_approved_by(revision),
        revision=revision,
    )


def record_deleted(document: Snapshot) -> list[ChangeLogEntry]:
    """Write that a service with this snapshot is gone, when its page is: there is nothing left to point at."""
    found, code = _found(document, None)
    user = acting_user()
    return change_log.record(
        KIND, code, found, title=document["title"], approved_by_id=user.pk if user is not None else None
    )


def _found(before, after) -> tuple[list[FactDifference], str]:
    if before and after:
        return diff(before, after), after["code"]
    if before:
        return [FactDifference(What.STATUS.value, "", WITHDRAWN, facts(before), None)], before["code"]
    if not after:
        return [], ""
    withdrawn = log_of([after["code"]]).filter(field=WITHDRAWN).first()
    if withdrawn is None or withdrawn.before is None:
        return [], after["code"]
    back = FactDifference(What.STATUS.value, "", WITHDRAWN, None, facts(after))
    return [back, *_changes(withdrawn.before, facts(after))], after["code"]


def _written_by(revision, found, after) -> dict[str, int]:
    """Row key of a changed fee → who wrote it, which need not be who saved the published version."""
    keys = {change.row_key for change in found if change.what == What.FEE and change.row_key}
    if revision is None or after is None or not keys:
        return {}
    now = fee_approval.fees(revision.content, by="key")
    versions = Revision.page_revisions.filter(
        object_id=revision.object_id, created_at__lte=revision.created_at
    )
    return fee_approval.writers(versions, {key: now.get(key) for key in keys}, by="key")


def _approved_by(revision):
    """The id of whoever published: known while it happens, else from the log."""
    if revision is None:
        return None
    if given := approval.given_for(revision):
        return given.approved_by_id
    publication = current_publication()
    if publication and publication.user and publication.revision and publication.revision.pk == revision.pk:
        return publication.user.pk
    actions = (fee_approval.APPROVED, "wagtail.publish", "wagtail.publish.scheduled")
    entries = PageLogEntry.objects.filter(revision=revision, action__in=actions, user__isnull=False)
    logged = entries.order_by("-timestamp", "-pk").values_list("user", flat=True).first()
    if logged is None and (user := acting_user()):
        # The editor's form publishes without `publish()`, and what it did is logged last of all.
        return user.pk
    return logged


def keep_reason(page):
    """Keep what the approver of an import said with the page that is being published."""
    revision = page.live_revision
    if page.locale_id != Locale.get_default().pk or revision is None:
        return
    given = approval.given_for(revision)
    noted = PageLogEntry.objects.filter(revision=revision, action=fee_approval.APPROVED)
    if given and given.way == approval.Way.RUN and not noted.exists():
        log(instance=page, action=fee_approval.APPROVED, user=given.approved_by, revision=revision)
        if given.reason and not page.change_reason:
            ServicePage.objects.filter(pk=page.pk).update(change_reason=given.reason, change_law=given.law)


def use_up_reason(pk):
    """Clear reason and law on the page and in its open versions, so that the next change gives its own."""
    page = ServicePage.objects.filter(pk=pk, locale=Locale.get_default()).first()
    if page is None or not (page.change_reason or page.change_law_id):
        return
    ServicePage.objects.filter(pk=pk).update(change_reason="", change_law=None)
    for revision in open_revisions(page):
        content = revision.content
        if (
            content.get("change_reason") == page.change_reason
            and content.get("change_law") == page.change_law_id
        ):
            content |= {"change_reason": "", "change_law": None}
            Revision.objects.filter(pk=revision.pk).update(content=content)

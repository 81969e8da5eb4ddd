"""Taking an import back as a whole: what it made goes, what it changed returns; what was edited since is left and named."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import PageLogEntry, Revision

from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.adapters.wagtail.references import references
from egov_cms.services.importing.held import in_review
from egov_cms.services.loading.versions import versions
from egov_cms.services.models import ImportBatch, ImportItem, ServicePage
from egov_cms.site.tree import save_drafts

Page = page_model()

BATCH = 100
UNDO = "egov.undo_import"


@dataclass(frozen=True)
class Kept:
    """A page that was left as it is, and why."""

    service_code: str
    locale: str
    reason: str


@dataclass
class Undone:
    """What undoing a batch did: codes of services. `kept` is what it politely did not touch."""

    removed: list[str] = field(default_factory=list)
    restored: list[str] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    dry_run: bool = False

    def as_dict(self) -> dict:
        return asdict(self)


class CannotUndo(ValueError):
    """The batch as a whole cannot be undone; the message says why."""


@transaction.atomic
def undo(batch: ImportBatch, *, user=None, permitted=None, dry_run=False) -> Undone:
    """Undo one import. permitted: codes of the languages that the user may write in (None: all).

    Pages that the import made are deleted, changed ones get a draft of the version before. What the public reads changes
    only where the import itself published a new service: a fee goes back the way every fee goes, with a reason and by a
    second person. Raises CannotUndo. The number of queries grows with every hundred pages, not with every page.
    """
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.undone_at:
        raise CannotUndo(_("This import was undone already."))
    if batch.state != ImportBatch.State.DONE:
        raise CannotUndo(_("Only an import that is done can be undone."))
    items = list(
        batch.items.select_related("page__locale", "page__latest_revision__user").defer(
            "page__latest_revision__content"
        )
    )
    if not items:
        raise CannotUndo(_("Nothing of this import is left that could be undone."))
    report = Undone(dry_run=dry_run)
    made, changed = _sorted_out(batch, items, report, permitted)
    if not dry_run:
        _restore(changed, user)
        _remove(made, user)
        if made or changed:
            batch.undone_at, batch.undone_by, batch.state = timezone.now(), user, ImportBatch.State.UNDONE
        batch.report = {**batch.report, "undo": report.as_dict()}
        batch.save()
    return report


def _sorted_out(batch, items, report, permitted):
    """The items that can be undone: (made, changed). The others go to the report with a reason."""
    waiting = in_review(item.page_id for item in items)
    reasons = {item.pk: _why_not(item, batch, waiting, permitted) for item in items}
    made = [item for item in items if item.action == ImportItem.Action.CREATED]
    changed = [item for item in items if item.action == ImportItem.Action.CHANGED]
    _keep_families_whole(made, reasons)
    _keep_what_is_used(made, reasons)
    for item in items:
        if reason := reasons[item.pk]:
            locale = item.page.locale.language_code if item.page else ""
            report.kept.append(Kept(item.service_code, locale, reason))
    made = [item for item in made if not reasons[item.pk]]
    changed = [item for item in changed if not reasons[item.pk]]
    report.removed = list(dict.fromkeys(item.service_code for item in made))
    report.restored = list(dict.fromkeys(item.service_code for item in changed))
    return made, changed


def _why_not(item, batch, waiting, permitted) -> str:
    page = item.page
    if page is None:
        return _("It was deleted since.")
    if permitted is not None and page.locale.language_code not in permitted:
        return _("You may not change services in this language.")
    if page.latest_revision_id != item.revision_after_id:
        editor = page.latest_revision.user if page.latest_revision else None
        if editor is None:
            return _("It was edited since.")
        return _("It was edited since by %(name)s.") % {
            "name": editor.get_full_name() or editor.get_username()
        }
    if not batch.published and page.live and page.live_revision_id == item.revision_after_id:
        return _("It was published since.")
    if page.locked:
        return _("It is locked.")
    if page.pk in waiting:
        return _("It waits for approval.")
    if item.action == ImportItem.Action.CHANGED and item.revision_before_id is None:
        return _("The version before is not kept any more.")
    return ""


def _keep_families_whole(made, reasons):
    """A new service is deleted in all languages or in none: its facts hang together."""
    families = defaultdict(list)
    for item in made:
        families[item.service_code].append(item)
    keys = {item.page.translation_key for item in made if item.page}
    own = {item.page_id for item in made}
    others = ServicePage.objects.filter(translation_key__in=keys).exclude(pk__in=own)
    translated_since = set(others.values_list("translation_key", flat=True))
    for family in families.values():
        touched = any(reasons[item.pk] for item in family)
        for item in family:
            if reasons[item.pk]:
                continue
            if touched:
                reasons[item.pk] = _("It belongs to a service that was edited since.")
            elif item.page.translation_key in translated_since:
                reasons[item.pk] = _("It was translated since.")


def _keep_what_is_used(made, reasons):
    """A new service that something else already points at stays."""
    own = {str(item.page_id) for item in made if item.page_id}
    base = ContentType.objects.get_for_model(Page)
    used = set()
    for start in range(0, len(own), BATCH):
        some = sorted(own)[start : start + BATCH]
        found = references().filter(to_content_type=base, to_object_id__in=some)
        pairs = found.values_list("to_object_id", "base_content_type", "object_id")
        used |= {to for to, kind, key in pairs if not (kind == base.pk and key in own)}
    for item in made:
        if str(item.page_id) in used and not reasons[item.pk]:
            for other in made:
                if other.service_code == item.service_code and not reasons[other.pk]:
                    reasons[other.pk] = _("Other pages refer to it.")


def _restore(items, user):
    """A draft of the version before, for every changed page."""
    for start in range(0, len(items), BATCH):
        some = items[start : start + BATCH]
        revisions = Revision.objects.in_bulk([item.revision_before_id for item in some])
        before = {item.page_id: revisions[item.revision_before_id] for item in some}
        pages = versions([item.page for item in some], before)
        saved = save_drafts(pages, user=user, action=UNDO)
        # Where that is what the public reads anyway, no draft waits.
        same = [
            page.pk for page, _was, _now in saved if page.live and before[page.pk].pk == page.live_revision_id
        ]
        Page.objects.filter(pk__in=same).update(has_unpublished_changes=False)


def _remove(items, user):
    """Delete the pages that the import made, translations with their source."""
    pages = [item.page for item in items]
    for start in range(0, len(pages), BATCH):
        some = pages[start : start + BATCH]
        content_type = ContentType.objects.get_for_model(ServicePage)
        PageLogEntry.objects.bulk_create(
            PageLogEntry(
                page=page,
                content_type=content_type,
                label=page.get_admin_display_title(),
                action="wagtail.delete",
                user=user,
                timestamp=timezone.now(),
                deleted=True,
                data={"page": {"id": page.pk, "title": page.title}},
            )
            for page in some
        )
        ServicePage.objects.filter(pk__in=[page.pk for page in some]).delete()

"""Undoing an import: new pages are deleted, changed ones get a draft of the version before; what was edited since, and what
the public reads, is left and named."""

from __future__ import annotations

from collections import defaultdict

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import PageLogEntry, Revision

from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.adapters.wagtail.references import references
from egov_cms.exchange.models import ExchangeItem, ExchangeRun
from egov_cms.exchange.undoing import Kept, Undone
from egov_cms.services.importing.stored_services import in_review
from egov_cms.services.loading.versions import versions
from egov_cms.services.models import ServicePage
from egov_cms.site.tree import save_drafts

Page = page_model()

AT_ONCE = 100
UNDO = "egov.undo_import"
Action = ExchangeItem.Action


def undo(run: ExchangeRun, *, user=None, permitted=None, dry_run=False) -> Undone:
    """Undo one run. permitted: codes of the languages that the user may write in (None: all).

    What the public reads stays: a fee is taken back the way every fee changes, with a reason and by a second person, and a
    service that the import published is unpublished by an editor. The number of queries grows with every hundred pages.
    """
    return _Undo(run, user, permitted, dry_run).run_it()


class _Undo:
    def __init__(self, run, user, permitted, dry_run):
        self.run, self.user, self.permitted, self.dry_run = run, user, permitted, dry_run
        self.items = list(run.items.order_by("pk"))
        pages = ServicePage.objects.filter(pk__in=[item.object_id for item in self.items])
        pages = pages.select_related("locale", "latest_revision__user").defer("latest_revision__content")
        self.pages = {str(page.pk): page for page in pages}
        # Primary key of an item → (reason, code) why it is left as it is.
        self.reasons: dict[int, tuple[str, str]] = {}

    def run_it(self) -> Undone:
        created = [item for item in self.items if item.action == Action.CREATED]
        changed = [item for item in self.items if item.action == Action.CHANGED]
        waiting = in_review(page.pk for page in self.pages.values())
        for item in self.items:
            if reason := self._reason(item, waiting):
                self.reasons[item.pk] = reason
        self._keep_families_whole(created)
        self._keep_what_is_used(created)
        done = Undone(dry_run=self.dry_run)
        for item in self.items:
            if item.pk in self.reasons:
                done.kept.append(Kept(item.code, item.locale, *self.reasons[item.pk]))
        created = [item for item in created if item.pk not in self.reasons]
        changed = [item for item in changed if item.pk not in self.reasons]
        done.removed = list(dict.fromkeys(item.code for item in created))
        done.restored = list(dict.fromkeys(item.code for item in changed))
        if not self.dry_run:
            self._restore(changed)
            self._remove(created)
        return done

    def _reason(self, item, waiting) -> tuple[str, str] | None:
        page = self.pages.get(item.object_id)
        if page is None:
            return _("It was deleted since."), "deleted"
        if self.permitted is not None and page.locale.language_code not in self.permitted:
            return _("You may not change services in this language."), "permission"
        if page.latest_revision_id != item.revision_after_id:
            return _edited_by(page), "edited"
        if page.live and page.live_revision_id == item.revision_after_id and not self.run.publish:
            return _("It was published since."), "published"
        if item.action == Action.CREATED and page.live:
            return _("It is public. Unpublish it first, if it is to be deleted."), "public"
        if page.locked:
            return _("It is locked."), "locked"
        if page.pk in waiting:
            return _("It waits for approval."), "in_review"
        if item.action == Action.CHANGED and item.revision_before_id is None:
            return _("The version before is not kept any more."), "no_version"
        return None

    def _keep_families_whole(self, created):
        """A new service is deleted in all languages or in none: its facts belong together."""
        families = defaultdict(list)
        for item in created:
            families[item.code].append(item)
        own = [self.pages[item.object_id] for item in created if item.object_id in self.pages]
        others = ServicePage.objects.filter(translation_key__in=[page.translation_key for page in own])
        others = others.exclude(pk__in=[page.pk for page in own])
        translated_since = set(others.values_list("translation_key", flat=True))
        for family in families.values():
            is_kept = any(item.pk in self.reasons for item in family)
            for item in family:
                if item.pk in self.reasons:
                    continue
                if is_kept:
                    reason = _("It belongs to a service of which another language is left."), "family"
                    self.reasons[item.pk] = reason
                elif self.pages[item.object_id].translation_key in translated_since:
                    self.reasons[item.pk] = _("It was translated since."), "translated"

    def _keep_what_is_used(self, created):
        """A new service to which something else refers stays."""
        own = sorted({item.object_id for item in created})
        base = ContentType.objects.get_for_model(Page)
        used = set()
        for start in range(0, len(own), AT_ONCE):
            some = own[start : start + AT_ONCE]
            found = references().filter(to_content_type=base, to_object_id__in=some)
            triples = found.values_list("to_object_id", "base_content_type", "object_id")
            used |= {to for to, kind, key in triples if not (kind == base.pk and key in own)}
        codes = {item.code for item in created if item.object_id in used and item.pk not in self.reasons}
        for item in created:
            if item.code in codes:
                self.reasons.setdefault(item.pk, (_("Other pages refer to it."), "used"))

    def _restore(self, items):
        """A draft of the version before, for every changed page."""
        for start in range(0, len(items), AT_ONCE):
            some = items[start : start + AT_ONCE]
            revisions = Revision.objects.in_bulk([item.revision_before_id for item in some])
            before = {int(item.object_id): revisions[item.revision_before_id] for item in some}
            pages = versions([self.pages[item.object_id] for item in some], before)
            saved = save_drafts(pages, user=self.user, action=UNDO)
            # Where that is what the public reads anyway, no draft waits.
            same = [
                page.pk
                for page, _was, _now in saved
                if page.live and before[page.pk].pk == page.live_revision_id
            ]
            Page.objects.filter(pk__in=same).update(has_unpublished_changes=False)

    def _remove(self, items):
        """Delete the pages that the import created, translations with their source."""
        content_type = ContentType.objects.get_for_model(ServicePage)
        for start in range(0, len(items), AT_ONCE):
            pages = [self.pages[item.object_id] for item in items[start : start + AT_ONCE]]
            PageLogEntry.objects.bulk_create(
                PageLogEntry(
                    page=page,
                    content_type=content_type,
                    label=page.get_admin_display_title(),
                    action="wagtail.delete",
                    user=self.user,
                    timestamp=timezone.now(),
                    deleted=True,
                    data={"page": {"id": page.pk, "title": page.title}},
                )
                for page in pages
            )
            ServicePage.objects.filter(pk__in=[page.pk for page in pages]).delete()


def _edited_by(page) -> str:
    editor = page.latest_revision.user if page.latest_revision else None
    if editor is None:
        return _("It was edited since.")
    name = editor.get_full_name() or editor.get_username()
    return _("It was edited since by %(name)s.") % {"name": name}

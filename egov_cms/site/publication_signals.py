"""What happened is noted here: whatever makes something public, changes it or takes it away ends in `publication.changed`.

Pages: forms, workflows, bulk actions, the schedule, commands, imports and translations all save a row of the page table or
send one of Wagtail's signals; a privacy setting and a new language save a row of their own. Records: every saved or
deleted row. What writes many rows at once sends no signals and calls `changed` itself: `tree.insert_pages`. A page with
another slug notes it when it is saved (`gate.PublishGate`): Wagtail's signal for it comes after the commit.

`PublicationMiddleware` opens the block of a request that writes in the admin, where Wagtail publishes, withdraws, moves and
deletes without the methods of a page.
"""

from __future__ import annotations

from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from modelcluster.fields import ParentalKey
from wagtail.admin import messages
from wagtail.models import PageViewRestriction
from wagtail.signals import page_published, page_unpublished, post_page_move

from egov_cms.adapters.wagtail.pages import page_model

from . import page_cache
from .gate import PublishRefused
from .publication import SEEN, Events, changed, current, step, together
from .tags import tags_of_events
from .watched import is_watched

Page = page_model()

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
# The fields of a page that `Page.save_revision` saves: a draft, which the public does not see.
DRAFT_FIELDS = {"draft_title", "has_unpublished_changes", "latest_revision", "latest_revision_created_at"}


def connect():
    for signal, receiver in (
        (page_published, _published),
        (page_unpublished, _withdrawn),
        (post_page_move, _moved),
        (post_save, _saved),
        (pre_delete, _about_to_be_deleted),
        (post_delete, _deleted),
        (m2m_changed, _relation_changed),
    ):
        signal.connect(receiver, dispatch_uid=f"egov_site.publication.{receiver.__name__}")


def _published(sender, instance, **_signal):
    changed(instance, "published")


def _withdrawn(sender, instance, **_signal):
    # Wagtail says so of every page that is about to be deleted, and saves nothing.
    if not Page.objects.filter(pk=instance.pk, live=True).exists():
        changed(instance, "withdrawn")


def _moved(sender, instance, url_path_before, url_path_after, **_signal):
    if url_path_before != url_path_after:
        _readers_differ(instance, "moved")
    else:
        # Its place among its neighbours: lists and menus have another order.
        page_cache.raise_version()


def _saved(sender, instance, raw=False, update_fields=None, **_signal):
    if raw or not is_watched(sender):
        return
    if _belongs_to_other(instance):
        return
    if issubclass(sender, PageViewRestriction):
        _readers_differ(instance.page, "restricted")
    if issubclass(sender, Page) and update_fields is not None and DRAFT_FIELDS.issuperset(update_fields):
        return
    changed(instance, "saved")


class _Deletion:
    """What one call of `delete()` outside of a publication still has to delete. It is one publication when all is gone:
    before that, steps would find half of a tree."""

    def __init__(self):
        self.waiting, self.gone = set(), []


def _about_to_be_deleted(sender, instance, origin=None, **_signal):
    # Django announces all objects before it deletes the first.
    if origin is not None and current() is None and is_watched(sender):
        if not hasattr(origin, "egov_deletion"):
            origin.egov_deletion = _Deletion()
        origin.egov_deletion.waiting.add((sender, instance.pk))


def _deleted(sender, instance, origin=None, **_signal):
    if not is_watched(sender):
        return
    deletion = getattr(origin, "egov_deletion", None)
    is_subject = not (_goes_with(instance, origin) or _belongs_to_other(instance))
    if deletion is None or current() is not None:
        if is_subject:
            _note_deleted(instance)
        return
    deletion.waiting.discard((sender, instance.pk))
    if is_subject:
        deletion.gone.append(instance)
    if not deletion.waiting:
        del origin.egov_deletion
        with together():
            for each in deletion.gone:
                _note_deleted(each)


def _note_deleted(instance):
    if isinstance(instance, PageViewRestriction):
        _readers_differ(instance.page, "restricted")
    changed(instance, "deleted")


def _relation_changed(sender, instance, action, **_signal):
    if action.startswith("post_") and is_watched(sender):
        changed(instance, "saved")


def _readers_differ(page, kind):
    # Who may read what is kept for a while; the steps of this publication ask it.
    page_cache.raise_version()
    changed(page, kind)


def _goes_with(row, origin) -> bool:
    """Is this row deleted because its page or record is? `origin`: what `delete()` was called on."""
    deleted = getattr(origin, "model", type(origin))
    return origin is not None and deleted is not type(row) and _is_part(type(row))


def _is_part(model) -> bool:
    return any(isinstance(field, ParentalKey) for field in model._meta.concrete_fields)


def _belongs_to_other(row) -> bool:
    """Is this a row of a page or record? Then that is what has changed."""
    for field in type(row)._meta.concrete_fields:
        if isinstance(field, ParentalKey):
            owner, key = field.related_model, getattr(row, field.attname)
            block = current()
            if key is None or (block is not None and block.has_noted(owner, key)):
                return True
            found = (
                getattr(row, field.name)
                if field.is_cached(row)
                else owner._base_manager.filter(pk=key).first()
            )
            if found is not None and found.pk is not None:
                changed(found, "saved")
            return True
    return False


class PublicationMiddleware:
    """A request that writes in the admin is one publication: all of it becomes public, or nothing. Stands last."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.method in SAFE_METHODS or not request.path.startswith(reverse("wagtailadmin_home")):
            return None
        try:
            with together(seen=frozenset(request.POST.getlist(SEEN))):
                return view(request, *args, **kwargs)
        except PublishRefused as refused:
            # From bulk publishing and approval in a list; the editor's form shows refusals at their fields.
            return _tell(request, refused)


def _tell(request, refused):
    title = refused.page.get_admin_display_title()
    reasons = " ".join(problem.message for problem in refused.problems)
    messages.error(request, _("“%(title)s” was not published.") % {"title": title} + " " + reasons)
    if refused.page.pk is None:
        return redirect("wagtailadmin_home")
    return redirect("wagtailadmin_pages:edit", refused.page.pk)


@step("caches", "site.page_cache")
def drop_kept_pages(events: Events):
    page_cache.drop(tags_of_events(events))

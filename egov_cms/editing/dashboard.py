"""The panels of the admin's start page: what waits for the person who signed in.

Each panel asks a fixed number of questions of the database and shows at most `ROWS` rows. A feature app adds
what is due to be looked at again: `register_reviews(function)`, where `function(user, limit)` gives `Due`
values, the most urgent first.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.ui.components import Component
from wagtail.models import Locale, TaskState, WorkflowState

from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.adapters.wagtail.permissions import may_edit_pages, page_permission_policy
from egov_cms.language import format_number, native_name
from egov_cms.site.models import PageFeedback

from .models import PageWords

Page = page_model()

ROWS = 10
_review_sources: list[Callable] = []


@dataclass(frozen=True)
class Due:
    """Something to be looked at again: its title, the address of its editor, the day, its language code."""

    title: str
    url: str
    day: date
    language: str = ""


@dataclass(frozen=True)
class Row:
    """A line of a panel. `when` is a date or a moment; `late` marks it in red and in words."""

    title: str
    url: str
    language: str = ""
    note: str = ""
    when: date | datetime | None = None
    late: bool = False


def register_reviews(function):
    """Let the panel “Reviews due” ask this function too: `(user, limit) -> list[Due]`. Gives it back."""
    if function not in _review_sources:
        _review_sources.append(function)
    return function


class WaitingPanel(Component):
    """A heading, rows, and what to say when there are none. A subclass gives `rows(request)`."""

    template_name = "egov_editing/panel.html"
    heading = ""
    empty = ""
    when_heading = gettext_lazy("Since")

    def is_for(self, user):
        return may_edit_pages(user)

    def note(self, request):
        """A sentence above the rows."""
        return ""

    def more(self, request):
        """Where all of them are, as (text, address), or nothing."""
        return None

    def get_context_data(self, parent_context):
        request = parent_context["request"]
        if not self.is_for(request.user):
            return {"hidden": True}
        rows = self.rows(request)
        return {
            "name": self.name,
            "heading": self.heading,
            "empty": self.empty,
            "when_heading": self.when_heading,
            "rows": rows[:ROWS],
            "more": self.more(request),
            "note": self.note(request),
        }


class AwaitingApprovalPanel(WaitingPanel):
    name = "egov-awaiting-approval"
    order = 110
    heading = gettext_lazy("Awaiting your approval")
    empty = gettext_lazy("Nothing waits for your approval.")

    def rows(self, request):
        states = (
            TaskState.objects.reviewable_by(request.user)
            .select_related("task", "revision__user", "workflow_state")
            .prefetch_related("revision__content_object")
            .order_by("started_at")[:ROWS]
        )
        return [self._row(state, request.user) for state in states if state.revision.content_object]

    def _row(self, state, user):
        thing = state.revision.content_object
        own = user.pk in (state.revision.user_id, state.workflow_state.requested_by_id)
        author = state.revision.user.get_full_name() if state.revision.user else ""
        return Row(
            title=state.revision.object_str,
            url=edit_url(thing),
            language=language_of(thing),
            note=_("Your own: somebody else must approve it") if own else author,
            when=state.started_at,
        )

    def more(self, request):
        return _("All tasks in workflows"), reverse("wagtailadmin_reports:workflow_tasks")


class MyDraftsPanel(WaitingPanel):
    name = "egov-my-drafts"
    order = 120
    heading = gettext_lazy("My drafts")
    empty = gettext_lazy("You have no unpublished changes.")
    when_heading = gettext_lazy("Last saved")

    def rows(self, request):
        pages = list(
            Page.objects.filter(has_unpublished_changes=True, latest_revision__user=request.user)
            .select_related("latest_revision", "locale")
            .order_by("-latest_revision_created_at")[:ROWS]
        )
        submitted = set(
            WorkflowState.objects.active()
            .filter(object_id__in=[str(page.pk) for page in pages], status=WorkflowState.STATUS_IN_PROGRESS)
            .values_list("object_id", flat=True)
        )
        return [
            Row(
                title=page.latest_revision.object_str,
                url=edit_url(page),
                language=language_of(page),
                note=self._note(page, submitted),
                when=page.latest_revision_created_at,
            )
            for page in pages
        ]

    def _note(self, page, submitted):
        if str(page.pk) in submitted:
            return _("Waits for approval")
        if not page.live:
            return _("Never published") if page.first_published_at is None else _("Taken off the site")
        return _("The site shows an older version")


class ReviewsDuePanel(WaitingPanel):
    name = "egov-reviews-due"
    order = 130
    heading = gettext_lazy("Reviews due")
    empty = gettext_lazy("Nothing is due to be checked again.")
    when_heading = gettext_lazy("Due")

    def is_for(self, user):
        return bool(_review_sources) and super().is_for(user)

    def rows(self, request):
        today = timezone.localdate()
        due = sorted(
            (each for source in _review_sources for each in source(request.user, ROWS)),
            key=lambda each: each.day,
        )
        return [
            Row(each.title, each.url, shown_language(each.language), when=each.day, late=each.day < today)
            for each in due
        ]


class TranslationsStalePanel(WaitingPanel):
    """By words, not by dates: a publication that changed no word asks no translator to look."""

    name = "egov-translations-stale"
    order = 140
    heading = gettext_lazy("Translations to bring up to date")
    empty = gettext_lazy("Every translation is as new as its source.")

    def rows(self, request):
        pages = page_permission_policy.instances_user_has_any_permission_for(
            request.user, {"add", "change", "publish"}
        )
        stale = (
            pages.filter(live=True, alias_of=None, egov_words__state=PageWords.State.STALE)
            .select_related("locale", "egov_words")
            .order_by("-egov_words__stale_words", "pk")[:ROWS]
        )
        return [
            Row(
                page.title,
                edit_url(page),
                language_of(page),
                note=ngettext("%(count)s word", "%(count)s words", page.egov_words.stale_words)
                % {"count": format_number(page.egov_words.stale_words)},
            )
            for page in stale
        ]

    def note(self, request):
        missing = missing_translations()
        if not any(missing.values()):
            return ""
        counts = [
            _("%(language)s: %(count)s") % {"language": native_name(code), "count": count}
            for code, count in missing.items()
            if count
        ]
        return _("Public pages that are not translated yet: ") + _(", ").join(counts)

    def more(self, request):
        return _("All translations"), reverse("egov_translations")


class FeedbackPanel(WaitingPanel):
    name = "egov-feedback"
    order = 150
    heading = gettext_lazy("Feedback from readers")
    empty = gettext_lazy("No new feedback.")
    when_heading = gettext_lazy("Received")

    def is_for(self, user):
        return user.has_perm("egov_site.change_pagefeedback")

    def rows(self, request):
        answers = PageFeedback.objects.filter(status=PageFeedback.Status.NEW).order_by("-created", "-pk")
        return [
            Row(
                title=answer.comment or answer.path,
                url=reverse("pagefeedback:edit", args=[answer.pk]),
                language=shown_language(answer.locale),
                note=_("Helpful") if answer.helpful else answer.get_reason_display() or _("Not helpful"),
                when=answer.created,
            )
            for answer in answers[:ROWS]
        ]

    def more(self, request):
        return _("All feedback"), reverse("pagefeedback:index")


PANELS = (AwaitingApprovalPanel, MyDraftsPanel, ReviewsDuePanel, TranslationsStalePanel, FeedbackPanel)


def missing_translations():
    """Language code → how many public pages of the source language lack it. One query a language."""
    default = Locale.get_default()
    sources = Page.objects.filter(locale=default, live=True, depth__gt=1, alias_of=None)
    return {
        locale.language_code: sources.exclude(
            translation_key__in=Page.objects.filter(locale=locale).values("translation_key")
        ).count()
        for locale in Locale.objects.exclude(pk=default.pk)
    }


def edit_url(thing):
    """The address of the editor of a page or snippet."""
    if isinstance(thing, Page):
        return reverse("wagtailadmin_pages:edit", args=[thing.pk])
    return reverse(thing.snippet_viewset.get_url_name("edit"), args=[thing.pk])


def language_of(thing):
    return shown_language(thing.locale.language_code) if getattr(thing, "locale_id", None) else ""


def shown_language(code):
    return native_name(code) if code else ""

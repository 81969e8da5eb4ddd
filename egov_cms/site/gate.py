"""The publish gate: a draft needs only a title; publishing has more requirements.

A page type declares its required fields in `publish_required`; other rules are functions of the step "gate"
(`publication.step`). They are checked in three places: the editor's form (messages at the fields), `publish()` (workflow,
schedules, commands, bulk actions) and `save()` of a live page (everything else).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.log_actions import log

from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.adapters.wagtail.permissions import acting_user

from .placeholders import find_placeholders, page_texts
from .publication import changed, current_publication, gate_functions, step, together
from .two_editors import KnowsOthers

Page = page_model()
logger = logging.getLogger("egov_cms.site")


@dataclass(frozen=True)
class GateProblem:
    """A reason why a page cannot be published.

    `field` (a field or a child relation, or empty), a translated message, a stable code.
    """

    field: str
    message: str
    code: str = "required"


class PublishRefused(ValidationError):
    """Raised when a page with problems is about to become public. `problems` is the list, `page` the page."""

    def __init__(self, page, problems: list[GateProblem]):
        self.page = page
        self.problems = problems
        errors: dict[str, list] = {}
        for problem in problems:
            errors.setdefault(problem.field or NON_FIELD_ERRORS, []).append(
                ValidationError(problem.message, code=problem.code)
            )
        super().__init__(errors)


class PublishGate(models.Model):
    """Mixin of every page type: the gate, and one transaction for all that makes a page public or takes it away."""

    publish_required: tuple[str, ...] = ()

    class Meta:
        abstract = True

    def gate_problems(self) -> list[GateProblem]:
        """Every reason why this version cannot be published. Works on unsaved instances."""
        return [problem for function in gate_functions() for problem in function(self)]

    def publish(self, revision, user=None, changed=True, log_action=True, **kwargs):
        with together(publishes=True, user=user, revision=revision) as block:
            candidate = revision.as_object()
            problems = candidate.gate_problems() if block.gate else []
            if problems and log_action == "wagtail.publish.scheduled":
                # `publish_scheduled` processes a list: one refused page must not stop the others.
                self._cancel_schedule(revision, problems)
                return None
            if problems:
                raise PublishRefused(candidate, problems)
            return super().publish(revision, user=user, changed=changed, log_action=log_action, **kwargs)

    publish.alters_data = True

    def save(self, clean=True, user=None, log_action=False, **kwargs):
        fields = kwargs.get("update_fields")
        with together() as block:
            if clean and self.live and fields is None and block.gate:
                self._refuse_new_problems()
            before = self._stored_address() if fields is None or "slug" in fields else None
            saved = super().save(clean=clean, user=user, log_action=log_action, **kwargs)
            if before is not None and before != self.url_path:
                # Not by `page_slug_changed`, which is sent after the commit: what stands below changes with it.
                changed(self, "moved")
            return saved

    save.alters_data = True

    def _stored_address(self) -> str | None:
        stored = Page.objects.filter(pk=self.pk).values_list("url_path", flat=True)
        return stored.first() if self.pk else None

    def unpublish(self, *args, **kwargs):
        with together():
            return super().unpublish(*args, **kwargs)

    unpublish.alters_data = True

    def delete(self, *args, **kwargs):
        with together():
            return super().delete(*args, **kwargs)

    delete.alters_data = True

    def move(self, *args, **kwargs):
        with together():
            return super().move(*args, **kwargs)

    move.alters_data = True

    def _refuse_new_problems(self):
        if current_publication() is None:
            # The editor's form and the admin's API publish without `publish()`.
            with together(publishes=True, user=acting_user(), revision=None):
                problems = self.gate_problems()
        else:
            problems = self.gate_problems()
        if not problems:
            return
        # A live page can break a rule later (its owner leaves). It can still be locked or moved: saving it
        # without publishing is refused only for new problems.
        before = type(self)._base_manager.filter(pk=self.pk, live=True).first() if self.pk else None
        if before is not None and before.live_revision_id == self.live_revision_id:
            known = {(problem.field, problem.code) for problem in before.gate_problems()}
            problems = [problem for problem in problems if (problem.field, problem.code) not in known]
        if problems:
            raise PublishRefused(self, problems)

    def _cancel_schedule(self, revision, problems):
        revision.approved_go_live_at = None
        revision.save(update_fields=["approved_go_live_at"])
        reasons = [problem.message for problem in problems]
        logger.error("Scheduled publication of page %s refused: %s", self.pk, "; ".join(reasons))
        log(instance=self, action="egov.publish_refused", revision=revision, data={"reasons": reasons})


class PublishForm(KnowsOthers, WagtailAdminPageForm):
    """The editor's form of a gated page: it replaces nobody else's newer version unseen.

    Shows the problems at their fields when the editor publishes, submits or approves.
    """

    gated_actions = ("action-publish", "action-submit", "action-restart-workflow")
    _gate_checked = False

    def is_valid(self):
        valid = super().is_valid()
        if valid and self.is_bound and self.is_publishing() and not self._gate_checked:
            self._gate_checked = True
            candidate = self.save(commit=False)
            # Submitting for review is not a publication by this user.
            acting = together(publishes=True, user=self.for_user) if self.makes_public() else nullcontext()
            with acting:
                problems = candidate.gate_problems()
            for problem in problems:
                self._show(problem)
                valid = False
            return valid
        return valid and not self.errors

    def is_publishing(self) -> bool:
        """True when the posted action publishes the page, submits it for review or approves it."""
        if any(self.data.get(action) for action in self.gated_actions):
            return True
        return (
            bool(self.data.get("action-workflow-action"))
            and self.data.get("workflow-action-name") == "approve"
        )

    def makes_public(self) -> bool:
        """True when the posted action publishes immediately, without approval by another user."""
        return bool(self.data.get("action-publish"))

    def _show(self, problem: GateProblem):
        error = ValidationError(problem.message, code=problem.code)
        if problem.field in self.fields:
            self.add_error(problem.field, error)
        elif problem.field in self.formsets:
            self.formsets[problem.field].non_form_errors().append(problem.message)
            self.add_error(None, error)
        else:
            self.add_error(None, error)


@step("gate", "site.required_fields")
def _missing_fields(page) -> Iterator[GateProblem]:
    for name in page.publish_required:
        field = page._meta.get_field(name)
        relation = field.one_to_many or field.many_to_many
        value = getattr(page, name).all() if relation else getattr(page, name)
        if not value and value != 0:
            label = capfirst(
                field.related_model._meta.verbose_name_plural if field.one_to_many else field.verbose_name
            )
            yield GateProblem(name, _("“%(field)s” is needed before publishing.") % {"field": label})


@step("gate", "site.placeholders")
def _placeholder_problems(page) -> Iterator[GateProblem]:
    seen = set()
    for name, label, text in page_texts(page):
        for passage in find_placeholders(text):
            if (name, passage) in seen:
                continue
            seen.add((name, passage))
            if passage.startswith("<h"):
                message = _("“%(field)s” has an empty heading.") % {"field": label}
            else:
                message = _("“%(field)s” still holds placeholder text: %(passage)s") % {
                    "field": label,
                    "passage": passage,
                }
            yield GateProblem(name, message, "placeholder")

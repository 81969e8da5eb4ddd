"""The publish gate: saving a draft needs a title, publishing needs answers.

A page type says what it needs in `publish_required` and `gate_problems()`. The gate stands at three places,
from the kindest to the last: the editor's form (messages at the fields), `publish()` (workflow, schedules,
commands, bulk actions) and `save()` of a live page (everything else).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.log_actions import log

from egov_cms.adapters.wagtail.permissions import acting_user

from .placeholders import find_placeholders, page_texts

logger = logging.getLogger("egov_cms.site")
_held_open: ContextVar[bool] = ContextVar("egov_gate_held_open", default=False)


@dataclass(frozen=True)
class GateProblem:
    """What keeps a page from being published.

    `field` (a field or a child relation), a translated message, a stable code.
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


@dataclass(frozen=True)
class Publication:
    """A version that is about to become public. `user` is None where nobody is known (a command, the clock);
    `revision` is None while the version is in a form or saved without one."""

    user: Any = None
    revision: Any = None


_publication: ContextVar[Publication | None] = ContextVar("egov_publication", default=None)


def current_publication() -> Publication | None:
    """The publication that the gate is asked about; None when somebody only looks for problems."""
    return _publication.get()


@contextmanager
def publishing(user=None, revision=None):
    """What `gate_problems()` is asked in this block is asked of a publication by this person."""
    token = _publication.set(Publication(user, revision))
    try:
        yield
    finally:
        _publication.reset(token)


@contextmanager
def held_open():
    """Let pages through whatever their problems. For copies that must not wait, such as a corrected fee."""
    token = _held_open.set(True)
    try:
        yield
    finally:
        _held_open.reset(token)


class PublishGate(models.Model):
    """Mixin of every page type. Override `publish_required`, or extend `gate_problems()`."""

    publish_required: tuple[str, ...] = ()

    class Meta:
        abstract = True

    def gate_problems(self) -> list[GateProblem]:
        """Everything that keeps this version from being published. Works on unsaved instances."""
        return [*_unanswered(self, self.publish_required), *_placeholder_problems(self)]

    def publish(self, revision, user=None, changed=True, log_action=True, **kwargs):
        candidate = revision.as_object()
        with publishing(user, revision):
            problems = [] if _held_open.get() else candidate.gate_problems()
            if problems and log_action == "wagtail.publish.scheduled":
                # `publish_scheduled` works through a list: one refused page must not stop the others.
                self._cancel_schedule(revision, problems)
                return None
            if problems:
                raise PublishRefused(candidate, problems)
            return super().publish(revision, user=user, changed=changed, log_action=log_action, **kwargs)

    publish.alters_data = True

    def save(self, clean=True, user=None, log_action=False, **kwargs):
        if clean and self.live and kwargs.get("update_fields") is None and not _held_open.get():
            self._refuse_new_problems()
        return super().save(clean=clean, user=user, log_action=log_action, **kwargs)

    save.alters_data = True

    def _refuse_new_problems(self):
        if current_publication() is None:
            # The editor's form and the admin's API publish without `publish()`.
            with publishing(acting_user()):
                problems = self.gate_problems()
        else:
            problems = self.gate_problems()
        if not problems:
            return
        # A live page may break a rule later (its owner leaves). It can still be locked or moved: saving it
        # again without publishing refuses only what is worse than before.
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


class PublishForm(WagtailAdminPageForm):
    """The editor's form of a gated page.

    Shows the problems at their fields when the editor publishes, submits or approves.
    """

    gated_actions = ("action-publish", "action-submit", "action-restart-workflow")
    _gate_asked = False

    def is_valid(self):
        valid = super().is_valid()
        if valid and self.is_bound and self.is_publishing() and not self._gate_asked:
            self._gate_asked = True
            candidate = self.save(commit=False)
            # Whoever submits asks somebody else to publish.
            asked = publishing(self.for_user) if self.makes_public() else nullcontext()
            with asked:
                problems = candidate.gate_problems()
            for problem in problems:
                self._show(problem)
                valid = False
            return valid
        return valid and not self.errors

    def is_publishing(self) -> bool:
        """True when the posted action makes the page public or asks others to do so."""
        if any(self.data.get(action) for action in self.gated_actions):
            return True
        return (
            bool(self.data.get("action-workflow-action"))
            and self.data.get("workflow-action-name") == "approve"
        )

    def makes_public(self) -> bool:
        """True when the posted action publishes at once, without another person's approval."""
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


def _unanswered(page, names) -> Iterator[GateProblem]:
    for name in names:
        field = page._meta.get_field(name)
        relation = field.one_to_many or field.many_to_many
        value = getattr(page, name).all() if relation else getattr(page, name)
        if not value and value != 0:
            label = capfirst(
                field.related_model._meta.verbose_name_plural if field.one_to_many else field.verbose_name
            )
            yield GateProblem(name, _("“%(field)s” is needed before publishing.") % {"field": label})


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

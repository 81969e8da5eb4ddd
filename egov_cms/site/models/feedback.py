"""Answers of readers about a page, without names, addresses or other personal data."""

import datetime
import re

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from egov_cms.adapters.wagtail.pages import page_model_name
from egov_cms.language import strip_bidi

from ..spam import LONG_TEXT, REPEATED_WITHIN_DAYS, spam_rule

COMMENT_LENGTH = 500
MASK = "•••"

_DIGIT = "[0-9٠-٩۰-۹]"
_GAP = r"[ \u00a0().\-/]{0,2}"
# Ten digits and more: national numbers (12), mobile numbers (11, or 10 without the first zero), cards.
_LONG_NUMBER = rf"[+＋]?{_DIGIT}(?:{_GAP}{_DIGIT}){{9,}}"
# Shorter numbers only if they start like a telephone number: +964 …, 00964 …, or a zero and eight more digits.
_PHONE = rf"(?:[+＋]|[0٠۰]{{2}}){_DIGIT}(?:{_GAP}{_DIGIT}){{6,}}|(?<!{_DIGIT})[0٠۰](?:{_GAP}{_DIGIT}){{8,}}"
_EMAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_PERSONAL = re.compile(f"{_EMAIL}|{_LONG_NUMBER}|{_PHONE}")


def mask_personal_data(text: str) -> str:
    """`text` with national and telephone numbers (in any digits) and e-mail addresses replaced by “•••”."""
    return _PERSONAL.sub(MASK, strip_bidi(text))


class ReaderAnswer(models.Model):
    """A reader's comment and its status. Stores no network address, no user and no browser.

    Personal data in the comment is masked when saved. Obvious spam is classified by the rules of `site.spam`.
    """

    class Status(models.TextChoices):
        NEW = "new", _("New")
        NEEDS_WORK = "needs_work", _("Needs work")
        HANDLED = "handled", _("Handled")
        SPAM = "spam", _("Spam")

    class SpamRule(models.TextChoices):
        LINKS = "links", _("Links")
        REPEATED = "repeated", _("Repeated text")
        SCRIPT = "script", _("Another script")

    comment = models.CharField(_("comment"), max_length=COMMENT_LENGTH, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.NEW, db_index=True)
    spam_rule = models.CharField(
        _("why it is spam"), max_length=10, choices=SpamRule, blank=True, editable=False
    )

    wagtail_reference_index_ignore = True

    class Meta:
        abstract = True

    def save(self, **kwargs):
        self.comment = mask_personal_data(self.comment)[:COMMENT_LENGTH]
        super().save(**kwargs)

    def classify(self):
        """Set the status of a new answer to spam if a rule applies. At most one query."""
        self.spam_rule = spam_rule(self.comment) or self._repeated_rule()
        if self.spam_rule:
            self.status = self.Status.SPAM

    def _repeated_rule(self):
        if len(self.comment) < LONG_TEXT:
            return ""
        since = timezone.now() - datetime.timedelta(days=REPEATED_WITHIN_DAYS)
        if not isinstance(self._meta.get_field(self.received_field), models.DateTimeField):
            since = timezone.localdate(since)
        before = type(self)._default_manager.filter(
            comment=mask_personal_data(self.comment)[:COMMENT_LENGTH],
            **{f"{self.received_field}__gte": since},
        )
        return self.SpamRule.REPEATED if before.exists() else ""


class PageFeedback(ReaderAnswer):
    """One answer to “was this page helpful?”."""

    class Reason(models.TextChoices):
        NOT_FOUND = "not_found", _("I did not find what I was looking for")
        UNCLEAR = "unclear", _("It is hard to understand")
        OUTDATED = "outdated", _("It is wrong or out of date")
        BROKEN = "broken", _("Something does not work")
        OTHER = "other", _("Something else")

    page = models.ForeignKey(
        page_model_name(),
        verbose_name=_("page"),
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.SET_NULL,
    )
    path = models.CharField(_("address"), max_length=255)
    locale = models.CharField(_("language"), max_length=12)
    helpful = models.BooleanField(_("helpful"))
    reason = models.CharField(_("reason"), max_length=12, choices=Reason, blank=True)
    created = models.DateTimeField(_("received"), auto_now_add=True, db_index=True)

    received_field = "created"

    class Meta:
        verbose_name = _("page feedback")
        verbose_name_plural = _("page feedback")
        ordering = ["-created"]

    def __str__(self):
        return self.path

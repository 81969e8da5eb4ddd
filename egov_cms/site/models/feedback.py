"""What readers said of a page: no names, no addresses, nothing that leads back to them."""

import re

from django.db import models
from django.utils.translation import gettext_lazy as _

from egov_cms.language import strip_bidi

COMMENT_LENGTH = 500
MASK = "•••"

_DIGIT = "[0-9٠-٩۰-۹]"
_GAP = r"[ \u00a0().\-/]{0,2}"
# Ten digits and more: national numbers (12), mobile numbers (11, or 10 without the first zero), cards.
_LONG_NUMBER = rf"[+＋]?{_DIGIT}(?:{_GAP}{_DIGIT}){{9,}}"
# Shorter numbers only where their start says telephone: +964 …, 00964 …, or a zero and eight digits more.
_PHONE = rf"(?:[+＋]|[0٠۰]{{2}}){_DIGIT}(?:{_GAP}{_DIGIT}){{6,}}|(?<!{_DIGIT})[0٠۰](?:{_GAP}{_DIGIT}){{8,}}"
_EMAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_PERSONAL = re.compile(f"{_EMAIL}|{_LONG_NUMBER}|{_PHONE}")


def mask_personal_data(text: str) -> str:
    """`text` with national and telephone numbers (in any digits) and e-mail addresses replaced by “•••”."""
    return _PERSONAL.sub(MASK, strip_bidi(text))


class PageFeedback(models.Model):
    """One answer to “was this page helpful?”.

    Holds no IP address and no user; the comment is masked when saved.
    """

    class Reason(models.TextChoices):
        NOT_FOUND = "not_found", _("I did not find what I was looking for")
        UNCLEAR = "unclear", _("It is hard to understand")
        OUTDATED = "outdated", _("It is wrong or out of date")
        BROKEN = "broken", _("Something does not work")
        OTHER = "other", _("Something else")

    class Status(models.TextChoices):
        NEW = "new", _("New")
        HANDLED = "handled", _("Handled")
        SPAM = "spam", _("Spam")

    page = models.ForeignKey(
        "wagtailcore.Page",
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
    comment = models.CharField(_("comment"), max_length=COMMENT_LENGTH, blank=True)
    created = models.DateTimeField(_("received"), auto_now_add=True, db_index=True)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.NEW, db_index=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("page feedback")
        verbose_name_plural = _("page feedback")
        ordering = ["-created"]

    def __str__(self):
        return self.path

    def save(self, **kwargs):
        self.comment = mask_personal_data(self.comment)[:COMMENT_LENGTH]
        super().save(**kwargs)

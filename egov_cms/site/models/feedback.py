"""What readers said of a page: no names, no addresses, nothing that leads back to them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PageFeedback(models.Model):
    """One answer to “was this page helpful?”. Holds no IP address and no user; the form masks the comment."""

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
    comment = models.CharField(_("comment"), max_length=500, blank=True)
    created = models.DateTimeField(_("received"), auto_now_add=True, db_index=True)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.NEW, db_index=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("page feedback")
        verbose_name_plural = _("page feedback")
        ordering = ["-created"]

    def __str__(self):
        return self.path

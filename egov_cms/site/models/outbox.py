"""What has to leave the database after a publication: written in its transaction, delivered after the commit."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class OutboxEntry(models.Model):
    """One thing to deliver (`site.outbox`). `kind` names what delivers it, `payload` is what that takes."""

    kind = models.CharField(_("kind"), max_length=40)
    payload = models.JSONField(_("content"))
    created = models.DateTimeField(_("since"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("last error"), max_length=500, blank=True)

    affects_public_pages = False
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("undelivered message")
        verbose_name_plural = _("undelivered messages")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.kind} {self.pk}"

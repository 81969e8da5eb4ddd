"""The history of services: review confirmations, link checks."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

SERVICE = "egov_services.ServicePage"


class ReviewConfirmation(models.Model):
    """A user confirmed that a service is still correct. `page` is the page in the source language."""

    drops_only_its_pages = True

    class Via(models.TextChoices):
        EDITOR = "editor", _("in the editor")
        DASHBOARD = "dashboard", _("on the dashboard")
        MAIL = "mail", _("from the e-mail")

    page = models.ForeignKey(SERVICE, on_delete=models.CASCADE, related_name="confirmations")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    email = models.EmailField(_("e-mail"), blank=True)
    via = models.CharField(_("how"), max_length=20, choices=Via.choices, default=Via.DASHBOARD)
    # SHA-256 of the mailed token: a link works once, and cannot be rebuilt from the table.
    token_hash = models.CharField(max_length=64, unique=True, null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    escalation = models.PositiveSmallIntegerField(_("escalation"), default=0)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("review confirmation")
        verbose_name_plural = _("review confirmations")
        ordering = ["-confirmed_at", "-sent_at"]

    def __str__(self):
        return f"{self.page_id} {self.confirmed_at or self.sent_at}"


class LinkCheck(models.Model):
    """The result of the last check of an address that services link to."""

    affects_public_pages = False

    url = models.URLField(_("address"), max_length=500, unique=True)
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)
    ok = models.BooleanField(_("works"), null=True)
    http_status = models.PositiveSmallIntegerField(_("answer"), null=True, blank=True)
    failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0)
    message = models.CharField(_("message"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("link check")
        verbose_name_plural = _("link checks")

    def __str__(self):
        return self.url

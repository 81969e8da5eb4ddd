"""What happened to services: confirmations, imports, checks of links."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

SERVICE = "egov_services.ServicePage"


class ReviewConfirmation(models.Model):
    """Somebody said that a service is still correct. `page` is the page of the source language."""

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
    # SHA-256 of the mailed token: a link works once, and the table does not give the link away.
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


class ImportBatch(models.Model):
    """One run of an import: what came in, what it did, and enough to undo it.

    One that begins in the admin passes through the states before “done”; `data` holds the file until then.
    """

    class State(models.TextChoices):
        CHECKING = "checking", _("being checked")
        REFUSED = "refused", _("refused")
        CHECKED = "checked", _("waiting for you to confirm")
        WRITING = "writing", _("being written")
        DONE = "done", _("done")
        DROPPED = "dropped", _("given up")
        FAILED = "failed", _("failed")
        UNDONE = "undone", _("undone")

    RUNNING = (State.CHECKING, State.WRITING)

    affects_public_pages = False
    wagtail_reference_index_ignore = True

    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DONE)
    data = models.BinaryField(_("content of the file"), null=True, editable=False)
    language = models.CharField(_("language"), max_length=20, blank=True)
    reason = models.CharField(_("why facts changed"), max_length=500, blank=True)
    digest = models.CharField(max_length=64, blank=True)

    started_at = models.DateTimeField(_("started"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=20, default="services")
    file_name = models.CharField(_("file"), max_length=255)
    file_sha256 = models.CharField(_("fingerprint"), max_length=64)
    published = models.BooleanField(_("published"), default=False)
    created = models.PositiveIntegerField(_("created"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    report = models.JSONField(_("report"), default=dict, blank=True)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-started_at"]

    def __str__(self):
        return f"{self.file_name} {self.started_at:%Y-%m-%d}"


class ImportItem(models.Model):
    """One page that an import created or changed, with the revision to go back to."""

    affects_public_pages = False

    class Action(models.TextChoices):
        CREATED = "created", _("created")
        CHANGED = "changed", _("changed")

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="items")
    page = models.ForeignKey(SERVICE, null=True, on_delete=models.SET_NULL, related_name="+")
    service_code = models.CharField(_("service code"), max_length=32)
    action = models.CharField(_("what happened"), max_length=10, choices=Action.choices)
    revision_before = models.ForeignKey(
        "wagtailcore.Revision", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    revision_after = models.ForeignKey(
        "wagtailcore.Revision", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("imported page")
        verbose_name_plural = _("imported pages")

    def __str__(self):
        return f"{self.service_code} {self.action}"


class LinkCheck(models.Model):
    """The last look at an address that services send people to."""

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

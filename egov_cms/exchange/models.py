"""Runs: what came in, what was wrong with it, what it did, and enough to take it back."""

from __future__ import annotations

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from egov_cms.exchange.files import FileDamaged, open_stored
from egov_cms.exchange.lists import read_lines
from egov_cms.exchange.report import Issue, Place

USER = {"null": True, "blank": True, "on_delete": models.SET_NULL, "related_name": "+"}


class State(models.TextChoices):
    RECEIVED = "received", _("waiting to be checked")
    CHECKING = "checking", _("being checked")
    REFUSED = "refused", _("refused")
    CHECKED = "checked", _("waiting to be confirmed")
    CONFIRMED = "confirmed", _("waiting to be written")
    WRITING = "writing", _("being written")
    WRITTEN = "written", _("written")
    UNDONE = "undone", _("undone")
    FAILED = "failed", _("failed")
    DROPPED = "dropped", _("given up")


class ExchangeRun(models.Model):
    """One file on its way: received, checked, confirmed, written, undone.

    A step takes the run out of the state that it expects, so that a task that runs twice does its work once; `attempt`
    counts the steps, so that one that was thought dead can change nothing afterwards.
    """

    State = State
    WAITING = (State.RECEIVED, State.CONFIRMED)
    RUNNING = (State.CHECKING, State.WRITING)

    affects_public_pages = False
    wagtail_reference_index_ignore = True

    kind = models.CharField(_("kind"), max_length=40, db_index=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.RECEIVED, db_index=True
    )
    file_name = models.CharField(_("file"), max_length=255)
    options = models.JSONField(_("options"), default=dict, blank=True)
    language = models.CharField(_("language"), max_length=20, blank=True)
    publish = models.BooleanField(_("published"), default=False)

    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("received from"), **USER)
    received_at = models.DateTimeField(_("received"), default=timezone.now, db_index=True)
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("confirmed by"), **USER)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    written_at = models.DateTimeField(_("written"), null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("undone by"), **USER)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undo_reason = models.CharField(_("reason for undoing"), max_length=500, blank=True)
    closed_at = models.DateTimeField(_("given up"), null=True, blank=True)

    # What the last check would do; a confirmation names it, and nothing else is written.
    digest = models.CharField(max_length=64, blank=True)
    counts = models.JSONField(_("counts"), default=dict, blank=True)
    # Code of an issue → {"errors": …, "warnings": …}, exact however few issues are stored.
    totals = models.JSONField(_("issues by code"), default=dict, blank=True)
    # Items for which the confirming user must give a reason.
    reason_for = models.JSONField(default=list, blank=True)
    result = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    undo_report = models.JSONField(default=dict, blank=True)
    seconds = models.FloatField(_("seconds"), default=0)

    # Why a step failed, for people, and the state to go back to.
    failure = models.CharField(_("failure"), max_length=1000, blank=True)
    failure_code = models.CharField(max_length=40, blank=True)
    resumes_from = models.CharField(max_length=10, blank=True)
    attempt = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        ordering = ["-received_at", "-pk"]

    def __str__(self):
        return f"{self.file_name} {self.received_at:%Y-%m-%d}"

    @cached_property
    def source(self) -> ExchangeFile | None:
        """The file that came in, as long as it is kept."""
        return self.files.filter(role=ExchangeFile.SOURCE).first()

    def list_rows(self, role, start=0, most=None):
        """Rows of a full list ("issues", "changes") as dicts, one by one; none where it is not kept (any more)."""
        file = self.files.filter(role=role).first()
        try:
            opened = file.open() if file else None
        except FileDamaged:
            opened = None
        if opened is not None:
            with opened:
                yield from read_lines(opened, start, most)

    @property
    def is_running(self) -> bool:
        return self.state in self.RUNNING


class ExchangeFile(models.Model):
    """A stored file that a run needs: its source, the full lists of its report, what a handler keeps between steps."""

    SOURCE, ISSUES, CHANGES = "source", "issues", "changes"

    affects_public_pages = False
    wagtail_reference_index_ignore = True

    run = models.ForeignKey(ExchangeRun, on_delete=models.CASCADE, related_name="files")
    role = models.CharField(max_length=40)
    name = models.CharField(_("name"), max_length=255)
    sha256 = models.CharField(_("fingerprint"), max_length=64, db_index=True)
    size = models.PositiveBigIntegerField(_("size"))

    class Meta:
        verbose_name = _("file of a run")
        verbose_name_plural = _("files of runs")
        constraints = [models.UniqueConstraint(fields=["run", "role"], name="egov_exchange_file_role")]

    def __str__(self):
        return f"{self.role}: {self.name}"

    def open(self):
        """The stored bytes. files.FileDamaged: they are not there any more."""
        return open_stored(self.sha256)


class ExchangeIssue(models.Model):
    """One of the first issues of a run's last step, at most 10,000; the file `issues` has them all."""

    class Severity(models.TextChoices):
        ERROR = "error", _("error")
        WARNING = "warning", _("warning")

    affects_public_pages = False
    wagtail_reference_index_ignore = True

    run = models.ForeignKey(ExchangeRun, on_delete=models.CASCADE, related_name="issues")
    number = models.PositiveIntegerField()
    severity = models.CharField(_("severity"), max_length=7, choices=Severity.choices)
    code = models.CharField(_("code"), max_length=60)
    message = models.TextField(_("message"))
    item = models.CharField(_("item"), max_length=200, blank=True)
    field = models.CharField(_("field"), max_length=200, blank=True)
    value = models.CharField(_("value"), max_length=200, blank=True)
    file = models.CharField(_("file"), max_length=255, blank=True)
    sheet = models.CharField(_("sheet"), max_length=100, blank=True)
    row = models.PositiveBigIntegerField(_("row"), default=0)
    column = models.CharField(_("column"), max_length=200, blank=True)
    cell = models.CharField(_("cell"), max_length=20, blank=True)
    line = models.PositiveBigIntegerField(_("line"), default=0)

    class Meta:
        verbose_name = _("issue")
        verbose_name_plural = _("issues")
        ordering = ["number"]
        indexes = [models.Index(fields=["run", "severity", "number"], name="egov_exchange_issue")]

    def __str__(self):
        return str(self.as_issue())

    @property
    def place(self) -> Place:
        return Place(self.file, self.sheet, self.row, self.column, self.cell, self.line)

    def as_issue(self) -> Issue:
        return Issue(
            self.severity, self.code, self.message, self.item, self.field, self.value, self.place, self.number
        )


class ExchangeItem(models.Model):
    """One page or record that a run created, changed or deleted, with what it needs to go back."""

    class Action(models.TextChoices):
        CREATED = "created", _("created")
        CHANGED = "changed", _("changed")
        DELETED = "deleted", _("deleted")

    affects_public_pages = False
    wagtail_reference_index_ignore = True

    run = models.ForeignKey(ExchangeRun, on_delete=models.CASCADE, related_name="items")
    action = models.CharField(_("what happened"), max_length=10, choices=Action.choices)
    # As the file names it, and as people call it.
    code = models.CharField(_("code"), max_length=200, blank=True)
    label = models.CharField(_("name"), max_length=255, blank=True)
    locale = models.CharField(_("language"), max_length=20, blank=True)
    content_type = models.ForeignKey(ContentType, null=True, on_delete=models.SET_NULL, related_name="+")
    object_id = models.CharField(max_length=64)
    object = GenericForeignKey()
    revision_before = models.ForeignKey(
        "wagtailcore.Revision", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    revision_after = models.ForeignKey(
        "wagtailcore.Revision", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Of what keeps no revisions: its values before and after.
    before = models.JSONField(null=True, blank=True, encoder=DjangoJSONEncoder)
    after = models.JSONField(null=True, blank=True, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = _("thing that a run wrote")
        verbose_name_plural = _("things that a run wrote")
        ordering = ["pk"]
        indexes = [models.Index(fields=["content_type", "object_id"], name="egov_exchange_item")]

    def __str__(self):
        return f"{self.code or self.label} {self.action}"

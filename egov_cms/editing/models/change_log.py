"""The public log of changed facts, of any page or record."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from egov_cms.adapters.wagtail.pages import page_model, page_model_name
from egov_cms.editing.subjects import registered
from egov_cms.language.fields import TranslatedTextField


class ChangeLogQuerySet(models.QuerySet):
    def public(self):
        """What anybody may read: entries that nobody has hidden, about things whose app is installed."""
        return self.filter(public=True, subject__in=list(registered()))

    def of(self, kind: str, codes):
        """The entries about some things of one kind."""
        return self.filter(subject=kind, code__in=codes)

    def about(self, thing):
        """The entries that were written about this page or record."""
        if isinstance(thing, page_model()):
            return self.filter(page=thing.pk)
        return self.filter(content_type=ContentType.objects.get_for_model(thing), object_id=str(thing.pk))


class ChangeLogEntry(models.Model):
    """A published change of one fact with its reason and law. Written by `editing.change_log.record`.

    `subject` and `code` name the thing for ever; `page` or `record` lead to it while it is there, and `title` holds
    what it was called.
    """

    drops_only_its_pages = True

    subject = models.CharField(_("kind of thing"), max_length=40)
    code = models.CharField(_("code"), max_length=100)
    title = TranslatedTextField(_("title"), required="none")
    page = models.ForeignKey(
        page_model_name(), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    content_type = models.ForeignKey(
        ContentType, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    object_id = models.CharField(max_length=64, blank=True)
    record = GenericForeignKey()
    what = models.CharField(_("what changed"), max_length=40)
    row_key = models.CharField(_("row key"), max_length=100, blank=True)
    field = models.CharField(_("field"), max_length=100, blank=True)
    before = models.JSONField(_("before"), null=True, blank=True)
    after = models.JSONField(_("after"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    law = models.ForeignKey(
        "egov_site.LegalReference", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    revision = models.ForeignKey(
        "wagtailcore.Revision", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    happened_at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    public = models.BooleanField(_("public"), default=True)

    objects = ChangeLogQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("change of facts")
        verbose_name_plural = _("changes of facts")
        ordering = ["-happened_at", "-pk"]
        indexes = [models.Index(fields=["subject", "code"], name="egov_change_subject")]

    def __str__(self):
        return f"{self.subject} {self.code} {self.what} {self.row_key}".strip()

    @property
    def what_label(self) -> str:
        """What changed, in the active language."""
        subject = registered().get(self.subject)
        return str(subject.facts.get(self.what, self.what)) if subject else self.what

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Approval(models.Model):
    """Somebody answers for one content of a subject (`site.approval`); another content needs another approval.

    way: how it was given. used_at: when the content became public; an approval serves once. approved_by: empty where a
    program scheduled the content, which binds the content but approves nothing.
    """

    class Way(models.TextChoices):
        RUN = "run", _("confirmed import")
        TASK = "task", _("approved in a workflow")
        SCHEDULE = "schedule", _("scheduled publication")

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.CharField(max_length=64)
    subject = GenericForeignKey()
    digest = models.CharField(_("digest of the content"), max_length=64)
    way = models.CharField(_("way"), max_length=10, choices=Way.choices)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved at"), default=timezone.now)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    law = models.ForeignKey(
        "egov_site.LegalReference",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("law"),
    )
    revision = models.ForeignKey(
        "wagtailcore.Revision", null=True, on_delete=models.CASCADE, related_name="+"
    )
    used_at = models.DateTimeField(_("used at"), null=True)

    affects_public_pages = False
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering = ["pk"]
        indexes = [models.Index(fields=["content_type", "object_id"], name="egov_site_approval_subject")]

    def __str__(self):
        return f"{self.content_type_id} {self.object_id} {self.digest[:8]}"

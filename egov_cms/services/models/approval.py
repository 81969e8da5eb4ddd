"""Who wrote a fee, and what was last public under a code or an address: `publishing.fee_approval` asks both."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class FeeWriter(models.Model):
    """A user gave a row of fees another value, in a version that may have been overwritten or removed since.

    row: `translation_key` of the row, or "is_free". digest: of its values; of None where the row was taken out.
    """

    page = models.ForeignKey("egov_services.ServicePage", on_delete=models.CASCADE, related_name="+")
    row = models.CharField(_("row"), max_length=40)
    digest = models.CharField(_("digest of the value"), max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    written_at = models.DateTimeField(_("when"), default=timezone.now)

    affects_public_pages = False
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("writer of a fee")
        verbose_name_plural = _("writers of fees")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.page_id} {self.row} {self.user_id}"


class PublishedFees(models.Model):
    """What the public paid last under this name: "code:" with a service code, or "path:" with the digest of an address.

    It outlives the page. page_id: the page that was public; no foreign key, because the page may be deleted.
    """

    name = models.CharField(_("name"), max_length=80, unique=True)
    page_id = models.PositiveBigIntegerField()
    digest = models.CharField(_("digest of the fees"), max_length=64)
    changed_at = models.DateTimeField(_("since"), default=timezone.now)

    affects_public_pages = False
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("published fees")
        verbose_name_plural = _("published fees")
        ordering = ["name"]

    def __str__(self):
        return self.name

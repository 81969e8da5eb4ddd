"""The published content of a service, as one document in all languages."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from egov_cms.language.fields import ReadableJSONEncoder

from .service import ServicePage


class ServiceSnapshotQuerySet(models.QuerySet):
    def public(self):
        """Those that anybody may read now: a copy asks its page, which may have expired or be protected since."""
        return self.filter(page__in=ServicePage.objects.public())


class ServiceSnapshot(models.Model):
    """The published facts and texts of one service, written at its publication (`store.refresh`).

    The page, the API, the linked data, the tables, the cards, the change log and the reports read only this row: a
    response about one service or about five thousand takes a constant number of queries and never mixes drafts with
    published content. `page` is the page in the source language. `document` has the form of `snapshots.documents`;
    `offices` are beside it, because only the page of the service reads them.
    """

    drops_only_its_pages = True

    page = models.OneToOneField(
        "egov_services.ServicePage",
        on_delete=models.CASCADE,
        related_name="snapshot",
        verbose_name=_("service"),
    )
    service_code = models.CharField(_("service code"), max_length=32, unique=True)
    document = models.JSONField(_("document"), encoder=ReadableJSONEncoder)
    offices = models.JSONField(_("offices"), encoder=ReadableJSONEncoder, default=list)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now, db_index=True)

    objects = ServiceSnapshotQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("published service")
        verbose_name_plural = _("published services")
        ordering = ["service_code"]

    def __str__(self):
        return self.service_code

"""The burden of a service on citizens, in numbers, for every publication that changed it."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ServiceBurden(models.Model):
    """The numbers of one published version of a service, for the ordinary case (`reform.burden.measure`).

    `current` marks the version that is public now; an unpublished service has none. `page` is the page in the
    source language.
    """

    affects_public_pages = False

    page = models.ForeignKey(
        "egov_services.ServicePage", null=True, on_delete=models.SET_NULL, related_name="burdens"
    )
    service_code = models.CharField(_("service code"), max_length=32)
    measured_at = models.DateTimeField(_("when"), default=timezone.now)
    documents = models.PositiveIntegerField(_("documents to bring"), default=0)
    copies = models.PositiveIntegerField(_("copies"), default=0)
    visits = models.PositiveIntegerField(_("visits"), default=0)
    signatures = models.PositiveIntegerField(_("signatures"), default=0)
    days = models.PositiveIntegerField(_("working days"), default=0)
    fee_minor = models.BigIntegerField(_("fee"), default=0)
    fee_open = models.BooleanField(
        _("more than the amount"), default=False, help_text=_("A percentage, an amount per unit …")
    )
    current = models.BooleanField(_("public now"), default=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("burden of a service")
        verbose_name_plural = _("burdens of services")
        ordering = ["service_code", "measured_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["service_code"], condition=models.Q(current=True), name="egov_one_current_burden"
            )
        ]
        indexes = [models.Index(fields=["service_code", "measured_at"], name="egov_burden_history")]

    def __str__(self):
        return f"{self.service_code} {self.measured_at:%Y-%m-%d}"

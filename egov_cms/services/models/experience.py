"""What citizens report about a service that they used."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from egov_cms.site.models import ReaderAnswer

# How far an answer may differ from the declared values before it is shown to auditors.
DAYS_FACTOR = 2
VISITS_MORE = 2


# An answer contradicts what the service declared on the day of the answer when its fee is above the highest declared
# total, its time is more than twice the longest time (and at least two days), or its visits are at least two more and
# at least twice as many. A value that is not declared cannot be contradicted.
OUTLIER = (
    Q(fee_minor__gt=F("declared_fee_minor"))
    | Q(days__gt=F("declared_days") * DAYS_FACTOR, days__gte=2)
    | (Q(visits__gte=F("declared_visits") + VISITS_MORE) & Q(visits__gte=F("declared_visits") * 2))
)


class ServiceExperienceQuerySet(models.QuerySet):
    def counted(self):
        """The answers that figures are computed from: all except spam."""
        return self.exclude(status=ReaderAnswer.Status.SPAM)

    def outliers(self):
        """Answers that contradict what the service declared, without spam."""
        return self.counted().filter(OUTLIER)


class ServiceExperience(ReaderAnswer):
    """One answer: days, fee, visits. Stores no name, IP address or cookie, and the date without the time.

    `page` is the page in the source language. The `declared_…` columns have what the service declared on that
    day; None where it declared nothing that can be compared.
    """

    affects_public_pages = False

    class Outcome(models.TextChoices):
        YES = "yes", _("Yes")
        WAITING = "waiting", _("Not yet")
        NO = "no", _("No")

    page = models.ForeignKey(
        "egov_services.ServicePage",
        verbose_name=_("service"),
        on_delete=models.CASCADE,
        related_name="experiences",
    )
    reported_on = models.DateField(_("reported on"), default=timezone.localdate, db_index=True)
    locale_code = models.CharField(_("language"), max_length=20)
    governorate = models.ForeignKey(
        "egov_site.Governorate",
        verbose_name=_("governorate"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    channel = models.CharField(_("channel"), max_length=20, blank=True)
    outcome = models.CharField(
        _("got what they came for"), max_length=10, choices=Outcome.choices, blank=True
    )
    days = models.PositiveIntegerField(_("days it took"), null=True, blank=True)
    fee_minor = models.BigIntegerField(_("fee paid"), null=True, blank=True)
    visits = models.PositiveSmallIntegerField(_("visits made"), null=True, blank=True)
    satisfaction = models.PositiveSmallIntegerField(_("satisfaction, 1 to 5"), null=True, blank=True)
    declared_days = models.PositiveIntegerField(_("longest declared time"), null=True, editable=False)
    declared_fee_minor = models.BigIntegerField(_("highest declared fee"), null=True, editable=False)
    declared_visits = models.PositiveSmallIntegerField(_("declared visits"), null=True, editable=False)

    received_field = "reported_on"
    objects = ServiceExperienceQuerySet.as_manager()

    class Meta:
        verbose_name = _("reported experience")
        verbose_name_plural = _("reported experiences")
        ordering = ["-reported_on", "-pk"]

    def __str__(self):
        return f"{self.page_id} {self.reported_on}"

    def out_of_line(self) -> list[str]:
        """The measures that contradict the declared values: the rule of `OUTLIER` for one answer."""
        rules = {
            "days": lambda reported, declared: reported > max(declared * DAYS_FACTOR, 1),
            "fee_minor": lambda reported, declared: reported > declared,
            "visits": lambda reported, declared: reported >= max(declared + VISITS_MORE, declared * 2),
        }
        pairs = {name: (getattr(self, name), getattr(self, f"declared_{name}")) for name in rules}
        return [name for name, pair in pairs.items() if None not in pair and rules[name](*pair)]

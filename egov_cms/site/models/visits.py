"""Page views per page and day, without data about the readers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from egov_cms.adapters.wagtail.pages import page_model_name


class DailyPageCount(models.Model):
    """The page views of one address on one day (`site.visits`).

    `page` is the page with this address; empty for the address of a record below an index page.
    """

    affects_public_pages = False

    day = models.DateField(_("day"))
    site = models.ForeignKey(
        "wagtailcore.Site", verbose_name=_("site"), on_delete=models.CASCADE, related_name="+"
    )
    path = models.CharField(_("address"), max_length=255)
    locale = models.CharField(_("language"), max_length=12)
    page = models.ForeignKey(
        page_model_name(),
        verbose_name=_("page"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="daily_counts",
    )
    visits = models.PositiveIntegerField(_("page views"), default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("page views of a day")
        verbose_name_plural = _("viewed addresses")
        ordering = ["-day", "-visits"]
        constraints = [models.UniqueConstraint(fields=["day", "site", "path"], name="egov_one_count_a_day")]
        indexes = [models.Index(fields=["path", "day"], name="egov_visits_of_a_path")]

    def __str__(self):
        return f"{self.path} {self.day}"

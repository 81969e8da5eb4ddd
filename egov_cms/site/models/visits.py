"""How often pages were opened: a number for each page and day, and nothing about who opened it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from egov_cms.adapters.wagtail.pages import page_model_name


class DailyPageCount(models.Model):
    """How often one address was opened on one day (`site.visits`).

    `page` is the page that stood there, where the address is a page's own and not one of a record below it.
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

"""Index pages of services: the catalogue, and the pages of life and business events."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel

from blocks.fields import StreamField
from egov_cms.services.choices import EventKind
from egov_cms.services.models import policies
from egov_cms.site.fact_forms import FactInlinePanel, FactPanel
from egov_cms.site.facts import FactRow, FactRows
from egov_cms.site.models import SitePage


class ServiceIndexPage(SitePage):
    """The catalogue: search, facets, A–Z."""

    query_parameters = (
        "q",
        "letter",
        "page",
        "audience",
        "event",
        "unit",
        "governorate",
        "channel",
        "free",
        "level",
        "output",
    )
    max_count_per_parent = 1
    parent_page_types = ["egov_site.HomePage", "egov_site.SectionPage"]
    subpage_types = ["egov_services.ServicePage"]

    class Meta:
        verbose_name = _("service catalogue")
        verbose_name_plural = _("service catalogues")

    def get_context(self, request, *args, **kwargs):
        return super().get_context(request, *args, **kwargs) | policies.page_context(self, request)


class LifeEventIndexPage(SitePage):
    """All life and business events."""

    max_count_per_parent = 1
    parent_page_types = ["egov_site.HomePage", "egov_site.SectionPage"]
    subpage_types = ["egov_services.LifeEventPage"]

    class Meta:
        verbose_name = _("index of life events")
        verbose_name_plural = _("indexes of life events")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        pages = LifeEventPage.objects.child_of(self).public().select_related("event").order_by("path")
        context["groups"] = [
            (kind.label, [page for page in pages if page.event and page.event.kind == kind])
            for kind in EventKind
        ]
        return context


class LifeEventPage(SitePage):
    """Guidance for one event and its services, in the order in which people need them."""

    event = models.ForeignKey(
        "egov_services.LifeEvent",
        verbose_name=_("event"),
        null=True,
        on_delete=models.PROTECT,
        related_name="pages",
    )
    body = StreamField("body", blank=True, verbose_name=_("guidance"))

    fact_fields = ("event",)
    content_panels = [
        *SitePage.content_panels,
        FactPanel("event"),
        FieldPanel("body"),
        FactInlinePanel(
            "services",
            heading=_("Services, in the order in which people need them"),
            label=_("Service"),
            panels=[FieldPanel("service"), FieldPanel("note")],
        ),
    ]
    fact_rows = {"services": FactRows(facts=("service",), words=("note",))}
    parent_page_types = ["egov_services.LifeEventIndexPage"]
    subpage_types = []

    class Meta:
        verbose_name = _("life or business event page")
        verbose_name_plural = _("life and business event pages")

    def get_context(self, request, *args, **kwargs):
        return super().get_context(request, *args, **kwargs) | policies.page_context(self, request)


class LifeEventService(FactRow):
    """A service of an event, at its position in the list. Services of the event without a row follow, by title."""

    page = ParentalKey(LifeEventPage, on_delete=models.CASCADE, related_name="services")
    service = models.ForeignKey(
        "egov_services.ServicePage",
        verbose_name=_("service"),
        on_delete=models.CASCADE,
        related_name="event_rows",
    )
    note = models.CharField(_("note"), max_length=250, blank=True)

    class Meta(FactRow.Meta):
        verbose_name = _("service of the event")
        verbose_name_plural = _("services of the event")

"""Blocks for the home page with links to the catalogue: events, chosen services, most visited services."""

import datetime

from django.db.models import OuterRef, Subquery, Sum
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail import blocks as wagtail_blocks

from blocks import registry
from blocks.inputs import Component, Line
from egov_cms.services.choices import EventKind
from egov_cms.services.models import LifeEventPage, ServicePage
from egov_cms.site.models import DailyPageCount

NAMED_SERVICES = 3
MOST_VISITED_DAYS = 30
LINK_FIELDS = ("title", "url_path", "locale", "translation_key")


class LifeEventsBlock(Component):
    """Every event of one kind that has a page in this language, each with its first services."""

    heading = Line(required=False, max_length=120, label=_("Heading"))
    kind = wagtail_blocks.ChoiceBlock(
        choices=EventKind.choices,
        default=EventKind.PERSON,
        label=_("Kind of events"),
        search_index=False,
    )

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context=parent_context)
        pages = LifeEventPage.objects.public().filter(
            locale__language_code=get_language(), event__kind=value.get("kind") or EventKind.PERSON
        )
        pages = list(pages.order_by("path").only(*LINK_FIELDS, "event_id"))
        titles_of = _services_of([page.event_id for page in pages])
        context["items"] = [
            {"title": page.title, "url": page.url, "note": _("; ").join(titles_of.get(page.event_id, []))}
            for page in pages
            if page.event_id in titles_of
        ]
        return context

    def clean(self, value):
        self.require(value, _("Write a heading."), "heading")
        return super().clean(value)

    class Meta:
        icon = "list-ul"
        label = _("Life or business events")
        description = _("Doors to the services of each event; events without services are left out.")
        template = "egov_services/blocks/doors.html"
        preview_value = {"heading": "", "kind": ""}


def _services_of(events) -> dict[int, list[str]]:
    """Event → titles of its first services in the active language. One query."""
    services = ServicePage.objects.public().filter(locale__language_code=get_language())
    pairs = services.filter(life_events__in=events).order_by("title").values_list("life_events", "title")
    titles_of: dict[int, list[str]] = {}
    for event, title in pairs:
        titles = titles_of.setdefault(event, [])
        if len(titles) < NAMED_SERVICES:
            titles.append(title)
    return titles_of


class ServicesBlock(Component):
    """Services that an editor chose, in that order, in the active language."""

    heading = Line(required=False, max_length=120, label=_("Heading"))
    services = wagtail_blocks.ListBlock(
        wagtail_blocks.PageChooserBlock(page_type="egov_services.ServicePage", label=_("Service")),
        max_num=12,
        default=[],
        label=_("Services"),
    )

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context=parent_context)
        chosen = [page.translation_key for page in value.get("services") or [] if page]
        services = ServicePage.objects.public().filter(
            locale__language_code=get_language(), translation_key__in=chosen
        )
        pages = {page.translation_key: page for page in services.only(*LINK_FIELDS, "summary")}
        context["items"] = [
            {"title": page.title, "url": page.url, "note": page.summary}
            for key in chosen
            if (page := pages.get(key))
        ]
        return context

    def clean(self, value):
        self.require(value, _("Write a heading."), "heading")
        self.require(value, _("Choose a service."), "services")
        return super().clean(value)

    class Meta:
        icon = "list-ol"
        label = _("Chosen services")
        description = _("Doors to the services that people ask for most.")
        template = "egov_services/blocks/doors.html"
        preview_value = {"heading": "", "services": []}


class MostVisitedServicesBlock(Component):
    """The services with the most page views in the last thirty days, counted over all languages."""

    heading = Line(required=False, max_length=120, label=_("Heading"))
    number = wagtail_blocks.ChoiceBlock(
        choices=[(str(number), str(number)) for number in (3, 6, 9, 12)],
        default="6",
        label=_("How many"),
        search_index=False,
    )

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context=parent_context)
        number = int(value.get("number") or 6)
        pages = most_visited_services(get_language(), number)
        context["items"] = [{"title": page.title, "url": page.url, "note": page.summary} for page in pages]
        return context

    def clean(self, value):
        self.require(value, _("Write a heading."), "heading")
        return super().clean(value)

    class Meta:
        icon = "order-down"
        label = _("Most visited services")
        description = _(
            "Doors to the services that readers opened most in the last 30 days; nothing before any was."
        )
        template = "egov_services/blocks/doors.html"
        preview_value = {"heading": "", "number": "6"}


def most_visited_services(language: str, number: int) -> list[ServicePage]:
    """Public services in a language, the most visited of the last thirty days first. One query."""
    since = timezone.localdate() - datetime.timedelta(days=MOST_VISITED_DAYS)
    counts = DailyPageCount.objects.filter(day__gt=since, page__translation_key=OuterRef("translation_key"))
    visits = counts.order_by().values("page__translation_key").annotate(total=Sum("visits")).values("total")
    services = ServicePage.objects.public().exclude(status="retired").filter(locale__language_code=language)
    services = services.annotate(opened=Subquery(visits)).filter(opened__gt=0).order_by("-opened", "title")
    return list(services.only(*LINK_FIELDS, "summary")[:number])


def register_blocks():
    registry.register("life_events", LifeEventsBlock, fields=("home", "body"), group="modules", order=10)
    registry.register("services", ServicesBlock, fields=("home", "body"), group="modules", order=20)
    registry.register(
        "most_visited_services", MostVisitedServicesBlock, fields=("home", "body"), group="modules", order=30
    )

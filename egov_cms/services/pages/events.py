"""The list on the page of a life or business event: its services, each after its prerequisites."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from egov_cms.language import resolve, sort_key
from egov_cms.services.loading.rows import translated_pages
from egov_cms.services.models.service import ServicePage
from egov_cms.services.pages.presentation import Presentation
from egov_cms.services.snapshots import prerequisites
from egov_cms.services.snapshots.reading import services_of
from egov_cms.site.models import Notice


@dataclass(frozen=True)
class EventService:
    """A service of an event; `first` are its prerequisites in the same list."""

    page: ServicePage
    service: Presentation
    note: str
    first: list[ServicePage]

    @property
    def meta(self) -> list:
        """The facts of the service, the editor's note, and the prerequisites."""
        lines = [*self.service.meta, *([self.note] if self.note else [])]
        return lines + [_("after “%(service)s”") % {"service": page.title} for page in self.first]

    @property
    def tag(self) -> dict[str, str]:
        return self.service.status_tag or {"text": "", "kind": ""}


def event_services(event_page) -> list[EventService]:
    """The services of an event: the rows in the editor's order, then the others by prerequisites and titles."""
    rows = list(event_page.services.all())
    public = ServicePage.objects.public().exclude(status="retired").filter(locale_id=event_page.locale_id)
    ordered = translated_pages({row.service_id for row in rows}, event_page.locale_id, ServicePage)
    notes = {ordered[row.service_id]: row.note for row in rows if row.service_id in ordered}
    others = public.filter(life_events=event_page.event_id).exclude(pk__in=[page.pk for page in notes])
    language = resolve(event_page.locale.language_code)
    graph = prerequisites.graph()
    others = prerequisites.in_order(sorted(others, key=lambda each: sort_key(each.title, language)), graph)
    pages = [*notes, *others]
    services = services_of(pages, language)
    stopped = Notice.objects.stopped_pages(page.translation_key for page in pages)
    by_code = {page.service_code: page for page in pages}
    listed = []
    for page in pages:
        presentation = Presentation(services[page.pk], page.translation_key in stopped)
        listed.append(EventService(page, presentation, notes.get(page, ""), _first(page, by_code, graph)))
    return listed


def _first(page, by_code, graph):
    codes = prerequisites.without_cycles(page.service_code, sorted(graph.get(page.service_code, ())), graph)
    return [by_code[code] for code in codes if code in by_code]

"""The template context of the pages of the catalogue."""

from functools import singledispatch
from typing import Any

from egov_cms.services.models import LifeEventPage, ServiceIndexPage, ServicePage
from egov_cms.services.pages.events import event_services
from egov_cms.services.pages.listing import Listing
from egov_cms.services.pages.presentation import present


@singledispatch
def page_context(page, request) -> dict[str, Any]:
    """Additional template variables of `page`; the query string has the reader's choices."""
    return {}


@page_context.register
def _service(page: ServicePage, request):
    return {"service": present(page, request.GET)}


@page_context.register
def _index(page: ServiceIndexPage, request):
    return {"listing": Listing(page, request.GET)}


@page_context.register
def _event(page: LifeEventPage, request):
    return {"services": event_services(page)}

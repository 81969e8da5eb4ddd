"""The printed sheet of a service."""

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from egov_cms.services.models import ServicePage
from egov_cms.services.models.service import CASE_PARAMETERS
from egov_cms.services.pages.presentation import present
from egov_cms.site.query_parameters import reads
from egov_cms.site.shown import only, shows_page


@reads(*CASE_PARAMETERS)
@require_safe
def print_service(request, slug):
    """One A4 sheet of the whole service or of one case: documents to tick, fees, steps, places; URL and date below."""
    services = ServicePage.objects.public().filter(slug=slug, locale__language_code=get_language())
    with only():
        page = services.select_related("locale").first()
    if page is None:
        raise Http404
    shows_page(page)
    service = present(page, request.GET)
    context = {"page": page, "service": service, "address": page.get_full_url(request) + service.case.query}
    return render(request, "egov_services/service_print.html", context)

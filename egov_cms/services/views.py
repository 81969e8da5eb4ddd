"""What is not a page of the tree: the sheet of a service to print."""

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from egov_cms.services.models import ServicePage
from egov_cms.services.presentation import present
from egov_cms.site.models import Governorate


@require_safe
def print_service(request, slug):
    """One A4 sheet: what to bring with boxes to tick, fees, steps, where; address and day at the foot."""
    services = ServicePage.objects.public().filter(slug=slug, locale__language_code=get_language())
    page = services.select_related("locale").first()
    if page is None:
        raise Http404
    chosen = request.GET.get("governorate", "")
    governorate = Governorate.objects.public().filter(slug=chosen).first() if chosen else None
    context = {"page": page, "service": present(page, governorate), "address": page.get_full_url(request)}
    return render(request, "egov_services/service_print.html", context)

"""The form “How did it go?” of a service, and its thank-you page. Sets no cookie and stores no IP address."""

from __future__ import annotations

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from egov_cms.language import source_language
from egov_cms.services.experience.declared import declared
from egov_cms.services.experience.forms import ExperienceForm
from egov_cms.services.loading.rows import load_rows
from egov_cms.services.models import ServiceExperience, ServicePage
from egov_cms.site.feedback import new_token, refusal, renewed
from egov_cms.site.models import Governorate
from egov_cms.site.shown import only, shows_page


# The form uses no session and no cookie, so there is nothing that CSRF could abuse.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def experience(request, slug):
    """GET shows the form; POST stores an answer and redirects to the thank-you page, or shows the form with errors."""
    page = _service(slug)
    if request.method != "POST":
        form = ExperienceForm(initial={"token": new_token()})
        return render(request, "egov_services/experience/form.html", {"page": page, "form": form})
    form = ExperienceForm(request.POST)
    if status := refusal(request, form):
        context = {"page": page, "form": renewed(form)}
        response = render(request, "egov_services/experience/form.html", context, status=status)
        patch_cache_control(response, no_store=True)
        return response
    if not form.trapped:
        store(page, form.cleaned_data)
    return HttpResponseRedirect(reverse("egov_experience_thanks", args=[slug]), status=303)


@require_safe
def thanks(request, slug):
    return render(request, "egov_services/experience/thanks.html", {"page": _service(slug)})


def _service(slug):
    """The public page in the active language; 404 for planned services, which nobody has used yet."""
    services = ServicePage.objects.public().filter(slug=slug, locale__language_code=get_language())
    with only():
        page = services.exclude(status="planned").select_related("locale").first()
    if page is None:
        raise Http404
    shows_page(page)
    return page


def store(page, answer):
    """Store an answer with the values that the service declares today."""
    source = ServicePage.objects.filter(
        translation_key=page.translation_key, locale__language_code=source_language()
    ).first()
    if source is None:
        raise Http404
    load_rows([source], ("fees", "channels", "offerings"))
    today = timezone.localdate()
    declared_today = declared(source, today)
    slug = answer["governorate"]
    experience_row = ServiceExperience(
        page=source,
        reported_on=today,
        locale_code=get_language(),
        governorate=Governorate.objects.public().filter(slug=slug).first() if slug else None,
        outcome=answer["outcome"],
        days=answer["days"],
        fee_minor=answer["fee"],
        visits=answer["visits"],
        satisfaction=answer["satisfaction"],
        comment=answer["comment"],
        declared_days=declared_today.days,
        declared_fee_minor=declared_today.fee_minor,
        declared_visits=declared_today.visits,
    )
    experience_row.classify()
    experience_row.save()

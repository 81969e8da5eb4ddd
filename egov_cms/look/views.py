"""The pattern page for designers and developers: every component, in the active language."""

from django.shortcuts import render
from django.urls import translate_url
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from egov_cms.language import content_languages
from egov_cms.look import patterns as examples


@require_safe
def patterns(request):
    locale = get_language()
    path = request.get_full_path()
    chrome = examples.chrome(locale, content_languages(), lambda code: translate_url(path, code))
    return render(
        request,
        "egov/patterns.html",
        {"chrome": chrome, "sections": examples.sections(locale), "crumbs": chrome["crumbs"]},
    )

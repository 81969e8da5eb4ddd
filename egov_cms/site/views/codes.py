"""`/id/<kind>/<code>`: the permanent address of whatever has a public code."""

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

from egov_cms.language import content_languages
from egov_cms.site import languages, public_codes

# The formats in which programs read a subject; a reader's browser asks for HTML first.
DATA_TYPES = ["application/json", "application/ld+json", "text/turtle"]
PAGE_TYPE = "text/html"
KEPT_SECONDS = 300


@require_safe
def subject(request, kind, code):
    """303 to the page in the reader's language, else in one that has it; with `Accept` for data, to its data.

    410 for what was public and is not now; 404 for what nobody knows.
    """
    # Django's LocaleMiddleware sends a 404 on to `/ar/…` where such an address may exist: below `/id/` there is none.
    request.urlconf = ()
    known = public_codes.kinds().get(kind)
    if known is None or not known.fits(code):
        raise Http404
    preferred = languages.preferred(request.headers.get("Accept-Language", ""))
    found = _public(kind, code, preferred)
    if found is None:
        return _withdrawn(request, kind, code, preferred)
    wants_data = known.data is not None and request.get_preferred_type([PAGE_TYPE, *DATA_TYPES]) in DATA_TYPES
    response = HttpResponseRedirect(known.data(code) if wants_data else found.url, status=303)
    patch_vary_headers(response, ["Accept", "Accept-Language"])
    patch_cache_control(response, public=True, max_age=KEPT_SECONDS)
    return response


def _public(kind, code, preferred):
    for language in dict.fromkeys([preferred, *content_languages()]):
        found = public_codes.find(kind, [code], language).get(code)
        if found and found.url:
            return found
    return None


def _withdrawn(request, kind, code, language):
    with translation.override(language):
        past = public_codes.history(kind, code, language)
        if past is None:
            raise Http404
        request.egov_error = True
        response = render(request, "egov_site/errors/gone.html", {"past": past, "code": code}, status=410)
    patch_vary_headers(response, ["Accept-Language"])
    patch_cache_control(response, public=True, max_age=KEPT_SECONDS)
    return response

"""The error pages 403, 404 and 500, in the language of the address."""

import logging

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import translation
from django.utils.cache import patch_cache_control
from wagtail.models import Site

from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.language import content_languages, direction, native_name
from egov_cms.site import languages
from egov_cms.site.models.base import only_public

Page = page_model()

logger = logging.getLogger(__name__)


def not_found(request, exception=None):
    """The 404 page: search, the main sections, and the languages in which this address exists."""
    request.egov_error = True
    with translation.override(language_of(request)):
        context = {"elsewhere": languages_with_address(request)}
        return render(request, "egov_site/errors/not_found.html", context, status=404)


def forbidden(request, exception=None):
    request.egov_error = True
    with translation.override(language_of(request)):
        return render(request, "egov_site/errors/forbidden.html", status=403)


def server_error(request):
    """The 500 page, in the reader's language: works without database, cache and collected static files."""
    code = language_of(request)
    with translation.override(code):
        context = {"code": code, "dir": direction(code), "stylesheet": stylesheet_url(), "home": f"/{code}/"}
        response = HttpResponse(render_to_string("egov_site/errors/server_error.html", context), status=500)
    patch_cache_control(response, no_store=True)
    return response


def language_of(request):
    """The language of the address, else the best one for the reader's browser."""
    code, _rest = languages.split_path(request.path_info)
    return code or languages.preferred(request.headers.get("Accept-Language", ""))


def stylesheet_url():
    try:
        return static("egov/egov.css")
    except ValueError:  # no manifest: the files were never collected
        logger.warning("The stylesheet is not among the collected static files.")
        return ""


def languages_with_address(request):
    """The other languages that have this address: a list of `{"code", "name", "dir", "url"}`.

    The address of a record below an index page (an office, a law) is included when the index page exists in that
    language and is missing in this one.
    """
    here, rest = languages.split_path(request.path_info)
    site = Site.find_for_request(request)
    if not here or not rest.strip("/") or site is None:
        return []
    roots = {
        root.language_code: root.root_path for root in Site.get_site_root_paths() if root.site_id == site.pk
    }
    candidates = {
        root + ending: (code, ending) for code, root in roots.items() for ending in path_prefixes(rest)
    }
    deepest = {}
    pages = only_public(Page.objects.filter(url_path__in=candidates)).order_by("depth")
    for page in pages:
        code, ending = candidates[page.url_path]
        deepest[code] = (ending, page)
    ending_here = deepest.pop(here, ("", None))[0]
    urls = {}
    for code, (ending, page) in deepest.items():
        below = rest[len(ending) :]
        if len(ending) > len(ending_here) and serves_subpath(page, below, request):
            urls[code] = languages.in_language(request.path_info, code)
            # A translation may stand elsewhere in the tree of its language.
            for alternate in page.specific.alternates():
                if alternate.code != here:
                    urls.setdefault(alternate.code, alternate.url + below)
    return [
        {"code": code, "name": native_name(code), "dir": direction(code), "url": urls[code]}
        for code in content_languages()
        if code in urls
    ]


def path_prefixes(path):
    """`a/b/c/` → `a/`, `a/b/`, `a/b/c/` (ten levels at most)."""
    parts = [part for part in path.split("/") if part][:10]
    return ["/".join(parts[: count + 1]) + "/" for count in range(len(parts))]


def serves_subpath(page, below, request):
    """Does this page serve the sub-address `below`?"""
    if not below:
        return True
    specific = page.specific
    if not hasattr(specific, "resolve_subpage"):
        return False
    try:
        specific.resolve_subpage("/" + below)
    except Http404:
        return False
    return True

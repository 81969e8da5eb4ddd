"""The API's own addresses: its root, its description, its reader's page, its problem types, its catalogue."""

import functools
import json

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from egov_cms.policies import Policy

from . import cors, registry
from .conditional import tag_of_body
from .description import openapi
from .endpoint import LANGUAGE, language_of
from .problems import TYPES, Problem, problem_response
from .queries import read_query
from .rendering import OpenAPIRenderer
from .suggestions import listed, nearest

METHODS = ("GET", "HEAD", "OPTIONS")

# request → further link contexts of `/.well-known/api-catalog`: what else is there for programs.
catalogued = Policy("api.catalogued", default=lambda request: [])
LINKSET_TYPE = 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"'


def reading(view):
    """A view that is only read: everything else that can be asked of it is a problem, as everywhere in the API."""

    @csrf_exempt
    @functools.wraps(view)
    def wrapped(request, *args, **kwargs):
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers=cors.preflight_headers(METHODS))
        with translation.override(language_of(request)):
            try:
                response = view(request, *args, **kwargs)
                if request.method not in METHODS:
                    raise Problem(
                        "method-not-allowed", _("Offered: %(names)s.") % {"names": ", ".join(METHODS)}
                    )
                read_query(request.GET, {"lang": LANGUAGE})
                return response
            except Problem as problem:
                response = problem_response(problem, request)
            except SuspiciousOperation:
                response = problem_response(Problem("malformed-request"), request)
        for name, value in {**cors.HEADERS, "Allow": ", ".join(METHODS)}.items():
            response[name] = value
        return response

    return wrapped


@reading
def root(request):
    """The resources there are, in the envelope."""
    base = request.build_absolute_uri(reverse("egov_api:root"))
    data = [{"name": name, "url": f"{base}{name}/"} for name in registry.prefixes()]
    links = {
        "self": base,
        "describedby": request.build_absolute_uri(reverse("egov_api:openapi")),
        "docs": request.build_absolute_uri(reverse("egov_api:docs")),
    }
    return _answer(request, {"meta": {"count": len(data)}, "data": data, "links": links})


@reading
def openapi_json(request):
    return _answer(request, openapi(), max_age=3600)


@reading
def docs(request):
    """A reader's page over the description: our own markup, no script, so it obeys the public policy."""
    document = openapi()
    operations = [
        {"path": path, "method": method.upper(), "members": _members(operation), **operation}
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    request.egov_language_parameter = "lang"
    response = render(request, "egov_api/docs.html", {"document": document, "operations": operations})
    patch_vary_headers(response, ["Accept-Language"])
    return response


@reading
def problem(request, code):
    """What a problem type means, in every language of the site: the page behind a type URI."""
    if code not in TYPES:
        message = _("There is no kind of problem “%(code)s”. There are: %(known)s.")
        names = {"code": code[:80], "known": listed(TYPES)}
        raise Problem("not-found", message % names, suggestion=nearest(code, TYPES))
    kind = TYPES[code]
    titles = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            titles[language] = str(kind.title)
    return _answer(request, {"type": request.build_absolute_uri(), "status": kind.status, "title": titles})


@reading
def catalogue(request):
    """`/.well-known/api-catalog` (RFC 9727): where the API, its description, its pages and all that is exported are."""

    def here(name):
        return request.build_absolute_uri(reverse(name))

    api = {
        "anchor": here("egov_api:root"),
        "service-desc": [
            {"href": here("egov_api:openapi"), "type": f"{OpenAPIRenderer.media_type};version=3.1"}
        ],
        "service-doc": [{"href": here("egov_api:docs"), "type": "text/html"}],
        "status": [{"href": here("egov_readyz"), "type": "application/json"}],
    }
    own = here("egov_api_catalogue")
    items = {"anchor": own, "item": [{"href": here("egov_api:root")}]}
    response = _answer(
        request, {"linkset": [items, api, *catalogued(request)]}, content_type=LINKSET_TYPE, max_age=3600
    )
    response["Link"] = f'<{own}>; rel="api-catalog"'
    return response


@reading
def not_found(request):
    """Any other address below the API: a problem, never the site's HTML page."""
    known = registry.prefixes()
    asked = request.path.removeprefix(reverse("egov_api:root"))
    message = _("There is no address “%(address)s” here. There are: %(known)s.")
    names = {"address": asked[:200], "known": listed(known)}
    raise Problem("not-found", message % names, suggestion=nearest(asked.strip("/"), known))


def _members(operation):
    """{name: schema} of the JSON body of an operation."""
    contents = operation.get("requestBody", {}).get("content", {})
    return contents.get("application/json", {}).get("schema", {}).get("properties", {})


def _answer(request, data, content_type="application/json", max_age=60):
    text = json.dumps(data, ensure_ascii=False, indent=1)
    headers = {
        **cors.HEADERS,
        "Cache-Control": f"public, max-age={max_age}",
        "ETag": f'"{tag_of_body(text.encode())}"',
    }
    response = HttpResponse(text, content_type=content_type, headers=headers)
    return get_conditional_response(request, etag=headers["ETag"], response=response)

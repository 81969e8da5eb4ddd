"""The API's own addresses: its root, its description, its reader's page, its problem types, its catalogue."""

import functools
import json
import threading

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.settings import patched_settings
from rest_framework.request import Request

from . import registry
from .conditional import tag_of_body
from .problems import TYPES, Problem, problem_response
from .resource import CORS, language_of

DESCRIPTION = """Everything the site publishes, for programs. Read only, no key needed.

* Answers are `{"meta", "data", "links"}`; errors are `application/problem+json` (RFC 9457) in the language of the answer.
* A parameter that an address does not know, or a value that it cannot use, is an error and is named in `errors`.
* `lang` chooses the language of words; a word that is missing in it is null.
* Lists go on at `links.next`, also given in the `Link` header.
* `ETag` and `If-None-Match` save unchanged answers; `RateLimit`, `RateLimit-Policy` and `Retry-After` tell the bounds.
* Amounts of money are decimal strings. Times are ISO 8601.
"""
SPECTACULAR = {
    "TITLE": "egov-cms API",
    "DESCRIPTION": DESCRIPTION,
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "LICENSE": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
}
OPENAPI_TYPE = "application/vnd.oai.openapi+json;version=3.1"
_describing = threading.Lock()
LINKSET_TYPE = 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"'


@require_safe
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


def openapi():
    """The OpenAPI 3.1 document as a dict, in English and without a server address: equal everywhere."""
    codes = tuple(code for code, _name in settings.LANGUAGES)
    # drf-spectacular keeps what it describes on classes that all threads share: one at a time.
    with _describing:
        text = _openapi_text(registry.registered(), codes)
    return json.loads(text)


@functools.lru_cache(maxsize=4)
def _openapi_text(_resources, _codes):
    # Made once for what is registered: it takes as long as a hundred other answers.
    from .urls import resource_patterns

    with translation.override("en"), patched_settings(SPECTACULAR):
        generator = SchemaGenerator(patterns=resource_patterns("/api/v1/"))
        return json.dumps(generator.get_schema(request=None, public=True), ensure_ascii=False, default=str)


@require_safe
def openapi_json(request):
    return _answer(request, openapi(), max_age=3600)


@require_safe
def docs(request):
    """A reader's page over the description: our own markup, no script, so it obeys the public policy."""
    document = openapi()
    operations = [
        {"path": path, "method": method.upper(), **operation}
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    request.egov_language_parameter = "lang"
    with translation.override(language_of(request)):
        response = render(request, "egov_api/docs.html", {"document": document, "operations": operations})
    patch_vary_headers(response, ["Accept-Language"])
    return response


@require_safe
def problem(request, code):
    """What a problem type means, in every language of the site: the page behind a type URI."""
    if code not in TYPES:
        return not_found(request)
    kind = TYPES[code]
    titles = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            titles[language] = str(kind.title)
    return _answer(request, {"type": request.build_absolute_uri(), "status": kind.status, "title": titles})


@require_safe
def catalogue(request):
    """`/.well-known/api-catalog` (RFC 9727): where the API, its description and its pages are."""

    def here(name):
        return request.build_absolute_uri(reverse(name))

    api = {
        "anchor": here("egov_api:root"),
        "service-desc": [{"href": here("egov_api:openapi"), "type": OPENAPI_TYPE}],
        "service-doc": [{"href": here("egov_api:docs"), "type": "text/html"}],
        "status": [{"href": here("egov_readyz"), "type": "application/json"}],
    }
    own = here("egov_api_catalogue")
    items = {"anchor": own, "item": [{"href": here("egov_api:root")}]}
    response = _answer(request, {"linkset": [items, api]}, content_type=LINKSET_TYPE, max_age=3600)
    response["Link"] = f'<{own}>; rel="api-catalog"'
    return response


def not_found(request, *_args, **_kwargs):
    """Any other address below the API: a problem, never the site's HTML page."""
    with translation.override(language_of(request)):
        response = problem_response(Problem("not-found"), Request(request))
        for name, value in CORS.items():
            response[name] = value
        return response.render()


def _answer(request, data, content_type="application/json", max_age=60):
    text = json.dumps(data, ensure_ascii=False, indent=1)
    headers = {
        **CORS,
        "Cache-Control": f"public, max-age={max_age}",
        "ETag": f'"{tag_of_body(text.encode())}"',
    }
    response = HttpResponse(text, content_type=content_type, headers=headers)
    return get_conditional_response(request, etag=headers["ETag"], response=response)

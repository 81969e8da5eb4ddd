"""The API's own addresses: its root, its description, its reader's page and its problem types."""

import json

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.settings import patched_settings
from rest_framework.request import Request

from .problems import TYPES, Problem, problem_response
from .registry import prefixes
from .resource import CORS

SPECTACULAR = {
    "TITLE": "egov-cms API",
    "DESCRIPTION": "Everything the site publishes, for programs. Read only, no key needed.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "LICENSE": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
}


def _json(data, **headers):
    text = json.dumps(data, ensure_ascii=False, indent=1)
    return HttpResponse(text, content_type="application/json", headers={**CORS, **headers})


@require_safe
def root(request):
    """The resources there are, in the envelope."""
    base = request.build_absolute_uri(reverse("egov_api:root"))
    data = [{"name": name, "url": f"{base}{name}/"} for name in prefixes()]
    links = {
        "self": base,
        "describedby": request.build_absolute_uri(reverse("egov_api:openapi")),
        "docs": request.build_absolute_uri(reverse("egov_api:docs")),
    }
    return _json({"meta": {"count": len(data)}, "data": data, "links": links})


def openapi():
    """The OpenAPI 3.1 document as a dict, in English and without a server address: equal everywhere."""
    from .urls import resource_patterns

    with translation.override("en"), patched_settings(SPECTACULAR):
        return SchemaGenerator(patterns=resource_patterns("/api/v1/")).get_schema(request=None, public=True)


@require_safe
def openapi_json(request):
    return _json(openapi(), **{"Cache-Control": "public, max-age=3600"})


@require_safe
def docs(request):
    """A reader's page over the description: our own markup, no script, so it obeys the public policy."""
    document = openapi()
    operations = [
        {"path": path, "method": method.upper(), **operation}
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    return render(request, "egov_api/docs.html", {"document": document, "operations": operations})


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
    return JsonResponse(
        {"type": request.build_absolute_uri(), "status": kind.status, "title": titles},
        json_dumps_params={"ensure_ascii": False},
    )


def not_found(request, *_args, **_kwargs):
    """Any other address below the API: a problem, never the site's HTML page."""
    language = request.GET.get("lang")
    if language not in dict(settings.LANGUAGES):
        language = translation.get_language_from_request(request)
    with translation.override(language):
        response = problem_response(Problem("not-found"), Request(request))
        for name, value in CORS.items():
            response[name] = value
        return response.render()

"""The OpenAPI documents: of the whole API, and of one address with what is known only at run time."""

import functools
import json
import re
import threading

from django.conf import settings
from django.urls import include, path
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.settings import patched_settings

from . import registry
from .schema import parameter_schemas

DESCRIPTION = """Everything the site publishes, for programs. Read only, no key needed.

* Answers are `{"meta", "data", "links"}`; errors are `application/problem+json` (RFC 9457) in the language of the answer,
  whatever format was asked for.
* A parameter that an address does not know, or a value that it cannot use, is an error and is named in `errors`, with what
  was probably meant in `suggestion`.
* `lang` chooses the language of words; a word that is missing in it is null.
* Lists go on at `links.next`, also given in the `Link` header. A cursor belongs to its list, query and version.
* Where an address takes POST, the parameters are members of a JSON body (`application/json`); `links.self` is the same
  question by GET, where it can be written as an address. Nothing is ever changed by it.
* `.csv` is UTF-8 without a byte order mark, every value as it is; `?bom=1` makes a file for Excel. Large tables are sent
  while they are made: a connection that breaks before its end means that the file is not whole.
* `ETag` and `If-None-Match` save unchanged answers; what stands at the address of a version never changes (`immutable`).
  `RateLimit`, `RateLimit-Policy` and `Retry-After` tell the bounds.
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
PREFIX = "/api/v1/"
# drf-spectacular keeps state on classes that all threads share, so one thread describes at a time.
_describing = threading.Lock()
REFERENCE = re.compile(r'"#/components/schemas/([^"]+)"')


def openapi():
    """The OpenAPI 3.1 document as a dict, in English and without a server address: equal everywhere."""
    codes = tuple(code for code, _name in settings.LANGUAGES)
    with _describing:
        text = _openapi_text(registry.routes(), codes)
    return json.loads(text)


@functools.lru_cache(maxsize=4)
def _openapi_text(routes, _codes):
    # Made once for what is registered: it takes as long as a hundred other answers.
    patterns = [path(PREFIX.lstrip("/"), include(registry.urlpatterns(routes, described=True)))]
    with translation.override("en"), patched_settings(SPECTACULAR):
        document = SchemaGenerator(patterns=patterns).get_schema(request=None, public=True)
        return json.dumps(document, ensure_ascii=False, default=str)


def openapi_of(endpoint):
    """The document of the address that `endpoint` answers at this moment: its path without placeholders, all
    keys of its families, the columns of its items; in the language of the answer.
    """
    whole = openapi()
    route = endpoint.route
    described = PREFIX + registry.PLACEHOLDER.sub(r"{\1}", route.template)
    operations = whole["paths"].get(f"{described}/") or whole["paths"][described]
    parameters = endpoint.run_time_parameters() | endpoint.declared_parameters()
    item = endpoint.run_time_item_schema()
    for method, operation in operations.items():
        common = parameter_schemas(endpoint.common_parameters())
        operation["parameters"] = common + (parameter_schemas(parameters) if method == "get" else [])
        answer = operation["responses"]["200"]["content"].get("application/json")
        if item and answer:
            data = item if endpoint.detail else {"type": "array", "items": item}
            answer["schema"] = {"allOf": [answer["schema"], {"properties": {"data": data}}]}
    address = endpoint.request.path.removesuffix("openapi.json")
    paths = {address: operations}
    return {
        "openapi": whole["openapi"],
        "info": {**whole["info"], "title": f"{whole['info']['title']}: {address}"},
        "paths": paths,
        "components": {"schemas": _used(paths, whole["components"]["schemas"])},
    }


def _used(value, schemas):
    """Those schemas that a part of the document refers to, or one of them does."""
    found, queue = {}, set(REFERENCE.findall(json.dumps(value)))
    while queue:
        name = queue.pop()
        found[name] = schemas[name]
        queue |= set(REFERENCE.findall(json.dumps(schemas[name]))) - found.keys()
    return dict(sorted(found.items()))

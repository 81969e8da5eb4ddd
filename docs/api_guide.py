"""The text of docs/api.md: the addresses out of the OpenAPI document, and what apps use out of the code."""

import inspect
from importlib import import_module

HEAD = """# The API

Under `/api/v1/`, without a language prefix. Written by `make docs` from the same declarations that read the requests; do not
edit. The description for machines is at `/api/v1/openapi.json`, this page for people at `/api/v1/docs/`, and
`/.well-known/api-catalog` (RFC 9727) leads to both.

"""
TRY = """
## Try it

```sh
curl 'http://127.0.0.1:8000/api/v1/services/?event=driving&free=false&lang=en'
curl -H 'Accept: text/turtle' 'http://127.0.0.1:8000/api/v1/services/IQ-MOI-004/'
curl 'http://127.0.0.1:8000/api/v1/services/IQ-MOI-004.jsonld?profile=schema&lang=ar'
curl -o services.xlsx 'http://127.0.0.1:8000/api/v1/services.xlsx?lang=ckb'
curl -o services.csv 'http://127.0.0.1:8000/api/v1/services.csv?bom=1'
curl 'http://127.0.0.1:8000/api/v1/offices.geojson?governorate=BG'
curl 'http://127.0.0.1:8000/api/v1/search/?q=driving+licence&lang=en'
```
"""
DEVELOPERS = """# For developers of resources

An app states its data; the kernel (`egov_cms.api`) does the rest. A resource is registered in `AppConfig.ready()`; parts of
its address in angle brackets are in `self.kwargs`. The same class may stand at several addresses:

```python
class RowResource(Resource):
    \"\"\"Rows of a data set.\"\"\"

    path_parameters = {
        "dataset": PathParameter(_("Data set."), "[a-z0-9-]+"),
        "version": PathParameter(_("Version."), "[0-9]+"),
    }
    list_formats = TABLE_FORMATS  # then table(rows) -> (columns, rows)
    throttle_scope = "rows"  # throttling.register_scope("rows", 120)
    default_limit, largest_limit = 100, 10_000
    item_schema = {"type": "object", "additionalProperties": True}
    is_described_at_run_time = True

    def prepare(self):
        self.file = catalogue.find(self.kwargs["dataset"], self.kwargs.get("version"))
        if self.file is None:
            raise self.missing("dataset")

    def get_version(self):
        pinned = "version" in self.kwargs
        return ContentVersion(self.file.sha256, pinned, "" if pinned else self.address_of("version-rows-list", …))

    def declared_parameters(self):  # also asked without a request, when nothing is loaded
        rows = Family(_("Rows whose column has this value."), lambda: self.file.filters)
        return super().declared_parameters() | {"filter": rows}

    def get_source(self):
        return RowSource(self.file, self.query)  # page(after, limit) -> (rows, position of the last one or None)

    def table(self, rows):
        return self.file.columns, rows


class RowQuery(RowResource):
    \"\"\"Rows by a query in a body.\"\"\"

    read_methods = ("post",)

    def body_members(self):
        condition = Condition(lambda: self.file)  # with read_member(value, path), member_schema(), required, default
        return super().body_members() | {"where": condition}

    def twin(self, members):  # the same question by GET
        path = self.request.path.replace("/query", "/rows")
        return "" if "where" in members else self.written_query(path, members)


registry.register("datasets/<dataset>/rows", RowResource, "rows")
registry.register("datasets/<dataset>/versions/<version>/rows", RowResource, "version-rows")
registry.register("datasets/<dataset>/query", RowQuery, "rows-query")
```

* **Order of a request**: method, language, format, throttle, `prepare`, parameters or members, `get_version`,
  `If-None-Match`, then `list` or `retrieve`. A `304` comes before any query on facts: `prepare` and `get_version` read what
  is known of a version.
* **Parameters** are declared for the description (`declared_parameters`), or known only at this very address
  (`run_time_parameters`, the keys of a `Family`). `is_described_at_run_time` gives the address an `openapi.json` of its own.
* **Tables** are streams: `table` gives an iterable that is read once. The first 64 KiB are made before anything is sent, so
  that an error in them is a problem; a later one breaks the connection. In HTTP/1.0, where a break cannot be seen, the whole
  is made first: let proxies speak HTTP/1.1 to the application.
* **Cursors** are signed and bound to list, query, language and version; positions are any JSON values. A foreign cursor is
  the problem `invalid-cursor`, one of another version `stale-cursor`. Where a version has an address (`permalink`), the
  further pages are read there, so that a new version changes nothing in the middle of a walk.
* **Other methods** (`other_methods = {"put": "receive"}`) skip parameters, ETags and caching; the handler does everything.

## What an endpoint sets

| name | what it is |
| --- | --- |
"""
ATTRIBUTES = {
    "path_parameters": "`{name: PathParameter}` of the parts of its address",
    "list_parameters": "`{name: Parameter or Family}` of a list",
    "detail_parameters": "the same of an item",
    "list_formats": "renderers of a list beside JSON",
    "detail_formats": "renderers of an item beside JSON",
    "is_enveloped": "is JSON in the envelope offered? `False` for addresses of files",
    "read_methods": "`get`, `post` or both; a POST takes the parameters as members of a JSON body",
    "largest_body": "of a POST, in bytes",
    "other_methods": "`{method: name of a handler}` of what is no reading",
    "other_requests": "`{method: {media type: JSON Schema}}` of those, for the description",
    "other_answers": "`{method: {status: JSON Schema or None}}` of those",
    "throttle_scope": "what its requests are counted with",
    "licence": "address of the licence, in `meta`",
    "max_age_seconds": "how long an answer may be kept where it names no version",
    "step_seconds": "an answer that changes by the clock alone is another one this often",
    "tagged_by_body": "the answer depends on more than a version: its ETag is that of its bytes",
    "item_schema": "JSON Schema of an item where there is no serializer; items are JSON values then",
    "is_described_at_run_time": "has an `openapi.json` of its own",
}
PUBLIC = {
    "Addresses": ["registry.register", "registry.PathParameter"],
    "Endpoints": [
        "endpoint.Endpoint",
        *(
            f"endpoint.Endpoint.{name}"
            for name in (
                "prepare", "declared_parameters", "run_time_parameters", "body_members", "get_version", "twin",
                "written_query", "run_time_item_schema", "missing", "address_of", "links", "meta", "stream",
            )
        ),
        "resource.Items",
        *(f"resource.Items.{name}" for name in ("complete", "represent", "table", "document", "file_name")),
        "resource.Resource",
        *(f"resource.Resource.{name}" for name in ("get_source", "get_object", "rows_of")),
        "resource.SingleResource",
    ],
    "Parameters and members": [
        "parameters.Parameter", "families.Family", "members.ObjectMember", "members.ListMember", "suggestions.Refusal",
    ],
    "Sources and versions": [
        "sources.Source",
        *(f"sources.Source.{name}" for name in ("page", "page_before", "position", "everything", "only")),
        "sources.QuerysetSource", "cursors.stale", "conditional.ContentVersion", "conditional.use_version",
    ],
    "Formats": [
        f"rendering.{name}Renderer" for name in ("CSV", "JSONLines", "XLSX", "JSONLD", "Turtle", "GeoJSON", "Atom")
    ],
    "Problems and throttles": [
        "problems.Problem", "problems.ProblemType", "problems.register_types", "throttling.register_scope",
    ],
}  # fmt: skip


def guide(document):
    """The text of docs/api.md out of the OpenAPI document and the code."""
    parts = [HEAD + document["info"]["description"] + TRY]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            name = f"`{path}`" if method == "get" else f"`{method.upper()} {path}`"
            lines = [
                f"## {name}",
                operation["description"],
                "",
                "| parameter | values | |",
                "| --- | --- | --- |",
            ]
            lines += [
                f"| `{each['name']}` | {_values(each['schema'])} | {_help_text(each)} |"
                for each in operation["parameters"]
            ]
            lines += _members(operation)
            parts.append("\n".join(lines) + "\n")
    return "\n".join([*parts, developers()])


def developers():
    """The section for developers: what there is to set, and every public name with its signature."""
    lines = [DEVELOPERS + "\n".join(f"| `{name}` | {text} |" for name, text in ATTRIBUTES.items())]
    for heading, names in PUBLIC.items():
        lines += ["", f"## {heading}", ""]
        lines += [_signature(name) for name in names]
    return "\n".join(lines) + "\n"


def _members(operation):
    """The rows of a table of the members of a body."""
    contents = operation.get("requestBody", {}).get("content", {})
    if "application/json" not in contents:
        return []
    members = contents["application/json"]["schema"].get("properties", {})
    head = ["", "| member of the body | values | |", "| --- | --- | --- |"]
    return head + [
        f"| `{name}` | {_values(schema)} | {schema.get('description', '')} |"
        for name, schema in members.items()
    ]


def _values(schema):
    many = ", repeatable" if schema["type"] == "array" else ""
    item = schema.get("items", schema)
    if "enum" in item:
        return ", ".join(f"`{value}`" for value in item["enum"]) + many
    if "minimum" in item:
        return f"{item['minimum']} to {item['maximum']}{many}"
    kinds = {"object": "one for each key", "boolean": "true or false"}
    plain = kinds.get(item["type"] if isinstance(item["type"], str) else "", "text")
    return {"date": "date, as 2026-11-23"}.get(item.get("format"), plain) + many


def _help_text(parameter):
    return parameter.get("description") or "Which one."


def _signature(name):
    """`registry.register` → its signature and the first paragraphs of its docstring, as an item of a list."""
    module, *path = name.split(".")
    found = import_module(f"egov_cms.api.{module}")
    for part in path:
        found = getattr(found, part)
    is_class = inspect.isclass(found)
    written = "" if is_class and not _has_fields(found) else _parameters(found)
    text = " ".join(inspect.getdoc(found).split())
    return f"* `{'.'.join(path[-1:]) if len(path) > 1 else name}{written}`: {text}"


def _has_fields(kind):
    """Is this a class that apps make objects of?"""
    return hasattr(kind, "__dataclass_fields__") or kind.__name__ in ("Problem", "QuerysetSource", "Refusal")


def _parameters(found):
    signature = inspect.signature(found)
    kept = [
        parameter.replace(annotation=inspect.Parameter.empty)
        for name, parameter in signature.parameters.items()
        if name != "self"
    ]
    return str(signature.replace(parameters=kept, return_annotation=inspect.Signature.empty))

"""Where apps hang their endpoints: `register("services", ServiceResource)` in `AppConfig.ready()`."""

import re
from dataclasses import dataclass

from django.urls import re_path

PLACEHOLDER = re.compile(r"<(\w+)>")
ANY_SEGMENT = "[^/.]+"


@dataclass(frozen=True)
class PathParameter:
    """A part of an address in angle brackets. pattern: a regular expression that the whole part fits."""

    description: str
    pattern: str = ANY_SEGMENT


@dataclass(frozen=True)
class Route:
    """An endpoint at an address below `/api/v1/`, such as `datasets/<dataset>/resources/<resource>/rows`.

    A collection (`list`) stands at the address itself, an item (`retrieve`) below it under its lookup; an
    endpoint whose `lookup_field` is None has its only item at the address itself.
    """

    template: str
    endpoint: type
    name: str

    def operations(self):
        """[(template, actions, is_detail)] of what the endpoint has: {method: name of its handler}."""
        endpoint, found = self.endpoint, []
        lookup = endpoint.lookup_name()
        has_list, has_items = hasattr(endpoint, "list"), hasattr(endpoint, "retrieve")
        here = "list" if has_list else "retrieve" if has_items and not lookup else ""
        actions = (dict.fromkeys(endpoint.read_methods, here) if here else {}) | endpoint.other_methods
        if actions:
            found.append((self.template, actions, here == "retrieve"))
        if has_items and lookup:
            found.append((f"{self.template}/<{lookup}>", {"get": "retrieve"}, True))
        return found

    def regex(self, template):
        """The template as a regular expression without its end."""
        parts = PLACEHOLDER.split(template)
        return "".join(
            f"(?P<{part}>{self.path_parameter(part).pattern})" if place % 2 else re.escape(part)
            for place, part in enumerate(parts)
        )

    def path_parameter(self, name):
        """What the endpoint says of a placeholder, or of the lookup of its items."""
        declared = self.endpoint.path_parameters.get(name)
        is_lookup = name == self.endpoint.lookup_name()
        if declared is None:
            declared = PathParameter("", getattr(self.endpoint, "lookup_value_regex", ANY_SEGMENT))
        if not is_lookup and not declared.description:
            raise ValueError(f"{self.endpoint.__name__}.path_parameters does not describe <{name}>.")
        return declared


_routes = {}


def register(template, endpoint, basename=None):
    """Serve `endpoint` (an `Endpoint` class) at `/api/v1/<template>/`; an equal address is an error.

    basename: how the addresses are reversed (`egov_api:<basename>-list`, `-detail`); without placeholders it
    need not be given. One class may be registered at several addresses, each with a basename of its own.
    """
    add(_routes, template, endpoint, basename)


def add(routes, template, endpoint, basename=None):
    """The same for any dict of routes."""
    name = basename or template.replace("/", "-")
    if not re.fullmatch(r"[\w.-]+", name):
        raise ValueError(f"Name /api/v1/{template}/: register(…, basename=…).")
    route = Route(template, endpoint, name)
    key = PLACEHOLDER.sub("<>", template)
    if routes.get(key, route) != route:
        raise ValueError(f"Two resources want /api/v1/{template}/.")
    if any(other.name == name for other in routes.values() if other != route):
        raise ValueError(f"Two addresses of the API have the name {name}.")
    for placeholder in PLACEHOLDER.findall(template):
        route.path_parameter(placeholder)
    routes[key] = route


def routes():
    """What is registered, as a value that changes when anything else is."""
    return tuple(_routes[key] for key in sorted(_routes))


def prefixes():
    """The registered addresses without placeholders, sorted: the content of the API's root document."""
    return sorted(route.template for route in _routes.values() if not PLACEHOLDER.search(route.template))


def urlpatterns(of=None, described=False):
    """The addresses of routes (all that are registered), with a slash at the end or without, so that no client
    meets a redirect, and with format suffixes (`services.csv`). described: those of the OpenAPI document alone.
    """
    patterns = []
    for route in routes() if of is None else of:
        for template, actions, is_detail in route.operations():
            patterns += _patterns(route, template, actions, is_detail, described)
    # A literal part of an address stands before a placeholder in its place.
    patterns.sort(
        key=lambda pattern: [PLACEHOLDER.search(part) is not None for part in pattern[0].split("/")]
    )
    return [pattern for _template, pattern in patterns]


def _patterns(route, template, actions, is_detail, described):
    view = route.endpoint.as_view(actions, detail=is_detail, basename=route.name, route=route)
    regex, name = route.regex(template), f"{route.name}-{'detail' if is_detail else 'list'}"
    if "." in template.rpartition("/")[2]:  # `budgets/<dataset>/datapackage.json`: one format, no suffix
        return [(template, re_path(f"^{regex}$", view, name=name))]
    patterns = [(template, re_path(f"^{regex}/?$", view, name=name))]
    if described:
        return patterns
    patterns.append((template, re_path(rf"^{regex}\.(?P<format>[a-z0-9]+)/?$", view, name=name)))
    if route.endpoint.is_described_at_run_time and template == route.template:
        own = f"{template}/openapi.json"
        description = route.endpoint.as_view(
            {"get": "describe"}, detail=is_detail, basename=route.name, route=route
        )
        patterns.append(
            (own, re_path(rf"^{regex}/openapi\.json$", description, name=f"{route.name}-openapi"))
        )
    return patterns

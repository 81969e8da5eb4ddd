"""Where apps hang their resources: `register("services", ServiceResource)` in `AppConfig.ready()`."""

from rest_framework.routers import SimpleRouter
from rest_framework.urlpatterns import format_suffix_patterns

_resources = {}


def register(prefix, resource, basename=None):
    """Serve `resource` (a `Resource` class) at `/api/v1/<prefix>/`; an equal prefix is an error."""
    if _resources.get(prefix, (resource,))[0] is not resource:
        raise ValueError(f"Two resources want /api/v1/{prefix}/.")
    _resources[prefix] = (resource, basename or prefix)


def prefixes():
    """The registered prefixes, sorted: the content of the API's root document."""
    return sorted(_resources)


def registered():
    """What is registered, as a value that changes when anything else is."""
    return tuple((prefix, resource) for prefix, (resource, _name) in sorted(_resources.items()))


class Router(SimpleRouter):
    """DRF's router with an optional slash at the end, so that no client meets a redirect."""

    def __init__(self):
        super().__init__()
        self.trailing_slash = "/?"


def urlpatterns(suffixes=True):
    """The addresses of all registered resources, with format suffixes (`services.csv`) unless told
    otherwise.
    """
    router = Router()
    for prefix, (resource, basename) in sorted(_resources.items()):
        router.register(prefix, resource, basename=basename)
    return format_suffix_patterns(router.urls) if suffixes else router.urls

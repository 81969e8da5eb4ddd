"""What is exported, described once: the data catalogue and `/.well-known/api-catalog` are made of it.

An app registers each thing that can be taken away whole, in `ready()`:

    register_export(Export("permits", title=_("Permits"), description=_("Every permit in force."), api="permits"))

Formats of the API are not written down a second time: `api` names the registered address, whose formats are read from
the API itself. What stands elsewhere (a feed, a handbook to print) is a `Format` of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise

from egov_cms.api import registry
from egov_cms.api.endpoint import Endpoint
from egov_cms.api.rendering import EnvelopeRenderer
from egov_cms.language import content_languages

Words = str | Promise

# Names of the authority table of data themes that DCAT-AP asks for.
THEMES = "http://publications.europa.eu/resource/authority/data-theme/"


@dataclass(frozen=True)
class Format:
    """One form in which an export can be fetched.

    address: language → path with its query. conforms_to: the address of the standard or profile that the content follows.
    """

    media_type: str
    address: Callable[[str], str]
    conforms_to: str = ""


@dataclass(frozen=True)
class Version:
    """A version that keeps an address of its own for ever. note: what is different in it."""

    name: str
    address: str
    published: datetime
    note: Words = ""


@dataclass(frozen=True)
class Export:
    """One thing that is exported.

    name: for programs, lasting: the identifier of its entry in the catalogue. title, description: for people.
    licence: its address. api: name of the address of the API that lists it, and api_path the placeholders of that address.
    formats: those beside the API's. landing_page: language → the path of the page about it. publisher: gives the unit
    that answers for it; None: the ministry. themes: codes of `THEMES`. keywords: for those who search. changed: gives the
    time of its last change, or None where nothing is held. versions: gives its `Version`s, the newest first.
    languages: codes of those in which it can be fetched. frequency: how often it changes, a code of the EU's table.
    """

    name: str
    title: Words
    description: Words
    licence: str = Endpoint.licence
    api: str = ""
    api_path: Mapping[str, str] = field(default_factory=dict)
    formats: tuple[Format, ...] = ()
    landing_page: Callable[[str], str] | None = None
    publisher: Callable[[], Any] | None = None
    themes: tuple[str, ...] = ("GOVE",)
    keywords: tuple[Words, ...] = ()
    changed: Callable[[], datetime | None] | None = None
    versions: Callable[[], Iterable[Version]] | None = None
    languages: Callable[[], list[str]] = content_languages
    frequency: str = "IRREG"

    def all_formats(self) -> list[Format]:
        """The formats of the API, JSON first, and the others."""
        return [*(_formats_of_api(self.api, self.api_path) if self.api else ()), *self.formats]


def _formats_of_api(name, path) -> list[Format]:
    endpoint = next(route.endpoint for route in registry.routes() if route.name == name)
    own = [EnvelopeRenderer] if endpoint.is_enveloped else []
    return [
        Format(renderer.media_type, _api_address(name, path, None if renderer in own else renderer.format))
        for renderer in (*own, *endpoint.list_formats)
    ]


def _api_address(name, path, suffix):
    kwargs = {**path, **({"format": suffix} if suffix else {})}

    def address(language: str) -> str:
        path = reverse(f"egov_api:{name}-list", kwargs=kwargs)
        # As the root document of the API writes them.
        return f"{path if suffix else path.rstrip('/') + '/'}?lang={language}"

    return address


def page_address(url_name: str, **kwargs) -> Callable[[str], str]:
    """Language → the path of a view below the language prefix."""

    def address(language: str) -> str:
        with translation.override(language):
            return reverse(url_name, kwargs=kwargs)

    return address


_exports: dict[str, Export] = {}
_left_out: dict[str, str] = {}


def register_export(export: Export) -> Export:
    """Describe something that is exported."""
    _exports[export.name] = export
    return export


def leave_out(api: str, reason: str) -> None:
    """Say of an address of the API that lists things why it is no export."""
    _left_out[api] = reason


def registered() -> dict[str, Export]:
    """Name → Export of the apps that are installed, in the order in which they registered."""
    return _exports


def undescribed() -> list[str]:
    """Names of lists of the API of which nobody has said whether they are exports. A test expects none."""
    described = {export.api for export in _exports.values()} | {*_left_out}
    return [
        route.name
        for route in registry.routes()
        if route.name not in described
        if any("list" in actions.values() for _template, actions, _is_detail in route.operations())
    ]


def linkset(request) -> list[dict]:
    """The exports as link contexts of `/.well-known/api-catalog` (RFC 9264): where each is, in which formats, under which
    licence. The first context lists them all with their titles.
    """
    absolute = request.build_absolute_uri
    items, contexts = [], []
    for export in _exports.values():
        languages = export.languages()
        first, *others = export.all_formats()
        anchor = absolute(first.address(languages[0]).partition("?")[0])
        items.append({"href": anchor, "type": first.media_type, "title*": _titles(export.title, languages)})
        alternates = [
            {"href": absolute(each.address(language)), "type": each.media_type, "hreflang": [language]}
            for each in others
            for language in languages
        ]
        context = {"anchor": anchor, "license": [{"href": export.licence}]}
        contexts.append(context | ({"alternate": alternates} if alternates else {}))
    return [{"anchor": absolute(reverse("egov_api_catalogue")), "item": items}, *contexts] if items else []


def _titles(words, languages) -> list[dict[str, str]]:
    titles = []
    for language in languages:
        with translation.override(language):
            titles.append({"value": str(words), "language": language})
    return titles

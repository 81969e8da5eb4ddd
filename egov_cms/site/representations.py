"""Every public address at which a subject can be read: its own, and the lists and files that name it.

    register(ServicePage, addresses)     # addresses(page) -> paths of one subject
    register_shared(addresses)           # addresses(language, words) -> paths of lists, files, feeds and searches

Caches in front of the site are asked to forget the first when a subject changes (`site.page_cache`), and a test asks all of
them after every way in which a subject can stop being public. A room that shows subjects in a new place registers it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import override
from wagtail.models import Locale

from egov_cms.adapters.wagtail.pages import page_model

from .models import LegalReference, LegislationIndexPage, Office, OfficeIndexPage

_own: dict[type, Callable[..., Iterable[str]]] = {}
_shared: list[Callable[[str, str], Iterable[str]]] = []


def register(model: type, function: Callable[..., Iterable[str]]) -> None:
    """The public addresses of one object of this model, as paths. The most special class of an object decides."""
    _own[model] = function


def register_shared(function: Callable[[str, str], Iterable[str]]) -> None:
    """The addresses in one language that show many subjects; `words` are what somebody would search for."""
    if function not in _shared:
        _shared.append(function)


def registered() -> list[type]:
    """The models that have public addresses of their own."""
    return list(_own)


def addresses_of(instance) -> list[str]:
    """The paths of this object, in every language it has."""
    for model in type(instance).__mro__:
        if model in _own:
            return list(dict.fromkeys(path for path in _own[model](instance) if path))
    return []


def shared_addresses(language: str, words: str = "") -> list[str]:
    """The paths of all lists, files, feeds and searches of one language."""
    with override(language):
        return list(dict.fromkeys(path for function in _shared for path in function(language, words)))


def family_of(page) -> list:
    """The pages that are this page in all languages, itself included, as stored; without aliases."""
    pages = page_model().objects.filter(translation_key=page.translation_key, alias_of=None)
    return list(pages.select_related("locale").specific())


def _page_addresses(page):
    return (each.relative_url(None) for each in family_of(page))


def _office_addresses(office):
    return (page.office_url(office) for page in OfficeIndexPage.objects.public())


def _law_addresses(law):
    return (page.reference_url(law) for page in LegislationIndexPage.objects.public())


def _lists(language, words):
    """The pages of this language that are lists, and what is made of them."""
    locale = Locale.objects.get(language_code=language)
    pages = page_model().objects.live().filter(locale=locale, alias_of=None, depth__range=(2, 3))
    yield from (page.relative_url(None) for page in pages)
    yield from (
        "/sitemap.xml",
        reverse("egov_status"),
        reverse("egov_news_feed"),
        reverse("egov_notices_feed"),
    )
    for name in ("offices", "notices", "organisation"):
        yield f"/api/v1/{name}/?lang={language}"


def register_own() -> None:
    """Called from `AppConfig.ready()`."""
    register(page_model(), _page_addresses)
    register(Office, _office_addresses)
    register(LegalReference, _law_addresses)
    register_shared(_lists)


def search_addresses(language, words):
    """What search gives for these words."""
    query = urlencode({"q": words})
    yield f"{reverse('egov_search')}?{query}"
    yield f"{reverse('egov_search_suggest')}?{query}"
    yield f"{reverse('egov_search_completions')}?{query}"
    yield f"/api/v1/search/?{query}&lang={language}"

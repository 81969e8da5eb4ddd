"""Where a service can be read (`site.representations`)."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import override

from egov_cms.services.models import ServicePage
from egov_cms.site import representations

FILES = (
    "egov_service_card",
    "egov_service_jsonld",
    "egov_service_code",
    "egov_service_poster",
    "egov_service_print",
    "egov_experience",
)
API = "/api/v1/services/"
SUFFIXES = (".csv", ".xlsx", ".ttl", ".jsonld")


def register() -> None:
    representations.register(ServicePage, addresses)
    representations.register_shared(lists)


def addresses(page):
    """The page in every language, the files made of it, and the API's answers about it."""
    for each in representations.family_of(page):
        yield each.relative_url(None)
        with override(each.locale.language_code):
            yield from (reverse(name, args=[each.slug]) for name in FILES)
        yield f"{API}{page.service_code}/?lang={each.locale.language_code}"
    yield from (f"{API}{page.service_code}{suffix}" for suffix in SUFFIXES)
    yield f"{API}{page.service_code}.jsonld?profile=schema"


def lists(language, words):
    """The lists and files of all services."""
    yield from (reverse("egov_service_handbook"), reverse("egov_changes"), reverse("egov_changes_feed"))
    yield f"{API}?lang={language}"
    yield from (f"{API[:-1]}{suffix}?lang={language}" for suffix in SUFFIXES)
    yield f"/api/v1/changes/?lang={language}"

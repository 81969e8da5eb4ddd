"""Links of a published service: its other formats, and its breadcrumbs."""

from django.urls import reverse
from django.utils.translation import gettext as _

from egov_cms.services.models import ServiceIndexPage
from egov_cms.site.page_cache import cached_by_version
from egov_cms.site.public_codes import address


def other_forms(code: str, slug: str, case: str = "") -> list[dict[str, str]]:
    """`title` and `url` of the other formats of a service page, and its permanent address, in the active language.

    `case`: the query string of the chosen case, which the printed sheet uses.
    """
    forms = {
        "egov_service_print": _("Sheet to print"),
        "egov_service_poster": _("Poster for the counter"),
        "egov_service_card": _("Short text to send"),
        "egov_service_jsonld": _("As data"),
    }
    found = [
        {"title": title, "url": reverse(name, args=[slug]) + (case if name == "egov_service_print" else "")}
        for name, title in forms.items()
    ]
    return [*found, {"title": _("Permanent link"), "url": address("service", code)}]


def breadcrumbs(language: str) -> list[tuple[str, str]]:
    """(title, path) of the ancestors of a service page, home first; empty if the language has no catalogue."""
    return cached_by_version(f"services-breadcrumbs-{language}", lambda: _breadcrumbs(language))


def _breadcrumbs(language):
    index = ServiceIndexPage.objects.public().filter(locale__language_code=language).first()
    return [] if index is None else [*map(tuple, index.crumbs), (index.title, index.url)]

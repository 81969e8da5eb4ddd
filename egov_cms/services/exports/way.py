"""The way from the home page to the services of a language."""

from egov_cms.services.models import ServiceIndexPage
from egov_cms.site.cache import kept


def way(language: str) -> list[tuple[str, str]]:
    """(title, path) of the pages above a service, home first; empty where the language has no catalogue."""
    return kept(f"services-way-{language}", lambda: _way(language))


def _way(language):
    index = ServiceIndexPage.objects.public().filter(locale__language_code=language).first()
    return [] if index is None else [*map(tuple, index.crumbs), (index.title, index.url)]

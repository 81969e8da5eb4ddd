"""`sitemap.xml`: every public address with its other languages.

An `Entry` is one page or record with its address in each language that has it. Apps add entries that are not pages
with `register(source)`: `source(request) -> Iterable[Entry]`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from wagtail.models import Site

from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.site.models import LegalReference, LegislationIndexPage, Office, OfficeIndexPage
from egov_cms.site.models.base import only_public

Page = page_model()

LONGEST_PART = 5000

_sources = []


@dataclass(frozen=True)
class Entry:
    """A page or record: `paths` maps a language code to its absolute path; `changed`: the time of its last change."""

    paths: dict[str, str]
    changed: datetime | None = None


def register(source):
    """Add a source of entries. Returns it, so that it can be used as a decorator."""
    _sources.append(source)
    return source


@require_safe
def sitemap(request):
    """All addresses, or the index of the parts when there are more than `LONGEST_PART`."""
    rows = addresses(request)
    if len(rows) <= LONGEST_PART:
        return render_rows(request, rows)
    count = -(-len(rows) // LONGEST_PART)
    parts = [
        request.build_absolute_uri(reverse("egov_sitemap_part", args=[number]))
        for number in range(1, count + 1)
    ]
    return render(request, "egov_site/sitemap_index.xml", {"parts": parts}, content_type="application/xml")


@require_safe
def sitemap_part(request, number):
    rows = addresses(request)[(number - 1) * LONGEST_PART : number * LONGEST_PART] if number > 0 else []
    if not rows:
        raise Http404
    return render_rows(request, rows)


def addresses(request):
    """Every `{"url", "changed", "alternates"}` of the site, one row for each entry and language."""
    base = f"{request.scheme}://{request.get_host()}"
    return [row for source in _sources for entry in source(request) for row in rows_of(entry, base)]


def rows_of(entry, base):
    urls = {code: base + path for code, path in entry.paths.items()}
    alternates = list(urls.items())
    default = urls.get(settings.LANGUAGE_CODE) or next(iter(urls.values()))
    alternates.append(("x-default", default))
    return [{"url": url, "changed": entry.changed, "alternates": alternates} for url in urls.values()]


def render_rows(request, rows):
    return render(request, "egov_site/sitemap.xml", {"rows": rows}, content_type="application/xml")


@register
def pages(request) -> Iterable[Entry]:
    """The live, public pages of this site, without aliases, which have the text of another language."""
    site = Site.find_for_request(request)
    roots = [
        (root.root_path, root.language_code)
        for root in Site.get_site_root_paths()
        if site and root.site_id == site.pk
    ]
    rows = (
        only_public(Page.objects.filter(depth__gt=1))
        .order_by("path")
        .values_list("translation_key", "url_path", "last_published_at")
    )
    translations = {}
    for key, url_path, changed in rows:
        for root, code in roots:
            if url_path.startswith(root):
                paths, latest = translations.get(key, ({}, None))
                paths[code] = f"/{code}/{url_path[len(root) :]}"
                translations[key] = (paths, max(filter(None, (latest, changed)), default=None))
                break
    return [Entry(paths, changed) for paths, changed in translations.values()]


@register
def offices(request) -> Iterable[Entry]:
    """Every public office, in the languages that have an office index page."""
    offices = Office.objects.public().select_related("governorate").only("slug", "kind", "governorate__slug")
    return record_entries(OfficeIndexPage, (f"{office.place_slug}/{office.slug}/" for office in offices))


@register
def legislation(request) -> Iterable[Entry]:
    """Every public law, in the languages that have a legislation index page."""
    slugs = LegalReference.objects.public().values_list("slug", flat=True)
    return record_entries(LegislationIndexPage, (f"{slug}/" for slug in slugs))


def record_entries(index_type, endings):
    """Entries of records whose addresses are below the index pages of one type."""
    pages = index_type.objects.public().select_related("locale").order_by("path")
    indexes = {page.locale.language_code: page.url for page in pages}
    return (
        [Entry({code: url + ending for code, url in indexes.items()}) for ending in endings]
        if indexes
        else []
    )

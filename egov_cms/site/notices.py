"""The scope of notices (pages, offices, governorates), for the page of notices, its feed and the API.

`with_scopes(notices)` sets `scope` of each. Where pages have public codes (`site.public_codes`), the API filters by these
codes and includes them.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.translation import get_language, gettext

from egov_cms.adapters.wagtail.pages import page_model

from .models import Notice, NoticePage, OfficeIndexPage
from .models.base import only_public
from .public_codes import kinds_of_pages

Page = page_model()


class Link(NamedTuple):
    """A page or place that a notice names; `url` is empty where it has no page in this language."""

    title: str
    url: str


def with_scopes(notices, offices_url="") -> list[Notice]:
    """The notices as a list, each with `scope`: Links in the active language. Five queries for any number."""
    notices = list(notices)
    prefetch_related_objects(notices, "governorates", "offices__governorate")
    pages = _named_pages(notices)
    for notice in notices:
        places = [*notice.governorates.all(), *notice.offices.all()]
        notice.scope = [*pages.get(notice.pk, ()), *(_place_link(place, offices_url) for place in places)]
    return notices


def _place_link(place, offices_url):
    if not offices_url:
        return Link(str(place.name), "")
    below = f"{place.place_slug}/{place.slug}/" if hasattr(place, "place_slug") else f"{place.slug}/"
    return Link(str(place.name), offices_url + below)


def _named_pages(notices) -> dict[int, list[Link]]:
    """Key of a notice → the pages that it names, in the active language. Two queries."""
    rows = NoticePage.objects.filter(notice__in=[notice.pk for notice in notices])
    rows = list(rows.order_by("pk").values_list("notice", "page__translation_key"))
    if not rows:
        return {}
    pages = only_public(Page.objects.filter(locale__language_code=get_language()))
    links = {
        page.translation_key: Link(page.title, page.url or "")
        for page in pages.filter(translation_key__in={key for _notice, key in rows})
    }
    named = defaultdict(list)
    for notice, key in rows:
        if key in links:
            named[notice].append(links[key])
    return named


def codes_of(notices) -> dict[int, dict[str, list[str]]]:
    """Key of a notice → {"services": [codes]} for every kind of page with codes. One query for each kind."""
    rows = NoticePage.objects.filter(notice__in=[notice.pk for notice in notices])
    rows = list(rows.order_by("pk").values_list("notice", "page__translation_key"))
    kinds = kinds_of_pages()
    result = {notice.pk: {f"{name}s": [] for name in kinds} for notice in notices}
    keys = {key for _notice, key in rows}
    for name, kind in kinds.items() if keys else ():
        by_key = kind.pages.codes_of(keys)
        for notice, key in rows:
            if key in by_key:
                result[notice][f"{name}s"].append(by_key[key])
    return result


def offices_url() -> str:
    """The path of the office index page in the active language; empty where there is none."""
    page = OfficeIndexPage.objects.public().filter(locale__language_code=get_language()).first()
    return page.url or "" if page else ""


def address(notice) -> str:
    """The path of a notice, on the page of notices in the active language."""
    return f"{reverse('egov_status')}#notice-{notice.pk}"


def placed_title(notice) -> str:
    """The title; for a notice of pages at some places, followed by the places: “Queues (Basra)”.

    Reads the prefetched places.
    """
    names = [str(place.name) for place in notice.places] if notice.named else []
    return f"{notice.title} ({gettext(', ').join(names)})" if names else str(notice.title)

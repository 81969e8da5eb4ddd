"""Caches in front of the site (`WAGTAILFRONTENDCACHE`) lose what a publication changed: a message of the outbox.

Wagtail purges the address of a published or withdrawn page itself; here are those in all languages and the lists around.
"""

from __future__ import annotations

from django.conf import settings
from wagtail.contrib.frontend_cache.utils import PurgeBatch

from egov_cms.adapters.wagtail.pages import page_model

from . import outbox
from .publication import Events, step

Page = page_model()

# Addresses below the home page of a language, and below the site, that list pages of many types.
LISTS_OF_LANGUAGE = ("news/feed.atom",)
LISTS_OF_SITE = ("sitemap.xml",)


@step("outbox", "site.purges")
def purge_changed_pages(events: Events):
    if getattr(settings, "WAGTAILFRONTENDCACHE", None) and (urls := sorted(urls_around(events.of(Page)))):
        outbox.put("purge", {"urls": urls})


def purge(payload) -> None:
    batch = PurgeBatch()
    batch.add_urls(payload["urls"])
    batch.purge()


outbox.register("purge", purge)


def urls_around(events: Events) -> set[str]:
    """Full addresses of these pages, of their translations, of the pages above them, and of the lists of the site."""
    families = events.families()
    pages = {page.pk: page for page in Page.objects.filter(translation_key__in=families)}
    # A deleted page, and the address that a moved one had, are known by the noted instance only.
    noted = [event.instance for event in events]
    above = {
        path[:end]
        for path in (page.path for page in [*pages.values(), *noted])
        for end in range(2 * Page.steplen, len(path), Page.steplen)
    }
    pages.update((page.pk, page) for page in Page.objects.filter(path__in=above))
    urls = set()
    for page in [*pages.values(), *noted]:
        if (parts := page.get_url_parts()) is None:
            continue
        _site, root_url, _path = parts
        urls.update({page.full_url, *(f"{root_url}/{name}" for name in LISTS_OF_SITE)})
        if page.depth == 2:
            urls.update(page.full_url + name for name in LISTS_OF_LANGUAGE)
    return urls - {None}

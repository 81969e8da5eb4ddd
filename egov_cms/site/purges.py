"""Caches in front of the site (`WAGTAILFRONTENDCACHE`) lose what a publication changed: a message of the outbox.

Wagtail purges the address of a published or withdrawn page itself, before the commit; here are all representations of it in
all languages, the pages above it, and the lists, feeds and files of the site, after the commit.
"""

from __future__ import annotations

from django.conf import settings
from wagtail.contrib.frontend_cache.utils import PurgeBatch
from wagtail.models import Locale, Site

from egov_cms.adapters.wagtail.pages import page_model

from . import outbox, representations
from .publication import Events, step

Page = page_model()


@step("outbox", "site.purges")
def purge_what_changed(events: Events):
    if getattr(settings, "WAGTAILFRONTENDCACHE", None) and (urls := sorted(urls_around(events))):
        outbox.put("purge", {"urls": urls})


def purge(payload) -> None:
    batch = PurgeBatch()
    batch.add_urls(payload["urls"])
    batch.purge()


outbox.register("purge", purge)


def urls_around(events: Events) -> set[str]:
    """Full addresses that show what happened: of the subjects, of the pages above and below them, and of lists.

    A deleted page is known by the noted object only. A row without an address of its own gives none.
    """
    subjects = [event.instance for event in events]
    paths = {path for each in subjects for path in representations.addresses_of(each)}
    pages = _pages_around(events.of(Page))
    if not (paths or pages):
        return set()
    for language in Locale.objects.values_list("language_code", flat=True):
        paths.update(representations.shared_addresses(language))
    roots = [site.root_url for site in Site.objects.all()]
    urls = {page.full_url for page in pages} - {None}
    return urls | {root + path for root in roots for path in paths}


def _pages_around(events: Events) -> list:
    """The noted pages, all of their families, the pages above those, and below what was moved or restricted."""
    noted = [event.instance for event in events]
    family = list(Page.objects.filter(translation_key__in=events.families()))
    starts = {
        page.path[:end]
        for page in [*noted, *family]
        for end in range(2 * Page.steplen, len(page.path), Page.steplen)
    }
    above = list(Page.objects.filter(path__in=starts))
    below = [
        page
        for event in events.with_kind("moved", "restricted")
        for page in Page.objects.filter(path__startswith=event.instance.path)
    ]
    return [*noted, *family, *above, *below]

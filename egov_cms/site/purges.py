"""Caches in front of the site (`WAGTAILFRONTENDCACHE`) lose what a publication changed: a message of the outbox.

Wagtail purges the address of a published or withdrawn page itself, before the commit; here are all representations of it in
all languages, the pages above it, and the lists, feeds and files of the site, after the commit. Wagtail's task for it only
logs what a cache refuses: such an address is not tried again. A cache that knows the tags of pages
(`TaggedHTTPBackend`) loses every page that shows the change as well, and is asked again until it has answered.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.request import Request, urlopen

from django.conf import settings
from wagtail.contrib.frontend_cache.backends import HTTPBackend
from wagtail.contrib.frontend_cache.utils import PurgeBatch
from wagtail.models import Locale, Site

from egov_cms.adapters.wagtail.front_caches import front_caches
from egov_cms.adapters.wagtail.pages import page_model

from . import outbox, representations
from .publication import Events, step
from .tags import ANY, tags_of_events

Page = page_model()
# A header has a bound of some kilobytes.
TAGS_AT_ONCE = 50


@step("outbox", "site.purges")
def purge_what_changed(events: Events):
    if getattr(settings, "WAGTAILFRONTENDCACHE", None):
        outbox.put(
            "purge", {"urls": sorted(urls_around(events)), "tags": sorted(tags_of_events(events) | {ANY})}
        )


def purge(payload) -> None:
    batch = PurgeBatch()
    batch.add_urls(payload["urls"])
    batch.purge()
    for backend in front_caches():
        if hasattr(backend, "purge_tags"):
            backend.purge_tags(payload["tags"])


outbox.register("purge", purge)


class TaggedHTTPBackend(HTTPBackend):
    """Wagtail's HTTP backend for a cache that can also drop by tags, as Varnish does with xkey.

    `PURGE /` with the tags in a header, separated by spaces; TAG_HEADER names it ("xkey-purge"). The pages carry theirs in
    `Cache-Tag`. TIMEOUT in seconds. A cache that cannot be reached is an error: the message stays in the outbox.
    """

    def __init__(self, params):
        self._header = params.pop("TAG_HEADER", "xkey-purge")
        self._timeout = params.pop("TIMEOUT", 5)
        super().__init__(params)

    def purge_tags(self, tags: Iterable[str]) -> None:
        tags = list(tags)
        for start in range(0, len(tags), TAGS_AT_ONCE):
            some = " ".join(tags[start : start + TAGS_AT_ONCE])
            address = f"{self.cache_scheme}://{self.cache_netloc}/"
            request = Request(address, headers={self._header: some}, method="PURGE")  # noqa: S310 - of the setting
            with urlopen(request, timeout=self._timeout):  # noqa: S310
                pass


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

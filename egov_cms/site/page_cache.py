"""The cache of whole public pages for anonymous readers, under a version that every publication raises.

The key is made of version, host, normalised address and encoding, so a hit runs no queries. Raising the version
invalidates every cached page immediately; the old entries expire. For what changes with time only (an office
closes) the limit is `EGOV["PAGE_CACHE_SECONDS"]`; no page is cached beyond the next time at which a notice begins or
ends.
"""

import hashlib
import uuid

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models.signals import m2m_changed, post_delete, post_save
from wagtail.signals import page_published, page_unpublished, post_page_move

from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.conf import egov_settings

Page = page_model()

VERSION_KEY = "egov-pages-version"

# The fields of a page that `Page.save_revision` saves.
DRAFT_FIELDS = {"draft_title", "has_unpublished_changes", "latest_revision", "latest_revision_created_at"}
SHOWN_MODELS = {
    "wagtailcore.locale",
    "wagtailcore.pageviewrestriction",
    "wagtailcore.site",
    "wagtaildocs.document",
    "wagtailimages.image",
    "wagtailredirects.redirect",
}
# Apps and models whose rows are written on requests of readers: counts of searches, search entries, feedback.
QUIET_APPS = {"egov_search"}
QUIET_MODELS = {"egov_site.pagefeedback"}


def version():
    """The current version, the same in every process that shares the cache."""
    return cache.get_or_set(VERSION_KEY, _new_version, None)


def raise_version(**_signal):
    """Invalidate every cached page: now for reads in this transaction, and again when it is committed.

    Call it after bulk writes, which send no signals.
    """
    cache.set(VERSION_KEY, _new_version(), None)
    transaction.on_commit(lambda: cache.set(VERSION_KEY, _new_version(), None))


def page_key(request, query):
    """The cache key of the response to this request."""
    encoding = "gzip" if "gzip" in request.headers.get("Accept-Encoding", "") else "plain"
    parts = (version(), request.scheme, request.get_host(), request.path, query, encoding)
    return "egov-page-" + hashlib.sha256("\n".join(parts).encode()).hexdigest()


def cached_by_version(name, make):
    """The result of `make()`, cached for each version: a small value that depends on published content only."""
    if not egov_settings.PAGE_CACHE_SECONDS:
        return make()
    key = f"egov-part-{version()}-{name}"
    value = cache.get(key)
    if value is None:
        value = make()
        cache.set(key, value, 3600)
    return value


def connect():
    """Raise the version when anything that public pages show has changed."""
    for signal in (page_published, page_unpublished, post_page_move):
        signal.connect(_pages_changed, dispatch_uid="egov_site.cache")
    for signal in (post_save, post_delete):
        signal.connect(_row_changed, dispatch_uid="egov_site.cache")
    m2m_changed.connect(_relation_changed, dispatch_uid="egov_site.cache")


def _pages_changed(sender, instance, **_signal):
    raise_version()
    if getattr(settings, "WAGTAILFRONTENDCACHE", None):
        purge_around(instance)


def _row_changed(sender, instance, update_fields=None, **_signal):
    if issubclass(sender, Page):
        # Saving a draft updates DRAFT_FIELDS only; any other field can be visible.
        affected = update_fields is None or not DRAFT_FIELDS.issuperset(update_fields)
    else:
        affected = affects_public_pages(sender._meta.label_lower, sender._meta.app_label)
        # A model that no public page shows can declare it: `affects_public_pages = False`.
        affected = affected and getattr(sender, "affects_public_pages", True)
    if affected:
        raise_version()


def _relation_changed(sender, action, **_signal):
    if action.startswith("post_") and affects_public_pages(sender._meta.label_lower, sender._meta.app_label):
        raise_version()


def affects_public_pages(label, app_label):
    """Can a public page show a row of this model?"""
    own = app_label.startswith("egov_") and app_label not in QUIET_APPS and label not in QUIET_MODELS
    return own or label in SHOWN_MODELS


def purge_around(page):
    """Purge the lists that show a page from the configured caches in front of the site.

    Wagtail itself purges the page's own address.
    """
    from wagtail.contrib.frontend_cache.utils import PurgeBatch

    batch = PurgeBatch()
    batch.add_pages(page.get_ancestors().filter(depth__gt=1).specific())
    home = page.get_ancestors(inclusive=True).filter(depth=2).first()
    if home is not None and (url := home.full_url):
        batch.add_urls(
            [url + "news/feed.atom", *(f"{home.get_site().root_url}/{name}" for name in ("sitemap.xml",))]
        )
    batch.purge()


def _new_version():
    return uuid.uuid4().hex

"""What browsers and caches in front of the site may do with a public page.

A browser keeps a page for `BROWSER_SECONDS` and asks again with its ETag. A cache in front keeps it as long as the page
cache, `EGOV["PAGE_CACHE_SECONDS"]`: nobody can take a page back from a cache that the site does not know. Where
`WAGTAILFRONTENDCACHE` names it, the site purges what a publication changes (`site.front_caches`), and only then may the
cache keep a page for `EGOV["SHARED_CACHE_SECONDS"]`, and give it to readers while the site is down (`stale-if-error`): what
was withdrawn is not in it.
"""

import re

from django.conf import settings
from django.utils.cache import patch_cache_control

from egov_cms.conf import egov_settings

BROWSER_SECONDS = 300
STALE_WHILE_REVALIDATE = 60
STALE_IF_ERROR = 86400
YEAR_SECONDS = 31_536_000
_STALE_IF_ERROR = re.compile(r",?\s*stale-if-error=\d+")


def is_purged() -> bool:
    """Does the site know the caches in front of it?"""
    return bool(getattr(settings, "WAGTAILFRONTENDCACHE", None))


def set_headers(response, tags, seconds: int, valid: int | None) -> None:
    """`seconds`: what the page cache may; `valid`: the seconds after which the page is wrong for certain, or None."""
    shared, stale, error = seconds, STALE_WHILE_REVALIDATE, 0
    if is_purged() and seconds:
        shared = max(seconds, egov_settings.SHARED_CACHE_SECONDS)
        error = STALE_IF_ERROR
        response.headers["Cache-Tag"] = ",".join(sorted(tags))
    browser = min(BROWSER_SECONDS, shared) if not seconds else BROWSER_SECONDS
    if valid is not None:
        browser, shared = min(browser, valid), min(shared, valid)
        stale, error = min(stale, valid - shared), min(error, valid - shared)
    directives = {"public": True, "max_age": browser, "s_maxage": shared, "stale_while_revalidate": stale}
    if error:
        directives["stale_if_error"] = error
    if "Cache-Control" in response.headers and not error:
        response.headers["Cache-Control"] = _STALE_IF_ERROR.sub("", response.headers["Cache-Control"])
    patch_cache_control(response, **directives)
    # Replaces the header of inner middleware: without a session the response depends on nothing else.
    response.headers["Vary"] = "Accept-Encoding"


def immutable(response, version: str):
    """An answer at the address of one version, which never changes; its ETag is the version."""
    patch_cache_control(response, public=True, max_age=YEAR_SECONDS, immutable=True)
    response.headers["ETag"] = f'"{version}"'
    return response

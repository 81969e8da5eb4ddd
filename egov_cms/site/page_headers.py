"""What browsers and caches in front of the site may do with a public page.

A browser keeps a page for `BROWSER_SECONDS` and asks again with its ETag. A cache in front keeps it as long as the page
cache, `EGOV["PAGE_CACHE_SECONDS"]`: a purge of addresses (`site.purges`) reaches those of a subject and the lists above
it, and no page that only mentions it. One that can purge by the tags in `Cache-Tag` may keep it for
`EGOV["SHARED_CACHE_SECONDS"]`. Pages do not ask to be given while the site is down (`stale-if-error`): what was withdrawn
could come back.
"""

import re

from django.conf import settings
from django.utils.cache import patch_cache_control

from egov_cms.conf import egov_settings
from egov_cms.site.tags import ALL

BROWSER_SECONDS = 300
STALE_WHILE_REVALIDATE = 60
_STALE_IF_ERROR = re.compile(r",?\s*stale-if-error=\d+")


def set_headers(response, tags, seconds: int, valid: int | None) -> None:
    """`seconds`: what the page cache may; `valid`: the seconds after which the page is wrong for certain, or None."""
    browser, stale = BROWSER_SECONDS, STALE_WHILE_REVALIDATE
    shared = egov_settings.SHARED_CACHE_SECONDS or seconds
    if valid is not None:
        browser, shared = min(browser, valid), min(shared, valid)
        stale = min(stale, valid - shared)
    if "Cache-Control" in response.headers:
        response.headers["Cache-Control"] = _STALE_IF_ERROR.sub("", response.headers["Cache-Control"])
    patch_cache_control(response, public=True, max_age=browser, s_maxage=shared, stale_while_revalidate=stale)
    if getattr(settings, "WAGTAILFRONTENDCACHE", None):
        # For caches that can purge by tags.
        response.headers["Cache-Tag"] = ",".join(sorted({*tags, ALL}))
    # Replaces the header of inner middleware: without a session the response depends on nothing else.
    response.headers["Vary"] = "Accept-Encoding"

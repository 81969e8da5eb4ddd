"""The middleware of the page cache: answers from it, and stores responses in it."""

import hashlib
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control

from egov_cms.conf import egov_settings
from egov_cms.site import languages, page_cache, page_headers, visits
from egov_cms.site.query_parameters import declared, normalise_query
from egov_cms.site.shown import collecting, not_kept, only, shows_page

# Bytes of a body, compressed where it is. Larger ones are made for each reader, and by caches in front.
LARGEST = 512 * 1024
UNCACHED_DIRECTIVES = ("private", "no-store", "no-cache")


class KeptPage(NamedTuple):
    """An entry of the cache: begun is when the page was made, fresh_until when it is made anew."""

    body: bytes
    headers: dict
    begun: datetime
    fresh_until: datetime


class PageCacheMiddleware:
    """Placed before the gzip and session middleware, so that a hit costs one cache read and no queries.

    Cached are responses with status 200 and without cookies to anonymous GET and HEAD requests under a language
    prefix, and the sitemaps. While the database is away they are served for up to an hour. A view opts out with
    `Cache-Control: no-store` or `private`. Responses of HTML are counted (`visits`).
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in ("GET", "HEAD") or not is_public_path(request.path_info):
            return self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            response = self.get_response(request)
            patch_cache_control(response, private=True, max_age=0)
            return response

        seconds = egov_settings.PAGE_CACHE_SECONDS
        names = page_cache.names_of(request) if seconds and request.META.get("QUERY_STRING") else None
        is_cacheable = set_query(request, names)
        kept = page_cache.find(page_cache.page_key(request)) if seconds and is_cacheable else None
        begun = timezone.now()
        if kept and kept.fresh_until > begun:
            visits.count(request, kept.headers["Content-Type"])
            return cached_response(request, kept)

        start = page_cache.start() if seconds else None
        request.egov_reads = None
        with collecting() as shown:
            response = self.get_response(request)
            if kept and getattr(response, "egov_outage", False):
                # Nothing can have been published since: only its time is over.
                return cached_response(request, kept)
            if not is_shareable(response):
                return response
            moment = _next_change(begun)
        # The page is valid until a notice begins or ends, or a page expires; after that no cache may use it, even as stale.
        valid = max(0, int((moment - timezone.now()).total_seconds())) if moment else None
        page_headers.set_headers(response, shown.tags, seconds, valid)
        if response.status_code != 200:
            return response
        headers = dict(response.headers)
        headers["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        # Kept for longer than it is fresh: what is served while the database is away.
        longest = max(seconds, page_cache.PART_SECONDS)
        if valid is not None:
            seconds, longest = min(seconds, valid), min(longest, valid)
        entry = KeptPage(response.content, headers, begun, begun + timedelta(seconds=seconds))
        if start and seconds > 0 and len(response.content) <= LARGEST and shown.kept:
            page_cache.keep_page(request, entry, start, shown.tags, longest)
        visits.count(request, response["Content-Type"])
        return cached_response(request, entry)

    def process_view(self, request, view, args, kwargs):
        """Find the page of this request, and take off what its address does not read of the query string.

        A page depends on the pages on the way to it, and on no others that were looked at to find it.
        """
        page = None
        if request.resolver_match.url_name == "wagtail_serve":
            # The middleware is imported before the apps are ready.
            from egov_cms.site.routing import find_page

            with only():
                page = find_page(request, args[0] if args else kwargs.get("path", ""))
        if not hasattr(request, "egov_reads"):
            return
        if page is not None:
            shows_page(page)
        request.egov_reads = declared(page or view)
        if not set_query(request, request.egov_reads):
            not_kept()


def set_query(request, names) -> bool:
    """Leave in the request what is registered, and of `names` where they are known; may its response be kept?"""
    query, is_cacheable = normalise_query(request.META.get("QUERY_STRING", ""), names)
    request.META["QUERY_STRING"] = query
    request.GET = QueryDict(query, encoding=request.encoding)
    return is_cacheable


def _next_change(now):
    # The middleware is imported before the apps are ready.
    from egov_cms.site.models.base import next_expiry
    from egov_cms.site.models.notice import next_change

    return min(filter(None, (next_change(now), next_expiry(now))), default=None)


def is_public_path(path):
    """Does this address belong to the public site, with the same response for every anonymous reader?"""
    return bool(languages.split_path(path)[0]) or path == "/robots.txt" or path.startswith("/sitemap")


def is_shareable(response):
    """Can other readers get this response too?"""
    control = response.get("Cache-Control", "")
    return (
        response.status_code in (200, 301, 302, 404, 410)
        and not response.streaming
        and not response.cookies
        and not any(directive in control for directive in UNCACHED_DIRECTIVES)
    )


def cached_response(request, kept: KeptPage):
    """The response of a cache entry, or 304 when the reader already has it.

    `Age` (RFC 9111, section 5.1) tells caches in front how long ago it was made.
    """
    age = max(0, int((timezone.now() - kept.begun).total_seconds()))
    response = HttpResponse(kept.body, headers={**kept.headers, "Age": str(age)})
    return get_conditional_response(request, etag=kept.headers["ETag"], response=response)

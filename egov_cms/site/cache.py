"""Whole public pages kept for anonymous readers, under a version that every publication raises.

A page is found again by version, host, normalised address and encoding, so a hit needs no database. Raising
the version makes every kept page unreachable at once; the cache then forgets them by age. What changes by the
clock alone (a notice begins, an office closes) is bounded by `EGOV["PAGE_CACHE_SECONDS"]`.
"""

import hashlib
import re
import uuid
from urllib.parse import parse_qsl, urlencode

from django.core.cache import cache
from django.db import transaction

VERSION_KEY = "egov-pages-version"
LONGEST_QUERY = 400
LONGEST_RAW_QUERY = 4096

# The query parameters that public pages read. Any other one (`utm_source`, `fbclid`, noise) is taken off the
# request before a view sees it: it can neither multiply the kept pages nor leak into their links.
_parameters: dict[str, re.Pattern] = {}
_free_text: set[str] = set()


def register_parameters(*names, **patterns):
    """Let public pages read these query parameters; `name=r"regex"` also says what a value must look like."""
    _parameters.update(dict.fromkeys(names, re.compile(r"[^\x00-\x1f]{1,64}")))
    _parameters.update({name: re.compile(pattern) for name, pattern in patterns.items()})


def register_free_text(*names):
    """Like `register_parameters` for what readers type: such answers are not kept (the keys are endless)."""
    register_parameters(**dict.fromkeys(names, r"(?s).{1,300}"))
    _free_text.update(names)


def normalise_query(query_string):
    """A query string → (the known parameters, sorted and without empty or repeated values; may it be kept)."""
    pairs = parse_qsl(query_string) if len(query_string) <= LONGEST_RAW_QUERY else []
    kept = {
        (name, value) for name, value in pairs if name in _parameters and _parameters[name].fullmatch(value)
    }
    query = urlencode(sorted(kept))
    return query, len(query) <= LONGEST_QUERY and _free_text.isdisjoint(name for name, _value in kept)


def version():
    """The current version, the same in every process that shares the cache."""
    return cache.get_or_set(VERSION_KEY, _new_version, None)


def raise_version(**_signal):
    """Forget every kept page: now for this transaction's own reads, and again when it is committed.

    Call it after bulk writes, which send no signals.
    """
    cache.set(VERSION_KEY, _new_version(), None)
    transaction.on_commit(lambda: cache.set(VERSION_KEY, _new_version(), None))


def page_key(request, query):
    """The key under which the answer to this request is kept."""
    encoding = "gzip" if "gzip" in request.headers.get("Accept-Encoding", "") else "plain"
    parts = (version(), request.scheme, request.get_host(), request.path, query, encoding)
    return "egov-page-" + hashlib.sha256("\n".join(parts).encode()).hexdigest()


def kept(name, make):
    """A small value that depends on published content only: made once for each version, then read back."""
    key = f"egov-part-{version()}-{name}"
    value = cache.get(key)
    if value is None:
        value = make()
        cache.set(key, value, 3600)
    return value


def _new_version():
    return uuid.uuid4().hex


register_parameters(
    "year", "month", "tag", "letter", "governorate", "type", "kind", "status", "unit", "topic"
)
register_parameters("audience", "event", "channel", "free", "level", "category", "output", "sort", "view")
register_parameters(page=r"[1-9][0-9]{0,3}", feedback="thanks", embed="1")
register_free_text("q")

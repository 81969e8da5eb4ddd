"""Kept pages and kept parts of pages, each with tags of what it shows; a publication drops those that show what changed.

    start = begin()                                  # before anything is read from the database
    with collecting() as shown: response = …         # what is read adds its tags (`site.shown`)
    keep(key, value, shown.tags, start, seconds)
    drop({"egov_site.office", "egov_site.office:12"})

A generation is a number that only grows. A kept value remembers the generation at which its making began; a tag's value in
the cache is the generation at which it was last dropped. A value whose tag was dropped later, or is unknown, is not used:
what was made from old data while a publication commits can never be kept as new, and a tag that the cache has forgotten
revives nothing.

A drop has two phases. Inside the transaction the tags become pending for `PENDING_SECONDS`: pages with them are made anew
and not kept. After the commit they are dropped for good. A process that is killed between the two leaves pending tags,
which count as a drop at their deadline; after a rollback they just expire.

A hit is two calls of the cache (the value, its tags) and no query.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.core.cache import DEFAULT_CACHE_ALIAS, cache, caches
from django.core.cache.backends.base import BaseCache
from django.db import transaction

from egov_cms.adapters.django import collect_on_commit
from egov_cms.conf import egov_settings

from . import publication
from .shown import collecting, shows
from .tags import ALL, ANY

GENERATION_KEY = "egov-kept-generation"
PENDING_SECONDS = 60
# Kept pages live shorter. A tag that the cache forgets costs one making of the pages that have it.
TAG_SECONDS = 7 * 24 * 3600
PART_SECONDS = 3600
# Addresses that differ in their query only.
MOST_VARIANTS = 100
SECOND = 1_000_000_000


@dataclass(frozen=True)
class Start:
    """When a value began to be made: the generation, and the time in nanoseconds."""

    generation: int
    at: int


@dataclass(frozen=True)
class Kept:
    value: Any
    tags: tuple[str, ...]
    start: Start


def begin() -> Start:
    """Call it before anything that the value depends on is read."""
    return Start(_generation(), time.time_ns())


def _generation() -> int:
    value = cache.get(GENERATION_KEY)
    if value is None:
        # Microseconds of the clock: higher than every generation before the cache lost the number.
        cache.add(GENERATION_KEY, time.time_ns() // 1000, None)
        value = cache.get(GENERATION_KEY)
    # A cache that keeps nothing.
    return time.time_ns() // 1000 if value is None else value


def _raise_generation() -> int:
    """A new generation, higher than any that was read before."""
    if type(caches[DEFAULT_CACHE_ALIAS]).incr is not BaseCache.incr:
        _generation()
        try:
            return cache.incr(GENERATION_KEY)
        except ValueError:
            # It was evicted in between.
            return _generation()
    # Files and database tables have no atomic addition. With the clock in it the number still grows when two processes
    # write at once: whoever comes later has the later time.
    value = max(time.time_ns() // 1000, _generation() + 1)
    cache.set(GENERATION_KEY, value, None)
    return value


def _key(tag: str) -> str:
    return f"egov-tag-{tag}"


def _holds(values: dict, tags: Iterable[str], start: Start) -> bool:
    """Was none of the tags dropped since `start`, and is none pending?"""
    for tag in tags:
        value = values.get(_key(tag))
        if value is None or value[0] > start.generation or value[1] > start.at:
            return False
    return True


def read(key: str) -> Kept | None:
    """A kept value that is still what would be made now; None where there is none."""
    entry = cache.get(key)
    if entry is None:
        return None
    value, tags, start = entry
    return Kept(value, tags, start) if _holds(_values(tags), tags, start) else None


def keep(key: str, value, tags: Iterable[str], start: Start, seconds: int) -> bool:
    """Keep a value; False where it may be old already, or will soon be."""
    tags = tuple(sorted({ALL, *tags}))
    values = _values(tags)
    if missing := [tag for tag in tags if _key(tag) not in values]:
        # It may have been dropped and forgotten since: only what began after now is surely new.
        generation = _generation()
        for tag in missing:
            cache.add(_key(tag), (generation, 0), TAG_SECONDS)
            values[_key(tag)] = generation, 0
    if not _holds(values, tags, start):
        return False
    cache.set(key, (value, tags, start), seconds)
    return True


def _values(tags: Iterable[str]) -> dict:
    return cache.get_many([_key(tag) for tag in tags])


def drop(tags: Iterable[str]) -> None:
    """Drop every kept value that has one of these tags: now for readers of other processes, and for good after the commit.

    Inside a transaction the tags stay pending until it ends.
    """
    if tags := frozenset(tags) | {ANY}:
        until = 0
        if transaction.get_connection().in_atomic_block:
            until = time.time_ns() + PENDING_SECONDS * SECOND
            _write(tags, until)
        after_commit(_drop_for_good, (tags, until))


def drop_all() -> None:
    """Drop everything: for a change of which nobody knows what shows it."""
    drop({ALL})


def _drop_for_good(drops: list[tuple[frozenset, int]]) -> None:
    tags = frozenset().union(*(each for each, _until in drops))
    _write(tags, 0, ended={until for _tags, until in drops})


def _write(tags, until, ended=frozenset()):
    # First the number: what begins between the two lines reads what is true after the commit.
    generation = _raise_generation()
    values = _values(tags) if ended else {}
    now = time.time_ns()
    new = {}
    for tag in tags:
        pending = values.get(_key(tag), (0, 0))[1]
        # The mark of another transaction, which is still open, stays.
        theirs = pending if pending > now and pending not in ended else 0
        new[_key(tag)] = generation, max(until, theirs)
    cache.set_many(new, TAG_SECONDS)


def after_commit(function: Callable[[list], object], item) -> None:
    """Tests whose transaction never ends replace it (`egov_cms.testing`)."""
    collect_on_commit(function, item)


def version(tags: Iterable[str] = (ANY,)) -> str:
    """A text that changes whenever something with one of these tags is dropped; never the same while one is pending."""
    tags = sorted({ALL, *tags})
    values = _values(tags)
    missing = [tag for tag in tags if _key(tag) not in values]
    if missing:
        generation = _generation()
        for tag in missing:
            cache.add(_key(tag), (generation, 0), TAG_SECONDS)
        values = _values(tags)
    now = time.time_ns()
    found = [values.get(_key(tag)) for tag in tags]
    if any(value is None or value[1] > now for value in found):
        return uuid4().hex
    # A mark that nobody took back is part of the text: after its deadline it has changed.
    return "-".join(f"{generation:x}.{until:x}" for generation, until in found)


def page_key(request) -> str:
    """The cache key of the response to this request, whose query has what its address reads."""
    encoding = "gzip" if "gzip" in request.headers.get("Accept-Encoding", "") else "plain"
    query = request.META.get("QUERY_STRING", "")
    return "egov-page-" + _digest(request.scheme, request.get_host(), request.path, query, encoding)


def names_of(request) -> frozenset[str] | None:
    """The parameters that this address reads; None where nothing of it was kept yet."""
    known = cache.get(_address_key(request))
    return known and known[0]


def keep_page(request, entry, tags, start: Start, seconds: int) -> None:
    """Keep a response, and what its address reads of the query string. An address has at most `MOST_VARIANTS` in an hour."""
    query, key = request.META.get("QUERY_STRING", ""), _address_key(request)
    names, variants = cache.get(key, (None, frozenset()))
    variant = _digest(query)[:12] if query else ""
    if variant and variant not in variants and len(variants) >= MOST_VARIANTS:
        return
    new = request.egov_reads, variants | {variant} if variant else variants
    if new != (names, variants):
        cache.set(key, new, PART_SECONDS)
    keep(page_key(request), entry, tags, start, seconds)


def _address_key(request) -> str:
    return "egov-address-" + _digest(request.get_host(), request.path)


def _digest(*parts) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def cached_by_version(name: str, make: Callable[[], Any]):
    """The result of `make()`, kept until something that it read has changed; a page that uses it shows the same.

    In a publication that has noted a change nothing is kept and nothing kept is read: it sees what it wrote.
    """
    if not egov_settings.PAGE_CACHE_SECONDS:
        return make()
    block = publication.current()
    if block is not None and block.has_noted_anything:
        if name not in block.parts:
            block.parts[name] = make()
        return block.parts[name]
    key = f"egov-part-{name}"
    if (kept := read(key)) is not None:
        shows(*kept.tags)
        return kept.value
    start = begin()
    with collecting() as shown:
        value = make()
    shows(*shown.tags)
    if value is not None:
        keep(key, value, shown.tags, start, PART_SECONDS)
    return value

"""Kept pages and kept parts: what was made once for anonymous readers, until something that it shows changes.

What is kept carries tags, and the generation that was current before anything was read for it. A drop writes the next
generation at its tags: what was begun earlier is not given any more, and what is still being made is not kept. `ALL` is a
tag of everything. A drop in a transaction marks its tags as pending until the commit; meanwhile nothing with them is
given or kept. A process killed between commit and hook leaves them pending for `PENDING_SECONDS`; then they count as
dropped.

The cache may fail (`adapters.caches`: it then counts as empty). A drop that could not be written is a message of the
outbox, in the transaction of the publication: whoever delivers it writes the drop. A process that has met an outage asks
for such messages before it gives anything that is kept, and every other one once in `CHECK_SECONDS`.

For what changes with time only (an office closes) the limit is `EGOV["PAGE_CACHE_SECONDS"]`; no page is kept beyond the
next time at which a notice begins or ends.
"""

from __future__ import annotations

import hashlib
import pickle
import time
import uuid
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.core.cache import cache
from django.db import DatabaseError, transaction

from egov_cms.adapters import caches
from egov_cms.adapters.django import impatient
from egov_cms.conf import egov_settings

from . import publication
from .shown import collecting, found_in_request, only, shows
from .tags import ALL, ANY

GENERATION_KEY = "egov-generation"
PENDING_SECONDS = 60
PART_SECONDS = 3600
MOST_LOCAL_PARTS = 200
# The name under which a request knows it.
LAST_DROP = "last drop"
# How often a process asks for drops that others could not write, and when it asks again after it got no answer.
CHECK_SECONDS, RETRY_SECONDS = 2.0, 10.0
# The message of the outbox.
LOST_DROP = "drop"
# Addresses that differ in their query only.
MOST_VARIANTS = 100


class Start(NamedTuple):
    """When something was begun, asked before anything is read for it: generation and time in seconds."""

    generation: int
    moment: float


class Kept(NamedTuple):
    value: Any
    start: Start
    tags: frozenset[str]


class Drop(NamedTuple):
    """The value of a tag: when it was dropped last, and the drops that wait for a commit: token → time of their end."""

    generation: int
    pending: dict[str, float] = {}

    def leaves(self, start: Start) -> bool:
        """Is what was begun then still true?"""
        return start.generation >= self.generation and all(
            start.moment >= end for end in self.pending.values()
        )


class LocalPart(NamedTuple):
    """A part that this process has found: pickled, so that nobody changes what the next request gets."""

    value: bytes
    start: Start
    tags: frozenset[str]
    last: Drop
    until: float


_local: dict[str, LocalPart] = {}


class _Checked(NamedTuple):
    """When this process asked last for lost drops, and how many outages it knew of."""

    moment: float = float("-inf")
    outages: int = -1


_checked = _Checked()
# `put(kind, payload)` and `deliver(kind)` of the outbox, whose models are not there yet when the middleware is imported.
_messages: tuple[Callable, Callable] | None = None


def use_messages(put: Callable, deliver: Callable) -> None:
    """What becomes of drops that the cache did not take."""
    global _messages
    _messages = (put, deliver)


def version() -> str:
    """Changes with every drop; the same in every process that shares the cache, and never twice while a drop is pending."""
    settle()
    last, now = cache.get(_tag_key(ANY), Drop(0)), time.time()
    if any(end > now for end in last.pending.values()):
        return uuid.uuid4().hex
    # A drop that nobody ended is part of the text: at its deadline the text has changed.
    return f"{_generation()}-{len(last.pending)}"


def period() -> int:
    """Changes as often as pages are made anew: in the name of a part that depends on the clock, or on what readers send."""
    return int(time.time() // max(1, egov_settings.PAGE_CACHE_SECONDS))


def start() -> Start:
    return Start(_generation(), time.time())


def drop(tags) -> None:
    """Give nothing any more that carries one of these tags; in a transaction, once more when it is committed.

    A publication calls it at its step "caches"; what writes many rows without one calls `raise_version`.
    """
    if not (tags := frozenset(tags)):
        return
    tags |= {ANY}
    health = caches.health()
    refused = health and health.refused
    token = uuid.uuid4().hex if transaction.get_connection().in_atomic_block else ""
    _write(tags, begins=token)
    if health and _messages and health.refused != refused:
        _messages[0](LOST_DROP, {"tags": sorted(tags)})
    elif token:
        transaction.on_commit(lambda: _write(tags, ends=token))


def write_lost_drop(payload) -> None:
    """The courier of `LOST_DROP`. OSError when the cache takes it no better than before."""
    health = caches.health()
    lost = health and health.lost
    _write(frozenset(payload["tags"]))
    if health and health.lost != lost:
        raise OSError("the cache cannot be written")


def settle() -> None:
    """Write what others could not drop, before anything that is kept is given.

    Where the database does not answer nothing can have been published: what is kept is given.
    """
    global _checked
    health, now = caches.health(), time.monotonic()
    if (
        health is None
        or not _messages
        or (now < _checked.moment + CHECK_SECONDS and _checked.outages == health.outages)
    ):
        return
    _checked, outages = _Checked(now, health.outages), health.outages
    try:
        with only(), impatient():
            _messages[1](LOST_DROP)
    except DatabaseError:
        _checked = _Checked(now + RETRY_SECONDS, outages)


def raise_version(**_signal) -> None:
    """Drop everything that is kept."""
    drop({ALL})


def find(key: str) -> Any:
    """What is kept under this key and still true; None when there is nothing. Two calls of the cache."""
    settle()
    kept = _find(key)
    return kept and kept.value


def _find(key: str) -> Kept | None:
    kept = cache.get(key)
    if kept is None:
        return None
    drops = cache.get_many([_tag_key(tag) for tag in kept.tags])
    if len(drops) < len(kept.tags) or not all(each.leaves(kept.start) for each in drops.values()):
        return None
    return kept


def keep(key: str, value, begun: Start, tags, seconds: int) -> bool:
    """Keep a value, unless something that it shows was dropped since it was begun; returns whether it is kept."""
    tags = frozenset(tags) | {ALL}
    keys = {_tag_key(tag) for tag in tags}
    drops = cache.get_many(keys)
    if lost := keys - drops.keys():
        # A lost tag may have been dropped just now: it counts as dropped at this generation.
        fresh = Drop(_generation())
        for each in lost:
            cache.add(each, fresh, None)
        drops = cache.get_many(keys)
    if len(drops) < len(keys) or not all(each.leaves(begun) for each in drops.values()):
        return False
    cache.set(key, Kept(value, begun, tags), seconds)
    return True


def page_key(request) -> str:
    """The cache key of the response to this request, whose query has what its address reads."""
    encoding = "gzip" if "gzip" in request.headers.get("Accept-Encoding", "") else "plain"
    query = request.META.get("QUERY_STRING", "")
    return "egov-page-" + _digest(request.scheme, request.get_host(), request.path, query, encoding)


def names_of(request) -> frozenset[str] | None:
    """The parameters that this address reads; None where nothing of it was kept yet."""
    known = cache.get(_address_key(request))
    return known and known[0]


def keep_page(request, entry, begun: Start, tags: Iterable[str], seconds: int) -> None:
    """Keep a response, and what its address reads of the query string. An address has at most `MOST_VARIANTS` in an hour."""
    query, key = request.META.get("QUERY_STRING", ""), _address_key(request)
    names, variants = cache.get(key, (None, frozenset()))
    variant = _digest(query)[:12] if query else ""
    if variant and variant not in variants and len(variants) >= MOST_VARIANTS:
        return
    new = request.egov_reads, variants | {variant} if variant else variants
    if new != (names, variants):
        cache.set(key, new, PART_SECONDS)
    keep(page_key(request), entry, begun, tags, seconds)


def _address_key(request) -> str:
    return "egov-address-" + _digest(request.get_host(), request.path)


def _digest(*parts) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def cached_by_version(name, make):
    """The result of `make()`, kept until something that it shows is dropped: a small value of published content only.

    In a publication that has changed something it is made anew, once until the next change: the kept value is older than
    what was written. Nobody changes the value: a request gets it once.
    """
    block = publication.current()
    if not egov_settings.PAGE_CACHE_SECONDS:
        return make()
    if block is not None and block.has_noted_anything:
        if name not in block.parts:
            block.parts[name] = make()
        return block.parts[name]
    key, request = f"egov-part-{name}", found_in_request()
    if request is None:
        return _part(key, make, _last_drop()).value
    if LAST_DROP not in request:
        request[LAST_DROP] = _last_drop()
    if key not in request:
        request[key] = _part(key, make, request[LAST_DROP])
    shows(*request[key].tags)
    return request[key].value


def _part(key, make, last: Drop) -> Kept:
    """A part of pages: from this process while nothing at all was dropped, else from the cache, else made anew."""
    local = _local.get(key)
    if local is not None and local.last == last and not last.pending and time.time() < local.until:
        return Kept(pickle.loads(local.value), local.start, local.tags)  # noqa: S301 - pickled by this process
    kept = _find(key)
    if kept is None:
        begun = start()
        with collecting() as shown:
            value = make()
        kept = Kept(value, begun, frozenset(shown.tags) | {ALL})
        if not keep(key, value, begun, kept.tags, PART_SECONDS):
            return kept
    if len(_local) >= MOST_LOCAL_PARTS:
        _local.clear()
    until = kept.start.moment + PART_SECONDS
    _local[key] = LocalPart(pickle.dumps(kept.value), kept.start, kept.tags, last, until)
    return kept


def _last_drop() -> Drop:
    """The last of all drops. Two that are equal had none between them."""
    settle()
    last = cache.get(_tag_key(ANY))
    if last is None:
        cache.add(_tag_key(ANY), Drop(_generation()), None)
        last = cache.get(_tag_key(ANY)) or Drop(_generation())
    return last


def _write(tags, begins: str = "", ends: str = "") -> None:
    if (request := found_in_request()) is not None:
        request.clear()
    generation, now = _next_generation(), time.time()
    before = cache.get_many([_tag_key(tag) for tag in tags])
    values = {}
    for tag in tags:
        old = before.get(_tag_key(tag), Drop(0))
        # The end of a drop whose process was killed is remembered until what was begun before it has expired.
        pending = {
            token: end for token, end in old.pending.items() if token != ends and end + PART_SECONDS > now
        }
        if begins:
            pending[begins] = now + PENDING_SECONDS
        values[_tag_key(tag)] = Drop(generation, pending)
    cache.set_many(values, None)


def _tag_key(tag) -> str:
    return "egov-tag-" + hashlib.sha256(tag.encode()).hexdigest()[:32]


def _generation() -> int:
    found = cache.get(GENERATION_KEY)
    return found if found is not None else _first_generation()


def _first_generation() -> int:
    # Greater than every one before, also when the cache has lost its value.
    cache.add(GENERATION_KEY, time.time_ns(), None)
    return cache.get(GENERATION_KEY) or time.time_ns()


def _next_generation() -> int:
    if not caches.adds_atomically():
        # Files and database tables cannot add atomically. With the clock in it the number grows all the same when two
        # processes write at once: whoever comes later has the later time.
        value = max(time.time_ns(), _generation() + 1)
        cache.set(GENERATION_KEY, value, None)
        return value
    try:
        return cache.incr(GENERATION_KEY)
    except ValueError:
        _first_generation()
    try:
        return cache.incr(GENERATION_KEY)
    except ValueError:  # the cache fails
        return time.time_ns()

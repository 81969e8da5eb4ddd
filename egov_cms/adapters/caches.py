"""Every cache of Django behaves as an empty one while its server or its folder fails: all calls of all packages meet here.

`guard()` is called once at the start; from then on `caches[alias]` is the configured class with `Guarded` before it.

* A call that fails is answered as an empty cache answers it, and logged once a minute. For `PAUSE_SECONDS` no further
  call is tried: a server that does not answer costs one waiting, not one for each call of a page.
* What could not be written is deleted instead, so that no older value is left. Where that fails too the cache is *stale*:
  it holds what should have been replaced. Then it is emptied at the first contact, before anything of it is given.
* An entry that cannot be read (cut off, written by another version) is deleted and counts as missing.

Left alone are caches in the process' own memory, which cannot fail, and in the database, which fail with it.
"""

from __future__ import annotations

import logging
import pickle
import threading
import time
import zlib
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache as remembered
from functools import wraps

from django.core.cache import DEFAULT_CACHE_ALIAS, InvalidCacheBackendError, InvalidCacheKey, caches
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.db import DatabaseCache
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from django.utils.module_loading import import_string

SEEN_IN = ("5.2",)
PAUSE_SECONDS = 3.0
TOLD_SECONDS = 60.0
# The client waits for ever otherwise.
REDIS_TIMEOUTS = {"socket_connect_timeout": 0.3, "socket_timeout": 0.5}
# Whose exceptions say that a server failed, whatever they are called.
CLIENTS = {"redis", "pymemcache", "pylibmc"}
DAMAGED = (EOFError, pickle.UnpicklingError, zlib.error)
CANNOT_FAIL = (LocMemCache, DummyCache, DatabaseCache)
logger = logging.getLogger("egov_cms.cache")


@dataclass
class Health:
    """What this process knows of one cache. outages, refused and lost only grow.

    refused: writes that were not done; lost: those after which an older value may still be there.
    """

    alias: str
    outages: int = 0
    refused: int = 0
    lost: int = 0
    stale: bool = False
    failing: bool = False
    closed_until: float = 0.0
    told_at: float = float("-inf")
    told: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def may_try(self) -> bool:
        """May the cache be asked now? While it fails: one caller in `PAUSE_SECONDS`."""
        if not self.failing:
            return True
        with self.lock:
            if (now := time.monotonic()) < self.closed_until:
                return False
            self.closed_until = now + PAUSE_SECONDS
            return True

    def failed(self, error) -> None:
        now = time.monotonic()
        with self.lock:
            if not self.failing:
                self.outages += 1
            self.failing, self.closed_until = True, now + PAUSE_SECONDS
            if tell := now - self.told_at >= TOLD_SECONDS:
                self.told_at, self.told = now, True
        if tell:
            kind = type(error).__name__
            logger.error("cache %s fails (%s: %s); pages are made without it", self.alias, kind, error)

    def answered(self) -> None:
        with self.lock:
            self.failing, tell, self.told = False, self.told, False
        if tell:
            logger.warning("cache %s answers again", self.alias)


_health: dict[tuple[str, str, str], Health] = {}


def health(alias: str = DEFAULT_CACHE_ALIAS) -> Health | None:
    """What this process knows of the cache; None for one that cannot fail."""
    return getattr(caches[alias], "health", None)


def adds_atomically(alias: str = DEFAULT_CACHE_ALIAS) -> bool:
    """Can this cache add to a number in one step? Files and tables cannot."""
    kind = type(caches[alias])
    return getattr(kind, "unguarded", kind).incr is not BaseCache.incr


def guard() -> None:
    """From now on `caches` makes guarded connections; those of this thread are made anew."""
    caches.create_connection = _create
    for alias in list(caches):
        with suppress(AttributeError):
            del caches[alias]


def _create(alias):
    parameters = caches.settings[alias].copy()
    name, location = parameters.pop("BACKEND"), parameters.pop("LOCATION", "")
    try:
        kind = import_string(name)
    except ImportError as error:
        raise InvalidCacheBackendError(f"Could not find backend '{name}': {error}") from error
    if issubclass(kind, CANNOT_FAIL):
        return kind(location, parameters)
    if issubclass(kind, RedisCache):
        parameters["OPTIONS"] = REDIS_TIMEOUTS | parameters.get("OPTIONS", {})
    made = guarded_class(kind)(location, parameters)
    made.health = _health.setdefault((alias, name, str(location)), Health(alias))
    return made


@remembered
def guarded_class(kind: type[BaseCache]) -> type[BaseCache]:
    """The same cache behind the guard: a class of its own, because Django's settings may name any class."""
    return type(f"Guarded{kind.__name__}", (Guarded, kind), {"unguarded": kind})


def _is_outage(error) -> bool:
    return isinstance(error, OSError) or type(error).__module__.partition(".")[0] in CLIENTS


def _reads(empty):
    """A method that writes nothing: `empty(*its arguments)` is the answer of an empty cache."""

    def decorate(method):
        name = method.__name__

        @wraps(method)
        def call(self, *args, **kwargs):
            return self._guarded(name, empty, None, True, args, kwargs)

        return call

    return decorate


def _writes(empty, keys, readable=False):
    """A method that replaces the values of `keys(*its arguments)`. readable: it reads them first, so they may be damaged."""

    def decorate(method):
        name = method.__name__

        @wraps(method)
        def call(self, *args, **kwargs):
            return self._guarded(name, empty, keys, readable, args, kwargs)

        return call

    return decorate


def _missing(key, *_args, **_kwargs):
    raise ValueError(f"Key '{key}' not found.")


def _one(key, *_args, **_kwargs):
    return [key]


def _default(key, default=None, version=None):
    return default


class Guarded:
    """Stands before a class of Django's caches (`guarded_class`). What it does not name is made of what it names."""

    health: Health
    _inside = False

    @_reads(_default)
    def get(self, key, default=None, version=None): ...

    @_reads(lambda *_args, **_kwargs: {})
    def get_many(self, keys, version=None): ...

    @_reads(lambda *_args, **_kwargs: False)
    def has_key(self, key, version=None): ...

    @_reads(lambda *_args, **_kwargs: True)  # it replaces nothing
    def add(self, key, value, timeout=None, version=None): ...

    @_writes(lambda *_args, **_kwargs: None, _one)
    def set(self, key, value, timeout=None, version=None): ...

    @_writes(lambda data, *_args, **_kwargs: list(data), lambda data, *_args, **_kwargs: list(data))
    def set_many(self, data, timeout=None, version=None): ...

    @_writes(lambda *_args, **_kwargs: False, _one, readable=True)
    def touch(self, key, timeout=None, version=None): ...

    @_writes(_missing, _one, readable=True)
    def incr(self, key, delta=1, version=None): ...

    @_writes(lambda *_args, **_kwargs: False, _one)
    def delete(self, key, version=None): ...

    @_writes(lambda *_args, **_kwargs: None, lambda keys, *_args, **_kwargs: list(keys))
    def delete_many(self, keys, version=None): ...

    def clear(self):
        return self._guarded("clear", lambda: None, lambda: None, False, (), {})

    def close(self, **kwargs):
        with suppress(OSError):
            super().close(**kwargs)

    def _guarded(self, name, empty, keys, readable, args, kwargs):
        """Call the method of the class behind; `keys(*args)` is None for all keys.

        A call within a call (a folder's `add` asks `has_key`) is a part of it.
        """
        method = getattr(super(), name)
        if self._inside:
            return method(*args, **kwargs)
        if not self.health.may_try():
            self._refuse(keys)
            return empty(*args, **kwargs)
        self._inside = True
        try:
            if self.health.stale:
                super().clear()
                self.health.stale = False
            result = method(*args, **kwargs)
        except Exception as error:
            if _is_outage(error):
                self.health.failed(error)
                self._undo(keys, args, kwargs)
            elif readable and not isinstance(error, InvalidCacheKey) and not _is_plain_refusal(name, error):
                self._forget_damaged(name, args, error)
            else:
                raise
            return empty(*args, **kwargs)
        finally:
            self._inside = False
        if self.health.failing:
            self.health.answered()
        return result

    def _refuse(self, keys) -> None:
        if keys is not None:
            self.health.refused += 1
            self.health.lost += 1
            self.health.stale = True

    def _undo(self, keys, args, kwargs) -> None:
        """What could not be written is deleted: a full disk or a full server allows that."""
        if keys is None:
            return
        self.health.refused += 1
        try:
            # None stands for all keys.
            if (written := keys(*args, **kwargs)) is None:
                super().clear()
            else:
                super().delete_many(written, version=kwargs.get("version"))
        except Exception:
            self.health.lost += 1
            self.health.stale = True

    def _forget_damaged(self, name, args, error) -> None:
        logger.warning("cache %s: an entry cannot be read and is forgotten (%r)", self.health.alias, error)
        damaged = list(args[0]) if name == "get_many" else [args[0]]
        try:
            super().delete_many(damaged)
        except Exception as failure:
            self.health.failed(failure)


def _is_plain_refusal(name, error) -> bool:
    """Of a number that is not there, or of a value that cannot be kept: the caller's own affair."""
    if name == "add":
        return not isinstance(error, DAMAGED)
    return name == "incr" and type(error) is ValueError

"""The guard of all caches stands on how Django makes its connections; and a lock is not waited for where a page waits."""

import sqlite3

import pytest
from django.core.cache import caches
from django.core.cache.backends.filebased import FileBasedCache
from django.db import DatabaseError, connection

from egov_cms.adapters.caches import Guarded, Health, adds_atomically, guard, guarded_class, health
from egov_cms.adapters.django import impatient

pytestmark = pytest.mark.contract


def test_connections_are_made_by_the_guard(settings, tmp_path):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": str(tmp_path / "cache"),
        },
        "memory": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    }
    guard()
    assert type(caches["default"]) is guarded_class(FileBasedCache)
    assert isinstance(caches["default"], Guarded) and isinstance(caches["default"], FileBasedCache)
    assert isinstance(health(), Health) and health("memory") is None
    assert not adds_atomically() and adds_atomically("memory")
    assert caches["default"].get_or_set("name", lambda: 1) == 1
    assert caches["default"].incr("name") == 2
    assert caches["default"].get_many(["name", "other"]) == {"name": 2}


def test_all_that_a_cache_does_goes_through_the_guard():
    """A method that a class of Django defines for its server or folder, and that the guard does not know, would fail."""
    from django.core.cache.backends.redis import RedisCache

    for kind in (FileBasedCache, RedisCache):
        own = {name for name, value in vars(kind).items() if callable(value) and not name.startswith("_")}
        assert own - vars(Guarded).keys() <= {"get_backend_timeout"}, kind


@pytest.mark.django_db
def test_an_impatient_block_does_not_wait_for_a_lock(tmp_path):
    with impatient(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    if connection.vendor != "sqlite":
        return
    path = str(tmp_path / "locked.sqlite3")
    other, original = sqlite3.connect(path, isolation_level=None), connection.connection
    other.execute("CREATE TABLE t (x)")
    other.execute("BEGIN EXCLUSIVE")
    raw = sqlite3.connect(path, timeout=20)
    connection.connection = raw
    try:
        with pytest.raises((DatabaseError, sqlite3.OperationalError)), impatient():
            raw.execute("SELECT * FROM t")
        assert raw.execute("PRAGMA busy_timeout").fetchone() == (20_000,)
    finally:
        connection.connection = original
        raw.close()
        other.close()

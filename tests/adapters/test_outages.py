"""What tells an outage of the database from an error in a statement; and transactions that wait for no writer."""

import sqlite3

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, connection

from egov_cms.adapters.django import is_outage, is_reading, reading
from egov_cms.adapters.sqlite.base import DatabaseFeatures, DatabaseWrapper
from egov_cms.settings.databases import prepared

pytestmark = pytest.mark.contract


@pytest.fixture
def file(tmp_path, db):
    """A site's database in a file, and another process' connection to it."""
    path = tmp_path / "site.sqlite3"
    settings = {
        **connection.settings_dict,
        "TEST": {},
        "NAME": str(path),
        "ENGINE": "django.db.backends.sqlite3",
    }
    settings = prepared({**settings, "OPTIONS": {"timeout": 0.2}})
    ours = DatabaseWrapper(settings)
    ours.inc_thread_sharing()
    with ours.cursor() as cursor:
        cursor.execute("CREATE TABLE t (x)")
    other = sqlite3.connect(path, isolation_level=None)
    yield ours, other
    ours.close()
    other.close()


def test_a_locked_file_is_an_outage(file):
    ours, other = file
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError) as caught, ours.cursor() as cursor:
        cursor.execute("INSERT INTO t VALUES (1)")
    assert is_outage(caught.value)
    other.execute("ROLLBACK")
    with ours.cursor() as cursor:
        cursor.execute("PRAGMA query_only = 1")
        with pytest.raises(DatabaseError) as caught:
            cursor.execute("INSERT INTO t VALUES (1)")
    assert is_outage(caught.value)


@pytest.mark.django_db
def test_an_error_in_a_statement_is_none():
    with pytest.raises(DatabaseError) as caught, connection.cursor() as cursor:
        cursor.execute("SELECT * FROM no_such_table")
    assert not is_outage(caught.value)
    assert not is_outage(IntegrityError("twice")) and not is_outage(ValueError())


def test_who_reads_begins_a_transaction_while_another_writes(file):
    ours, other = file
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError):
        ours._start_transaction_under_autocommit()
    with reading():
        assert is_reading()
        ours._start_transaction_under_autocommit()
        with ours.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM t")
    assert not is_reading()


def test_a_lock_is_not_remembered(file):
    """Django's probe of JSON, in a transaction: asked during a lock it would say no for ever."""
    ours, other = file
    other.execute("BEGIN IMMEDIATE")
    assert isinstance(ours.features, DatabaseFeatures)
    assert ours.features.supports_json_field and ours.features.has_json_object_function


def test_every_database_is_prepared():
    lite = prepared({"ENGINE": "django.db.backends.sqlite3", "NAME": "x.sqlite3", "OPTIONS": {"timeout": 3}})
    assert lite["ENGINE"] == "egov_cms.adapters.sqlite"
    assert lite["OPTIONS"]["timeout"] == 3 and lite["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    post = prepared({"ENGINE": "django.db.backends.postgresql", "NAME": "x"})
    assert post["OPTIONS"] == {"connect_timeout": 3}

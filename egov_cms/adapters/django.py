"""Django's ORM below what it documents: many rows at once, work at the end of a transaction, and what a failure was."""

from contextlib import contextmanager
from contextvars import ContextVar

from django.db import DatabaseError, InterfaceError, connection, transaction

SEEN_IN = ("5.2",)
# SQLite takes at most so many values in one statement where it was built long ago.
MOST_VALUES = 900
# What SQLite says where nothing is wrong with the statement: another process writes, or the file or disk fails.
SQLITE_OUTAGES = {"BUSY", "LOCKED", "READONLY", "IOERR", "FULL", "CANTOPEN", "PROTOCOL"}
# Classes and codes of PostgreSQL: connection, resources, operator, system; read-only, lock not available.
POSTGRES_OUTAGES = ("08", "53", "57", "58", "25006", "55P03")

_reading: ContextVar[bool] = ContextVar("egov_reading", default=False)


@contextmanager
def reading():
    """Transactions that begin in this block do not wait for who writes (`adapters.sqlite`): it is there to read."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


def is_reading() -> bool:
    """Is this a block of `reading`? Django's backends have no such difference."""
    return _reading.get()


def is_outage(error) -> bool:
    """Is the database locked, read-only, full or away? Django's exceptions name other errors by the same classes."""
    if not isinstance(error, DatabaseError | InterfaceError):
        return False
    cause = error.__cause__
    if code := getattr(cause, "sqlite_errorname", ""):
        return code.split("_")[1] in SQLITE_OUTAGES
    state = getattr(cause, "sqlstate", None)
    if state:
        return state.startswith(POSTGRES_OUTAGES)
    # Without a state: the server could not be reached, or has gone.
    return type(cause).__module__.startswith("psycopg") and type(cause).__name__ in {
        "OperationalError",
        "InterfaceError",
        "ConnectionTimeout",
    }


def insert_child_rows(model, objects) -> None:
    """Store the own columns of objects of a model with a parent table, whose parent rows are there already.

    `bulk_create` does the same, and refuses models with a parent table.
    """
    fields = model._meta.local_concrete_fields
    manager = model._base_manager
    size = max(1, MOST_VALUES // len(fields))
    for start in range(0, len(objects), size):
        manager.all()._insert(objects[start : start + size], fields=fields, using=manager.db, raw=True)
    for each in objects:
        each._state.adding = False
        each._state.db = manager.db


def delete_unseen(queryset) -> None:
    """Delete rows in one statement. `delete()` reads them first, to send signals and to follow keys: these have neither."""
    queryset._raw_delete(queryset.db)


def share_prefetched(source, target) -> None:
    """What was prefetched for `source` is there for `target` too, another instance of the same row.

    `prefetch_related_objects` would read it again, and cannot filter as the queryset did.
    """
    target._prefetched_objects_cache = source._prefetched_objects_cache


def is_new_file(file) -> bool:
    """Was this value of a FileField put there, and is it not stored yet? Django asks the same before it saves."""
    return bool(file) and not file._committed


@contextmanager
def impatient(milliseconds: int = 100):
    """Statements in this block wait no longer for another process' lock of an SQLite file: DatabaseError instead."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    raw = connection.connection
    before = raw.execute("PRAGMA busy_timeout").fetchone()[0]
    raw.execute(f"PRAGMA busy_timeout = {milliseconds:d}")
    try:
        yield
    finally:
        raw.execute(f"PRAGMA busy_timeout = {before:d}")


def collect_on_commit(function, item) -> None:
    """Call `function(items)` once at the end of this transaction, with all that was collected for it; outside of one, now.

    `transaction.on_commit` takes functions and shows none: work that many publications ask for would be done many times.
    """
    for _savepoints, call, _robust in transaction.get_connection().run_on_commit:
        if isinstance(call, _Collected) and call.function == function:
            call.items.append(item)
            return
    transaction.on_commit(_Collected(function, item))


class _Collected:
    def __init__(self, function, item):
        self.function, self.items = function, [item]

    def __call__(self):
        self.function(self.items)

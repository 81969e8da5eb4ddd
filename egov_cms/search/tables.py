"""The tables of search, which may be lost: what is missing is noticed, named with the command that mends it, and made anew.

All of it is made from pages and records (`rebuild_search`), so losing it loses nothing but counts of queries, synonyms and
recommended results, which editors keep.
"""

import logging
import time

from django.apps import apps
from django.db import DatabaseError, connection

from egov_cms.adapters.django import is_outage

logger = logging.getLogger("egov_cms.search")

COMMAND = "manage.py rebuild_search"
TOLD_SECONDS = 60.0
# The tables of the engines inside the database: they are no models.
ENGINE_TABLES = {"sqlite": "egov_search_fts", "postgresql": "egov_search_vector"}
STATEMENTS = {
    "sqlite": [
        "CREATE VIRTUAL TABLE egov_search_fts USING fts5("
        "title, other, names, tokenize = 'ascii', detail = 'column', prefix = '2 3')",
    ],
    "postgresql": [
        "CREATE TABLE egov_search_vector (entry_id bigint PRIMARY KEY, "
        "title tsvector NOT NULL, every tsvector NOT NULL, names tsvector NOT NULL)",
        "CREATE INDEX egov_search_vector_title ON egov_search_vector USING gin (title) WITH (fastupdate = off)",
        "CREATE INDEX egov_search_vector_every ON egov_search_vector USING gin (every) WITH (fastupdate = off)",
        "CREATE INDEX egov_search_vector_names ON egov_search_vector USING gin (names) WITH (fastupdate = off)",
    ],
}

_told_at = float("-inf")


def missing() -> list[str]:
    """The names of tables that are not there."""
    there = set(connection.introspection.table_names())
    return [name for name in (*_models(), *_engine_table()) if name not in there]


def explain(error) -> bool:
    """Is a table of search missing or damaged, so that only search fails? Then the log says which command mends it."""
    if is_outage(error):
        return False
    lost = missing()
    text = str(error)
    if not lost and not any(word in text for word in ("egov_search", "fts5", "malformed")):
        return False
    tell(lost, text)
    return True


def tell(lost, text="") -> None:
    """Log, once a minute, what is lost and which command mends it."""
    global _told_at
    if (now := time.monotonic()) - _told_at >= TOLD_SECONDS:
        _told_at = now
        what = f"missing: {', '.join(lost)}" if lost else text
        logger.error("search does not answer (%s): run %s", what, COMMAND)


def mend() -> list[str]:
    """Make the tables that are missing or damaged anew, empty; returns their names."""
    lost = missing()
    models = [model for name, model in _models().items() if name in lost]
    if models:
        with connection.schema_editor() as editor:
            for model in models:
                editor.create_model(model)
            for name in _pointing_to(models) - set(lost):
                # Its rows point to rows that are gone; they are made anew with them.
                editor.execute(f"DELETE FROM {name}")  # noqa: S608 - a table of a model
    for name in _engine_table():
        if name not in lost and not _is_readable(name):
            lost.append(name)
            with connection.cursor() as cursor:
                cursor.execute(f"DROP TABLE {name}")  # a constant of this module
        if name in lost:
            with connection.cursor() as cursor:
                for statement in STATEMENTS[connection.vendor]:
                    cursor.execute(statement)
    return lost


def _is_readable(name) -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {name} LIMIT 1")  # noqa: S608 - a constant of this module
            if connection.vendor == "sqlite":
                cursor.execute(f"INSERT INTO {name} ({name}) VALUES ('integrity-check')")  # noqa: S608
    except DatabaseError as error:
        if is_outage(error):
            raise
        return False
    return True


def _pointing_to(models) -> set[str]:
    return {
        name
        for name, model in _models().items()
        if any(field.related_model in models for field in model._meta.concrete_fields if field.remote_field)
    }


def _models() -> dict:
    return {model._meta.db_table: model for model in apps.get_app_config("egov_search").get_models()}


def _engine_table() -> list[str]:
    return [ENGINE_TABLES[connection.vendor]] if connection.vendor in ENGINE_TABLES else []

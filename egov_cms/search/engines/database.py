"""The engines inside the site's own database: FTS5 tables on SQLite, `tsvector` columns on PostgreSQL.

Both hold nothing but keys, in tables of their own beside `egov_search_entry` (made by migration 0002).
"""

# The SQL is put together from constants of this module; what a person typed only ever is a parameter.
# ruff: noqa: S608

import json
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from heapq import nsmallest

from django.db import connection, models, transaction

from egov_cms.search.engines.base import TITLE_FACTOR, Engine, Matches
from egov_cms.search.models import Entry

BATCH = 500


@dataclass(frozen=True)
class Dialect:
    """How a database matches and stores keys.

    The three `match_…` statements give the ids of what one parameter finds; that parameter is made by `key`
    (one key) or `beginning` (all of the words, the last one unfinished). `row` makes the parameters of
    `insert` from an id, the keys of the title, the other keys, and the names. `narrow` names the index that
    holds all that is read of an entry when counting. `alone` keeps one statement to one process of the server;
    `settle` is what the server would do by itself some time after so many changes.
    """

    name: str
    table: str
    id_column: str
    match_any: str
    match_title: str
    match_names: str
    insert: str
    numbers: str
    key: Callable[[str], str]
    beginning: Callable[[list[str]], str]
    row: Callable[[int, list[str], list[str], list[str]], tuple]
    narrow: str = ""
    alone: str = ""
    settle: str = ""


SQLITE = Dialect(
    name="sqlite",
    table="egov_search_fts",
    id_column="rowid",
    match_any="SELECT rowid AS id, %s AS w FROM egov_search_fts WHERE egov_search_fts MATCH '{title other} : ' || %s",
    match_title="SELECT rowid AS id, %s AS w FROM egov_search_fts WHERE egov_search_fts MATCH 'title : ' || %s",
    match_names=(
        "SELECT rowid AS id FROM egov_search_fts WHERE egov_search_fts MATCH 'names : (' || %s || ')'"
    ),
    insert="INSERT INTO egov_search_fts (rowid, title, other, names) VALUES (%s, %s, %s, %s)",
    numbers="SELECT value FROM json_each(%s)",
    key=lambda key: f'"{key}"',
    beginning=lambda words: " AND ".join([*(f'"{word}"' for word in words[:-1]), f'"{words[-1]}" *']),
    row=lambda pk, title, other, names: (pk, " ".join(title), " ".join(other), " ".join(names)),
    narrow=" INDEXED BY egov_search_entry_narrow",
)
POSTGRES = Dialect(
    name="postgres",
    table="egov_search_vector",
    id_column="entry_id",
    match_any="SELECT entry_id AS id, %s::integer AS w FROM egov_search_vector WHERE every @@ %s::tsquery",
    match_title="SELECT entry_id AS id, %s::integer AS w FROM egov_search_vector WHERE title @@ %s::tsquery",
    match_names="SELECT entry_id AS id FROM egov_search_vector WHERE names @@ %s::tsquery",
    insert=(
        "INSERT INTO egov_search_vector (entry_id, title, every, names) VALUES "
        "(%s, array_to_tsvector(%s::text[]), array_to_tsvector(%s::text[]), array_to_tsvector(%s::text[]))"
    ),
    numbers="SELECT value::bigint FROM json_array_elements_text(%s::json)",
    key=lambda key: f"'{key}'",
    beginning=lambda words: " & ".join([*(f"'{word}'" for word in words[:-1]), f"'{words[-1]}':*"]),
    row=lambda pk, title, other, names: (
        pk,
        sorted({*title}),
        sorted({*title, *other}),
        sorted({*names}),
    ),
    # Many small scans look as if helpers paid; to start them takes longer than to do it oneself.
    alone="SET LOCAL max_parallel_workers_per_gather = 0",
    # Until it is done, plans are made for tables that were empty.
    settle="ANALYZE egov_search_vector, egov_search_entry",
)


class DatabaseEngine(Engine):
    """The engine of the site's database in its dialect."""

    def __init__(self, dialect):
        self.dialect = dialect
        self.name = dialect.name

    def index(self, entries):
        rows = [
            self.dialect.row(
                entry.pk,
                [*entry.title_keys.split(), *entry.popular_keys.split()],
                [*entry.summary_keys.split(), *entry.attachment_keys.split(), *entry.body_keys.split()],
                entry.names.split(),
            )
            for entry in entries
        ]
        with transaction.atomic(), connection.cursor() as cursor:
            self._delete(cursor, [row[0] for row in rows])
            cursor.executemany(self.dialect.insert, rows)

    def remove(self, ids, space, changed=None):
        with connection.cursor() as cursor:
            self._delete(cursor, list(ids))

    def matches(self, keys, space):
        return KeyMatches(self.dialect, keys, space) if keys else Everything(self.dialect, space)

    def suggest(self, words, space, locale, limit=8):
        sql = (
            f"SELECT e.id FROM ({self.dialect.match_names}) k JOIN egov_search_entry e ON e.id = k.id "
            "WHERE e.space = %s AND e.locale = %s ORDER BY LENGTH(e.title), e.id LIMIT %s"
        )
        parameters = [self.dialect.beginning(words), space, locale, limit]
        return [row[0] for row in _rows(sql, parameters)]

    def rebuild(self, space, progress=None):
        table, column = self.dialect.table, self.dialect.id_column
        missing = Entry.objects.filter(space=space).extra(  # noqa: S610 - constants of this module
            where=[f"egov_search_entry.id NOT IN (SELECT {column} FROM {table})"]
        )
        total, done = missing.count(), 0
        while batch := list(missing.order_by("pk")[:BATCH]):
            self.index(batch)
            done += len(batch)
            if progress:
                progress(done, total)
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE {column} NOT IN (SELECT id FROM egov_search_entry)")
            if self.dialect.settle:
                cursor.execute(self.dialect.settle)

    def spaces(self):
        return set(Entry.objects.values_list("space", flat=True).distinct())

    def drop(self, space):
        """Nothing to do: rows go with their entries."""

    def _delete(self, cursor, ids):
        for start in range(0, len(ids), BATCH):
            batch = ids[start : start + BATCH]
            marks = ", ".join(["%s"] * len(batch))
            cursor.execute(
                f"DELETE FROM {self.dialect.table} WHERE {self.dialect.id_column} IN ({marks})", batch
            )


class KeyMatches(Matches):
    """One statement gives every match with its set and score; counting and choosing them again is cheap."""

    def __init__(self, dialect, keys, space):
        parts, parameters = [], []
        for key, weight in keys.items():
            parts += [dialect.match_any, dialect.match_title]
            parameters += [weight, dialect.key(key), weight * (TITLE_FACTOR - 1), dialect.key(key)]
        self._rows = _rows(
            "SELECT e.id, e.facet_set_id, k.w "
            f"FROM (SELECT id, SUM(w) AS w FROM ({' UNION ALL '.join(parts)}) m GROUP BY id) k "
            f"CROSS JOIN egov_search_entry e{dialect.narrow} WHERE e.id = k.id AND e.space = %s",
            [*parameters, space],
            dialect.alone,
        )
        self.facets = {}
        for _pk, number, _score in self._rows:
            self.facets[number] = self.facets.get(number, 0) + 1

    def candidates(self, factors, limit):
        scored = ((-score * factors[number], pk) for pk, number, score in self._rows if number in factors)
        return [pk for _score, pk in nsmallest(limit, scored)]


class Everything(Matches):
    """All entries of a space, newest first."""

    def __init__(self, dialect, space):
        self._numbers = dialect.numbers
        self._entries = Entry.objects.filter(space=space)
        counted = self._entries.order_by().values_list("facet_set").annotate(models.Count("pk"))
        self.facets = dict(counted)

    def candidates(self, factors, limit):
        chosen = self._entries.extra(  # noqa: S610 - constants of this module
            where=[f"facet_set_id IN ({self._numbers})"], params=[json.dumps(list(factors))]
        )
        newest = chosen.order_by(models.F("date").desc(nulls_last=True), "pk")
        return list(newest.values_list("pk", flat=True)[:limit])


def _rows(sql, parameters, before=""):
    with transaction.atomic() if before else nullcontext(), connection.cursor() as cursor:
        if before:
            cursor.execute(before)
        cursor.execute(sql, parameters)
        return cursor.fetchall()

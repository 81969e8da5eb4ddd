"""The engines inside the site's own database: FTS5 tables on SQLite, `tsvector` columns on PostgreSQL.

Both store only keys, in tables of their own next to `egov_search_entry` (created by migration 0002).
"""

# The SQL is built from constants of this module; user input is only ever passed as a parameter.
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

    The three `match_…` statements select the ids that match one parameter, which is made by `key_query` (one
    key) or `prefix_query` (all of the words, the last one as a prefix). `row_values` makes the parameters of
    `insert` from an id, the keys of the title, the other keys, and the names. `id_list` selects the ids of a JSON
    list. `covering_index` names the index that contains all columns read when counting. `no_parallel` disables
    parallel workers for one statement. `analyze` updates the planner's statistics after many changes.
    """

    name: str
    table: str
    id_column: str
    match_any: str
    match_title: str
    match_names: str
    insert: str
    id_list: str
    key_query: Callable[[str], str]
    prefix_query: Callable[[list[str]], str]
    row_values: Callable[[int, list[str], list[str], list[str]], tuple]
    covering_index: str = ""
    no_parallel: str = ""
    analyze: str = ""


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
    id_list="SELECT value FROM json_each(%s)",
    key_query=lambda key: f'"{key}"',
    prefix_query=lambda words: " AND ".join([*(f'"{word}"' for word in words[:-1]), f'"{words[-1]}" *']),
    row_values=lambda pk, title, other, names: (pk, " ".join(title), " ".join(other), " ".join(names)),
    covering_index=" INDEXED BY egov_search_entry_narrow",
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
    id_list="SELECT value::bigint FROM json_array_elements_text(%s::json)",
    key_query=lambda key: f"'{key}'",
    prefix_query=lambda words: " & ".join([*(f"'{word}'" for word in words[:-1]), f"'{words[-1]}':*"]),
    row_values=lambda pk, title, other, names: (
        pk,
        sorted({*title}),
        sorted({*title, *other}),
        sorted({*names}),
    ),
    # The planner overestimates many small scans; starting parallel workers takes longer than the scans.
    no_parallel="SET LOCAL max_parallel_workers_per_gather = 0",
    # Before it, the planner uses the statistics of empty tables.
    analyze="ANALYZE egov_search_vector, egov_search_entry",
)


class DatabaseEngine(Engine):
    """The engine of the site's database."""

    def __init__(self, dialect):
        self.dialect = dialect
        self.name = dialect.name

    def index(self, entries):
        rows = [
            self.dialect.row_values(
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
        return KeyMatches(self.dialect, keys, space) if keys else AllEntries(self.dialect, space)

    def suggest(self, words, space, locale, limit=8):
        sql = (
            f"SELECT e.id FROM ({self.dialect.match_names}) k JOIN egov_search_entry e ON e.id = k.id "
            "WHERE e.space = %s AND e.locale = %s ORDER BY LENGTH(e.title), e.id LIMIT %s"
        )
        parameters = [self.dialect.prefix_query(words), space, locale, limit]
        return [row[0] for row in _fetch_all(sql, parameters)]

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
            if self.dialect.analyze:
                cursor.execute(self.dialect.analyze)

    def spaces(self):
        return set(Entry.objects.values_list("space", flat=True).distinct())

    def drop(self, space):
        """Nothing to do: `store.drop` has deleted the rows together with their entries."""

    def _delete(self, cursor, ids):
        for start in range(0, len(ids), BATCH):
            batch = ids[start : start + BATCH]
            placeholders = ", ".join(["%s"] * len(batch))
            cursor.execute(
                f"DELETE FROM {self.dialect.table} WHERE {self.dialect.id_column} IN ({placeholders})", batch
            )


class KeyMatches(Matches):
    """Matches of keys: one query fetches every match with its facet set and score; counts and candidates are computed
    in memory."""

    def __init__(self, dialect, keys, space):
        parts, parameters = [], []
        for key, weight in keys.items():
            parts += [dialect.match_any, dialect.match_title]
            parameters += [
                weight,
                dialect.key_query(key),
                weight * (TITLE_FACTOR - 1),
                dialect.key_query(key),
            ]
        self._rows = _fetch_all(
            "SELECT e.id, e.facet_set_id, k.w "
            f"FROM (SELECT id, SUM(w) AS w FROM ({' UNION ALL '.join(parts)}) m GROUP BY id) k "
            f"CROSS JOIN egov_search_entry e{dialect.covering_index} WHERE e.id = k.id AND e.space = %s",
            [*parameters, space],
            dialect.no_parallel,
        )
        self.facets = {}
        for _pk, number, _score in self._rows:
            self.facets[number] = self.facets.get(number, 0) + 1

    def candidates(self, factors, limit):
        scored = ((-score * factors[number], pk) for pk, number, score in self._rows if number in factors)
        return [pk for _score, pk in nsmallest(limit, scored)]


class AllEntries(Matches):
    """All entries of a space, newest first."""

    def __init__(self, dialect, space):
        self._id_list = dialect.id_list
        self._entries = Entry.objects.filter(space=space)
        counts = self._entries.order_by().values_list("facet_set").annotate(models.Count("pk"))
        self.facets = dict(counts)

    def candidates(self, factors, limit):
        chosen = self._entries.extra(  # noqa: S610 - constants of this module
            where=[f"facet_set_id IN ({self._id_list})"], params=[json.dumps(list(factors))]
        )
        newest = chosen.order_by(models.F("date").desc(nulls_last=True), "pk")
        return list(newest.values_list("pk", flat=True)[:limit])


def _fetch_all(sql, parameters, first_statement=""):
    with transaction.atomic() if first_statement else nullcontext(), connection.cursor() as cursor:
        if first_statement:
            cursor.execute(first_statement)
        cursor.execute(sql, parameters)
        return cursor.fetchall()

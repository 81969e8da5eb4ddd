"""The engines inside the site's own database: FTS5 tables on SQLite, `tsvector` columns on PostgreSQL.

Both hold nothing but keys, in tables of their own beside `egov_search_entry` (made by migration 0002).
"""

# The SQL is put together from constants of this module; what a person typed only ever is a parameter.
# ruff: noqa: S608

from django.db import connection, models, transaction

from egov_cms.search.engines.base import TITLE_FACTOR, Candidates, Engine
from egov_cms.search.models import Entry, EntryFacet

BATCH = 500


class DatabaseEngine(Engine):
    """The SQL that SQLite and PostgreSQL share; a subclass says how a key is matched and stored."""

    match_title: str
    match_any: str
    match_names: str
    table: str

    def match(self, key):
        """The parameter that finds one key."""
        raise NotImplementedError

    def match_one_of(self, keys):
        """The parameter that finds any of the keys."""
        raise NotImplementedError

    def match_prefix(self, words):
        """The parameter that finds all of the words, the last as a beginning."""
        raise NotImplementedError

    def store(self, cursor, rows):
        """Write `(id, title keys, other keys, names)` rows; their ids are not in the table."""
        raise NotImplementedError

    def index(self, entries):
        rows = [
            (
                entry.pk,
                " ".join([entry.title_keys, entry.popular_keys.replace("\n", " ")]),
                " ".join([entry.summary_keys, entry.papers_keys, entry.body_keys]),
                entry.names,
            )
            for entry in entries
        ]
        with transaction.atomic(), connection.cursor() as cursor:
            self._delete(cursor, [row[0] for row in rows])
            self.store(cursor, rows)

    def remove(self, ids, space="site", changed=None):
        with connection.cursor() as cursor:
            self._delete(cursor, list(ids))

    def candidates(self, keys, scope, boosts=None, limit=500):
        where, parameters = _where(scope)
        if not keys:
            found = Entry.objects.filter(**_filters(scope))
            found = found.exclude(locale=scope.without_locale) if scope.without_locale else found
            found = _with_facets(found, scope)
            order = (models.F("date").desc(nulls_last=True), "pk")
            return Candidates(
                list(found.order_by(*order).values_list("pk", flat=True)[:limit]), found.count()
            )
        matches, match_parameters = self._matches(keys)
        boost, boost_parameters = _boost(boosts or {})
        sql = (
            f"SELECT e.id, k.w * {boost} AS score, COUNT(*) OVER () AS total "
            f"FROM (SELECT id, SUM(w) AS w FROM ({matches}) m GROUP BY id) k "
            f"JOIN egov_search_entry e ON e.id = k.id WHERE {where} ORDER BY score DESC, e.id LIMIT %s"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [*boost_parameters, *match_parameters, *parameters, limit])
            rows = cursor.fetchall()
        return Candidates([row[0] for row in rows], rows[0][2] if rows else 0)

    def facets(self, keys, scope):
        where, parameters = _where(scope)
        chosen = f"SELECT e.id, e.type FROM egov_search_entry e WHERE {where}"
        if keys:
            chosen += f" AND e.id IN (SELECT id FROM ({self.match_any}) k)"
            parameters = [*parameters, 1, self.match_one_of(keys)]
        sql = (
            f"WITH chosen AS ({chosen}) "
            "SELECT 'type', type, COUNT(*) FROM chosen GROUP BY type "
            "UNION ALL SELECT f.name, f.code, COUNT(*) FROM chosen c "
            "JOIN egov_search_entryfacet f ON f.entry_id = c.id GROUP BY f.name, f.code"
        )
        counts = {}
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            for name, code, number in cursor.fetchall():
                counts.setdefault(name, {})[code] = number
        return counts

    def suggest(self, words, scope, limit=8):
        where, parameters = _where(scope)
        sql = (
            f"SELECT e.id FROM ({self.match_names}) k JOIN egov_search_entry e ON e.id = k.id "
            f"WHERE {where} ORDER BY LENGTH(e.title), e.id LIMIT %s"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [self.match_prefix(words), *parameters, limit])
            return [row[0] for row in cursor.fetchall()]

    def rebuild(self, space="site", progress=None):
        missing = Entry.objects.filter(space=space).extra(  # noqa: S610 - constants of this class
            where=[f"egov_search_entry.id NOT IN (SELECT {self.id_column} FROM {self.table})"]
        )
        total, done = missing.count(), 0
        while batch := list(missing.order_by("pk")[:BATCH]):
            self.index(batch)
            done += len(batch)
            if progress:
                progress(done, total)
        with connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {self.table} WHERE {self.id_column} NOT IN (SELECT id FROM egov_search_entry)"
            )

    def spaces(self):
        return set(Entry.objects.values_list("space", flat=True).distinct())

    def drop(self, space):
        """Nothing to do: rows go with their entries."""

    def _matches(self, keys):
        parts, parameters = [], []
        for key, weight in keys.items():
            parts += [self.match_any, self.match_title]
            parameters += [weight, self.match(key), weight * (TITLE_FACTOR - 1), self.match(key)]
        return " UNION ALL ".join(parts), parameters

    def _delete(self, cursor, ids):
        for start in range(0, len(ids), BATCH):
            batch = ids[start : start + BATCH]
            marks = ", ".join(["%s"] * len(batch))
            cursor.execute(f"DELETE FROM {self.table} WHERE {self.id_column} IN ({marks})", batch)


class SqliteEngine(DatabaseEngine):
    name = "sqlite"
    table = "egov_search_fts"
    id_column = "rowid"
    match_any = (
        "SELECT rowid AS id, %s AS w FROM egov_search_fts "
        "WHERE egov_search_fts MATCH '{title other} : ' || %s"
    )
    match_title = (
        "SELECT rowid AS id, %s AS w FROM egov_search_fts WHERE egov_search_fts MATCH 'title : ' || %s"
    )
    match_names = (
        "SELECT rowid AS id FROM egov_search_fts WHERE egov_search_fts MATCH 'names : (' || %s || ')'"
    )

    def match(self, key):
        return f'"{key}"'

    def match_one_of(self, keys):
        return f"({' OR '.join(map(self.match, keys))})"

    def match_prefix(self, words):
        return " AND ".join([*(f'"{word}"' for word in words[:-1]), f'"{words[-1]}" *'])

    def store(self, cursor, rows):
        cursor.executemany(
            "INSERT INTO egov_search_fts (rowid, title, other, names) VALUES (%s, %s, %s, %s)", rows
        )


class PostgresEngine(DatabaseEngine):
    name = "postgres"
    table = "egov_search_vector"
    id_column = "entry_id"
    match_any = "SELECT entry_id AS id, %s::integer AS w FROM egov_search_vector WHERE every @@ %s::tsquery"
    match_title = "SELECT entry_id AS id, %s::integer AS w FROM egov_search_vector WHERE title @@ %s::tsquery"
    match_names = "SELECT entry_id AS id FROM egov_search_vector WHERE names @@ %s::tsquery"

    def match(self, key):
        return f"'{key}'"

    def match_one_of(self, keys):
        return " | ".join(map(self.match, keys))

    def match_prefix(self, words):
        return " & ".join([*(f"'{word}'" for word in words[:-1]), f"'{words[-1]}':*"])

    def store(self, cursor, rows):
        cursor.executemany(
            "INSERT INTO egov_search_vector (entry_id, title, every, names) VALUES "
            "(%s, array_to_tsvector(%s::text[]), array_to_tsvector(%s::text[]), "
            "array_to_tsvector(%s::text[]))",
            [
                (
                    pk,
                    sorted({*title.split()}),
                    sorted({*title.split(), *other.split()}),
                    sorted({*names.split()}),
                )
                for pk, title, other, names in rows
            ],
        )


def _where(scope):
    clauses, parameters = ["e.space = %s"], [scope.space]
    if scope.locales:
        clauses.append(f"e.locale IN ({', '.join(['%s'] * len(scope.locales))})")
        parameters += scope.locales
    if scope.without_locale:
        clauses.append("e.locale <> %s")
        parameters.append(scope.without_locale)
    if scope.types:
        clauses.append(f"e.type IN ({', '.join(['%s'] * len(scope.types))})")
        parameters += scope.types
    for name, codes in scope.facets.items():
        marks = ", ".join(["%s"] * len(codes))
        clauses.append(
            "EXISTS (SELECT 1 FROM egov_search_entryfacet f "
            f"WHERE f.entry_id = e.id AND f.name = %s AND f.code IN ({marks}))"
        )
        parameters += [name, *codes]
    return " AND ".join(clauses), parameters


def _filters(scope):
    filters = {"space": scope.space}
    if scope.locales:
        filters["locale__in"] = scope.locales
    if scope.types:
        filters["type__in"] = scope.types
    return filters


def _with_facets(entries, scope):
    for name, codes in scope.facets.items():
        rows = EntryFacet.objects.filter(entry=models.OuterRef("pk"), name=name, code__in=codes)
        entries = entries.filter(models.Exists(rows))
    return entries


def _boost(boosts):
    """A CASE that gives each type's factor in hundredths (whole numbers add up the same on every engine)."""
    if not boosts:
        return "100", []
    parameters = []
    for type_, factor in boosts.items():
        parameters += [type_, round(factor * 100)]
    return f"(CASE e.type {'WHEN %s THEN %s ' * len(boosts)} ELSE 100 END)", parameters

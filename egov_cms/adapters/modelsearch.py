"""modelsearch, on which Wagtail's search stands since 7.3: its backends for a database.

Documented is `BACKEND: "wagtail.search.backends.database"`, which chooses by the vendor of the database; a backend that
changes texts on their way in needs the class that was chosen.
"""

from django.db import connection
from modelsearch.query import And, MatchAll, Or

SEEN_IN = ("1.3",)

__all__ = [
    # What `&` and `|` make of documented queries, to be told apart and taken apart.
    "And",
    # The query without words.
    "MatchAll",
    "Or",
    "database_backend",
]


def database_backend() -> tuple[type, dict]:
    """The class of the search backend for the site's database, and parameters that it needs from us."""
    if connection.vendor == "postgresql":
        from modelsearch.backends.database.postgres.postgres import PostgresSearchBackend

        # The words are analysed before: PostgreSQL must not stem them as English once more.
        return PostgresSearchBackend, {"SEARCH_CONFIG": "simple"}
    from modelsearch.backends.database.sqlite.sqlite import SQLiteSearchBackend

    return SQLiteSearchBackend, {}

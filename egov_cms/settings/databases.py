"""What every database of a site has, whatever its address says: short waiting, and SQLite as several processes need it."""

SQLITE = "egov_cms.adapters.sqlite"
# A form waits so long for another process that writes; then it says so.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 10,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}
POSTGRES_OPTIONS = {"connect_timeout": 3}


def prepared(database):
    """The settings of a database with these defaults; what its `OPTIONS` say stays."""
    engine = database.get("ENGINE", "")
    defaults = {}
    is_file = ":memory:" not in str(database.get("NAME"))
    if engine == "django.db.backends.sqlite3" and is_file:
        # One in memory belongs to one process: nobody else locks it.
        engine = SQLITE
    if engine == SQLITE and is_file:
        defaults = SQLITE_OPTIONS
    elif engine == "django.db.backends.postgresql":
        defaults = POSTGRES_OPTIONS
    return {**database, "ENGINE": engine, "OPTIONS": {**defaults, **database.get("OPTIONS", {})}}

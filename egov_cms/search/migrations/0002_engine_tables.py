from django.db import migrations

TABLES = {
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
DROPS = {
    "sqlite": ["DROP TABLE egov_search_fts"],
    "postgresql": ["DROP TABLE egov_search_vector"],
}


def create(apps, schema_editor):
    for statement in TABLES.get(schema_editor.connection.vendor, []):
        schema_editor.execute(statement, params=None)


def drop(apps, schema_editor):
    for statement in DROPS.get(schema_editor.connection.vendor, []):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    """The tables of the database engines; each statement list is for one database vendor."""

    dependencies = [("egov_search", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]

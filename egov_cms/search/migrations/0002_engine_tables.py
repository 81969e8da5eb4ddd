from django.db import migrations

from egov_cms.search.tables import STATEMENTS

DROPS = {
    "sqlite": ["DROP TABLE egov_search_fts"],
    "postgresql": ["DROP TABLE egov_search_vector"],
}


def create(apps, schema_editor):
    for statement in STATEMENTS.get(schema_editor.connection.vendor, []):
        schema_editor.execute(statement, params=None)


def drop(apps, schema_editor):
    for statement in DROPS.get(schema_editor.connection.vendor, []):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    """The tables of the database engines; each statement list is for one database vendor."""

    dependencies = [("egov_search", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]

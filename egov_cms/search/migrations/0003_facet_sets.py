import django.db.models.deletion
from django.db import migrations, models

from egov_cms.search.facet_sets import facet_set


def number_entries(apps, schema_editor):
    """Set the facet set of every entry, and move its text to the last column."""
    Entry, FacetSet = apps.get_model("egov_search", "Entry"), apps.get_model("egov_search", "FacetSet")
    known = set()
    for entry in Entry.objects.only("pk", "type", "locale", "facets").iterator(chunk_size=500):
        each = facet_set(entry.type, entry.locale, entry.facets)
        if each.pk not in known:
            FacetSet.objects.create(pk=each.pk, type=each.type, locale=each.locale, facets=each.facets)
            known.add(each.pk)
        Entry.objects.filter(pk=entry.pk).update(facet_set=each.pk)
    Entry.objects.update(text=models.F("long_text"))
    if schema_editor.connection.vendor == "postgresql":
        # PostgreSQL does not alter a table while deferred constraint checks of this transaction are pending.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    """Facet counts use one facet set number per entry instead of one row per facet code."""

    dependencies = [("egov_search", "0002_engine_tables")]
    operations = [
        migrations.CreateModel(
            name="FacetSet",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("type", models.CharField(max_length=40)),
                ("locale", models.CharField(max_length=12)),
                ("facets", models.JSONField(default=dict)),
            ],
        ),
        migrations.RenameField("Entry", "text", "long_text"),
        migrations.AddField(
            "Entry",
            "facet_set",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="egov_search.facetset",
            ),
        ),
        migrations.AddField("Entry", "text", models.TextField(blank=True, default=""), preserve_default=False),
        migrations.RunPython(number_entries, migrations.RunPython.noop),
        migrations.AlterField(
            "Entry",
            "facet_set",
            models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, to="egov_search.facetset"
            ),
        ),
        migrations.RemoveField("Entry", "long_text"),
        migrations.RemoveField("Entry", "facets"),
        migrations.DeleteModel("EntryFacet"),
        migrations.AddIndex(
            "Entry", models.Index(fields=["space", "facet_set"], name="egov_search_entry_facets")
        ),
        migrations.AddIndex(
            "Entry", models.Index(fields=["id", "space", "facet_set"], name="egov_search_entry_narrow")
        ),
    ]

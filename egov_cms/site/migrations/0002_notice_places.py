import django.db.models.deletion
import modelcluster.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("egov_site", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="governorates",
            field=models.ManyToManyField(
                blank=True,
                help_text="All offices there.",
                related_name="+",
                to="egov_site.governorate",
                verbose_name="governorates",
            ),
        ),
        migrations.AlterField(
            model_name="notice",
            name="everywhere",
            field=models.BooleanField(
                default=True,
                help_text="As a banner on all pages of the site. Leave it out when it concerns some people only.",
                verbose_name="on every page",
            ),
        ),
        migrations.CreateModel(
            name="NoticeOffice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "notice",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="office_rows",
                        to="egov_site.notice",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="egov_site.office",
                        verbose_name="office",
                    ),
                ),
            ],
            options={
                "verbose_name": "office of a notice",
                "verbose_name_plural": "offices of a notice",
                "unique_together": {("notice", "office")},
            },
        ),
        migrations.AddField(
            model_name="notice",
            name="offices",
            field=models.ManyToManyField(
                blank=True,
                related_name="+",
                through="egov_site.NoticeOffice",
                to="egov_site.office",
                verbose_name="offices",
            ),
        ),
        # The table is the one that the relation has had from the start: nothing is changed in the database.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="NoticePage",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "notice",
                            modelcluster.fields.ParentalKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="page_rows",
                                to="egov_site.notice",
                            ),
                        ),
                        (
                            "page",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="wagtailcore.page",
                                verbose_name="page",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "page of a notice",
                        "verbose_name_plural": "pages of a notice",
                        "db_table": "egov_site_notice_pages",
                        "unique_together": {("notice", "page")},
                    },
                ),
                migrations.AlterField(
                    model_name="notice",
                    name="pages",
                    field=models.ManyToManyField(
                        blank=True,
                        help_text="Shown there, on the pages below and on their translations.",
                        related_name="+",
                        through="egov_site.NoticePage",
                        to="wagtailcore.page",
                        verbose_name="pages",
                    ),
                ),
            ]
        ),
    ]

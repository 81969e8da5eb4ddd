from django.db import migrations
from wagtail.models import BootstrapLocaleField, BootstrapTranslatableModel, BootstrapTranslationKeyField

from tests.adapters.own_page.models import OwnPage


def like_the_model(operation, *names):
    return [operation("ownpage", name, OwnPage._meta.get_field(name).clone()) for name in names]


class Migration(migrations.Migration):
    dependencies = [
        ("own_page", "0001_initial"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]
    operations = [
        BootstrapLocaleField("own_page.OwnPage"),
        BootstrapTranslationKeyField("own_page.OwnPage"),
        BootstrapTranslatableModel("own_page.OwnPage"),
        *like_the_model(migrations.AddField, "latest_revision", "live_revision"),
        *like_the_model(migrations.AlterField, "locale", "translation_key"),
        migrations.AlterUniqueTogether("ownpage", {("translation_key", "locale")}),
    ]

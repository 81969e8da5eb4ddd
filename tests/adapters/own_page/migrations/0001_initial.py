from django.conf import settings
from django.db import migrations

from tests.adapters.own_page.models import OwnPage

# Made by the second migration, because Wagtail's own tables stand between the two.
LATER = {"latest_revision", "live_revision", "locale", "translation_key"}


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            "OwnPage",
            [(field.name, field.clone()) for field in OwnPage._meta.local_fields if field.name not in LATER],
            {
                name: getattr(OwnPage._meta, name)
                for name in ("permissions", "verbose_name", "verbose_name_plural")
            },
        )
    ]

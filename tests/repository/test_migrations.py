"""No setting of a project may make Django want new migrations in the suite's own apps."""

from io import StringIO

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.contract

OTHER_SETTINGS = """
INSTALLED_APPS = ["throwaway_blocks", "throwaway_models", *INSTALLED_APPS]
LANGUAGES = [("ar", "Arabic"), ("ckb", "Sorani"), ("kmr", "Kurmanji"), ("tr", "Turkmen"), ("en", "English")]
LANGUAGE_CODE = "en"
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
EGOV = {"DIGITS": "arab", "VIDEO_HOSTS": ["video.example"], "ORGANISATION_CODE": "MOX"}
TIME_ZONE = "UTC"
"""

BLOCKS_APP = """
from django.apps import AppConfig


class Blocks(AppConfig):
    name = "throwaway_blocks"

    def ready(self):
        from wagtail.blocks import CharBlock

        from blocks.registry import register

        register("throwaway", lambda: CharBlock(label="Thrown away"), fields=("body", "home"))
"""

MODELS = """
from django.db import models


class Thing(models.Model):
    name = models.TextField()
"""


@pytest.mark.django_db
def test_the_suite_has_all_its_migrations():
    call_command("makemigrations", "--check", "--dry-run", stdout=StringIO())


def test_other_languages_settings_and_blocks_want_no_migration(project):
    """A new model of the project is seen, so that its own migration is wanted and no other."""
    site = project(OTHER_SETTINGS)
    blocks, models = site.folder / "throwaway_blocks", site.folder / "throwaway_models"
    for package in (blocks, models, models / "migrations"):
        package.mkdir()
        (package / "__init__.py").touch()
    (blocks / "apps.py").write_text(BLOCKS_APP)
    (models / "models.py").write_text(MODELS)
    done = site.run("-m", "django", "makemigrations", "--check", "--dry-run")
    assert done.returncode == 1
    wanted = [line for line in done.stdout.splitlines() if line and not line.startswith("  ")]
    assert wanted == ["Migrations for 'throwaway_models':"]
    assert "Create model Thing" in done.stdout

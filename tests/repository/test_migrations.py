"""No setting of a project may make Django want new migrations in the suite's own apps."""

from io import StringIO

import pytest
from django.core.management import call_command

OTHER_LANGUAGES = """
LANGUAGES = [("ar", "Arabic"), ("ckb", "Sorani"), ("kmr", "Kurmanji"), ("tr", "Turkmen"), ("en", "English")]
LANGUAGE_CODE = "en"
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
EGOV = {"DIGITS": "arab", "VIDEO_HOSTS": ["video.example"], "ORGANISATION_CODE": "MOX"}
TIME_ZONE = "UTC"
"""

OTHER_BLOCKS = """
INSTALLED_APPS = ["throwaway_blocks", *INSTALLED_APPS]
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


@pytest.mark.django_db
def test_the_suite_has_all_its_migrations():
    call_command("makemigrations", "--check", "--dry-run", stdout=StringIO())


def test_other_languages_and_settings_want_no_migration(project):
    project(OTHER_LANGUAGES).manage("makemigrations", "--check", "--dry-run")


def test_other_blocks_want_no_migration(project):
    site = project(OTHER_BLOCKS)
    (site.folder / "throwaway_blocks").mkdir()
    (site.folder / "throwaway_blocks" / "__init__.py").touch()
    (site.folder / "throwaway_blocks" / "apps.py").write_text(BLOCKS_APP)
    site.manage("makemigrations", "--check", "--dry-run")


def test_a_new_field_would_be_noticed(project):
    site = project('INSTALLED_APPS = ["throwaway_models", *INSTALLED_APPS]\n')
    folder = site.folder / "throwaway_models"
    (folder / "migrations").mkdir(parents=True)
    (folder / "__init__.py").touch()
    (folder / "migrations" / "__init__.py").touch()
    (folder / "models.py").write_text(
        "from django.db import models\n\n\nclass Thing(models.Model):\n    name = models.TextField()\n"
    )
    done = site.run("-m", "django", "makemigrations", "--check", "--dry-run")
    assert done.returncode == 1
    assert "Create model Thing" in done.stdout

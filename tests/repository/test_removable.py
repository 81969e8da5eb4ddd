"""A ministry that does not want an app or a module leaves it out, and the rest runs."""

import shutil
import sqlite3
from contextlib import closing

import pytest

from egov_cms.modules import released
from tests.conftest import run_folder
from tests.images import migrated_database

PREPARE = """
import django

django.setup()
from django.core.management import call_command

call_command("check")
call_command("makemigrations", "--check", "--dry-run")
"""

SERVE = """
from egov_cms.site.seed import seed_site
from django.test import Client

call_command("migrate")
seed_site({"name": {"ar": "وزارة", "ckb": "وەزارەت", "en": "Ministry"}, "code": "MOX", "domain": "testserver"})
client = Client(headers={"accept-language": "en"})
for address in ("/", "/ar/", "/ckb/about/", "/en/offices/", "/en/site-map/", "/accounts/login/", "/sitemap.xml"):
    answer = client.get(address, follow=True)
    print(answer.status_code, address, answer.request["PATH_INFO"])
"""


def without(*names):
    return f"INSTALLED_APPS = [name for name in INSTALLED_APPS if name not in {names!r}]\n"


def only(*modules):
    return f"INSTALLED_APPS = installed_apps({modules!r})\n"


@pytest.fixture
def tables_of_libraries(db, tmp_path, tmp_path_factory):
    """A database as the migrations of Wagtail and the other libraries leave it; empty where this run is on PostgreSQL.

    They take most of the time, and it is the suite's own that shall run without its other apps.
    """
    path = tmp_path / "libraries.sqlite3"
    if image := migrated_database(run_folder(tmp_path_factory)):
        shutil.copy(image, path)
        with closing(sqlite3.connect(path)) as database:
            tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB 'egov_*'"
            for (table,) in database.execute(tables).fetchall():
                database.execute(f'DROP TABLE IF EXISTS "{table}"')
            database.execute("DELETE FROM django_migrations WHERE app GLOB 'egov_*'")
            database.commit()
    return path


def test_pages_are_served_without_any_module_and_without_search(project, tables_of_libraries):
    lines = f'DATABASES["default"]["NAME"] = {str(tables_of_libraries)!r}\n'
    site = project(only() + without("egov_cms.search") + lines)
    done = site.run("-c", PREPARE + SERVE)
    assert done.returncode == 0, done.stderr
    assert "egov_site.0001_initial... OK" in done.stdout
    answers = [line.split() for line in done.stdout.splitlines() if line[:3].isdigit()]
    assert len(answers) == 7
    assert {status for status, *_addresses in answers} == {"200"}
    assert answers[0] == ["200", "/", "/en/"]


NO_EDITING = """
MIDDLEWARE = [name for name in MIDDLEWARE if "editing" not in name]
del ACCOUNT_ADAPTER, MFA_ADAPTER
"""


@pytest.mark.parametrize("module", released())
def test_the_rest_is_whole_without_the_module(project, module):
    check(project(only(*(name for name in released() if name != module))))


def test_the_rest_is_whole_without_search(project):
    check(project(without("egov_cms.search")))


def test_a_site_without_modules_is_whole_without_editing(project):
    """Modules need it: they write into its change log."""
    check(project(only() + without("egov_cms.editing") + NO_EDITING))


def check(site):
    done = site.run("-c", PREPARE)
    assert done.returncode == 0, done.stderr
    assert "No changes detected" in done.stdout

"""The plugin is found by pytest and costs nothing until a fixture is asked for."""

import subprocess
import sys
import tomllib

from egov_cms.site import roles
from tests.conftest import REPOSITORY

LOADED = """
import sys

import pytest

known = set(sys.modules)
import egov_cms.testing.plugin

from django.conf import settings

loaded = set(sys.modules) - known
assert not settings.configured
print(sorted(name for name in loaded if name.startswith(("django.db", "django.apps", "wagtail"))), len(loaded))
"""


def test_loading_it_imports_no_models():
    done = subprocess.run([sys.executable, "-c", LOADED], cwd=REPOSITORY, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("[] "), done.stdout


def test_the_distribution_names_it_to_pytest():
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    ((name, module),) = project["entry-points"]["pytest11"].items()
    assert name == module == "egov_cms.testing.plugin", "one name, so that it is not loaded twice"
    assert any(each.startswith("pytest-django") for each in project["optional-dependencies"]["testing"])


def test_it_knows_the_languages_of_the_site(languages):
    assert languages == ["ar", "ckb", "en"]


def test_a_test_can_run_in_each_language(each_language):
    from django.utils.translation import get_language

    assert get_language() == each_language


def test_a_client_has_a_role(client_as, home_pages):
    editor = client_as(roles.SERVICE_EDITOR)
    assert editor.get(f"/admin/pages/{home_pages['ar'].pk}/edit/").status_code == 200
    assert (
        client_as(roles.COMPLAINTS_OFFICER).get(f"/admin/pages/{home_pages['ar'].pk}/edit/").status_code
        == 302
    )
    assert not hasattr(client_as(), "user")


def test_the_example_of_the_documentation_runs_here():
    example = (REPOSITORY / "tests" / "testing" / "test_example.py").read_text(encoding="utf-8")
    shown = example.partition('"""\n\n')[2]
    assert shown in (REPOSITORY / "docs" / "testing.md").read_text(encoding="utf-8")

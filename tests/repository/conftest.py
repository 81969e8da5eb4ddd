"""A throw-away project that stands on the suite, in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

HEAD = """
from egov_cms.settings.testing import *

DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
"""


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("repository")


class Project:
    """A folder with one settings module: the suite's test settings, a database in memory, and `lines`."""

    def __init__(self, folder, lines):
        self.folder = folder
        (folder / "throwaway_settings.py").write_text(HEAD + lines, encoding="utf-8")

    def run(self, *arguments, **environment):
        """`python ARGUMENTS` with this project's settings; the finished process, its output as text."""
        variables = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "throwaway_settings",
            "PYTHONPATH": os.pathsep.join([str(self.folder), str(REPOSITORY)]),
            "EGOV_TEST_DATABASE_URL": "",
            **environment,
        }
        variables.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
        return subprocess.run(
            [sys.executable, *arguments], cwd=self.folder, env=variables, capture_output=True, text=True
        )


@pytest.fixture
def project(tmp_path):
    """`project(lines)` makes a throw-away project whose settings end with these lines."""
    return lambda lines="": Project(tmp_path, lines)

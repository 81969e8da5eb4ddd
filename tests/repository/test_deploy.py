"""The production settings: Django's own deployment checks, variables that are named when missing, logs."""

import json
import logging
import sys

import pytest
from django.core.checks import run_checks

from egov_cms.settings.logs import JsonFormatter

from .conftest import Project

ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "egov_cms.settings.production",
    "DJANGO_SECRET_KEY": "k9" * 25 + "Zq!7_p",
    "ALLOWED_HOSTS": "planning.example.gov.iq,www.planning.example.gov.iq",
    "DATABASE_URL": "sqlite:///production.sqlite3",
}


DEPLOY = """
import django

django.setup()
from django.core.management import call_command

call_command("check", "--deploy", "--fail-level", "WARNING")
# What Wagtail brings takes most of the time and shows nothing of ours.
call_command("collectstatic", "--noinput", "--verbosity", "0", "--ignore", "wagtail*")
"""


@pytest.fixture(scope="module")
def deployed(tmp_path_factory):
    """A project on the production settings, and its process that checked it and collected its static files."""
    site = Project(tmp_path_factory.mktemp("production"), "")
    return site, site.run("-c", DEPLOY, **ENVIRONMENT)


def test_deployment_checks_are_clean(deployed):
    _site, done = deployed
    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout


@pytest.mark.parametrize("required", [True, False])
def test_a_site_without_second_factor_is_warned(settings, required):
    settings.EGOV = {"REQUIRE_MFA": required}
    found = {each.id for each in run_checks(tags=["security"], include_deployment_checks=True)}
    assert ("egov_editing.W001" in found) is not required


def test_a_missing_variable_is_named(project):
    variables = {name: value for name, value in ENVIRONMENT.items() if name != "DJANGO_SECRET_KEY"}
    done = project().run("-m", "django", "check", **variables)
    assert done.returncode != 0
    assert "DJANGO_SECRET_KEY" in done.stderr


def test_static_files_are_collected_with_hashes_and_brotli(deployed):
    site, done = deployed
    assert done.returncode == 0, done.stderr
    names = [path.name for path in (site.folder / "static" / "egov").glob("egov.*.css*")]
    assert len([name for name in names if name.endswith(".css")]) == 1
    assert [name for name in names if name.endswith(".css.br")]
    assert [name for name in names if name.endswith(".css.gz")]


def test_a_log_line_is_one_json_object():
    try:
        raise ValueError("دينار")
    except ValueError:
        record = logging.makeLogRecord(
            {"name": "egov", "msg": "fee %s", "args": ("٢٥",), "exc_info": sys.exc_info(), "service": "IQ-1"}
        )
    line = JsonFormatter().format(record)
    assert "\n" not in line
    entry = json.loads(line)
    assert entry["message"] == "fee ٢٥"
    assert entry["service"] == "IQ-1"
    assert "ValueError: دينار" in entry["exception"]

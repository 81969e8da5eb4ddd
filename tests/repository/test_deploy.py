"""The production settings: Django's own deployment checks, variables that are named when missing, logs."""

import json
import logging
import sys

from egov_cms.settings.logs import JsonFormatter

ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "egov_cms.settings.production",
    "DJANGO_SECRET_KEY": "k9" * 25 + "Zq!7_p",
    "ALLOWED_HOSTS": "planning.example.gov.iq,www.planning.example.gov.iq",
    "DATABASE_URL": "sqlite:///production.sqlite3",
}


def test_deployment_checks_are_clean(project):
    site = project()
    done = site.run("-m", "django", "check", "--deploy", "--fail-level", "WARNING", **ENVIRONMENT)
    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout


def test_a_site_without_second_factor_is_warned(project):
    site = project()
    (site.folder / "lax.py").write_text(
        'from egov_cms.settings.production import *\n\nEGOV = {"REQUIRE_MFA": False}\n'
    )
    done = site.run("-m", "django", "check", "--deploy", **{**ENVIRONMENT, "DJANGO_SETTINGS_MODULE": "lax"})
    assert "egov_editing.W001" in done.stderr


def test_a_missing_variable_is_named(project):
    variables = {name: value for name, value in ENVIRONMENT.items() if name != "DJANGO_SECRET_KEY"}
    done = project().run("-m", "django", "check", **variables)
    assert done.returncode != 0
    assert "DJANGO_SECRET_KEY" in done.stderr


def test_static_files_are_collected_with_hashes_and_brotli(project):
    site = project()
    # What Wagtail brings takes most of the time and shows nothing of ours.
    collect = ["collectstatic", "--noinput", "--verbosity", "0", "--ignore", "wagtail*"]
    done = site.run("-m", "django", *collect, **ENVIRONMENT)
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

"""A ministry that does not want an app leaves it out, and the rest runs."""

import pytest

SERVE = """
import django

django.setup()
from django.test import Client

client = Client(headers={"accept-language": "en"})
answer = client.get("/", follow=True)
print(answer.status_code, answer.request["PATH_INFO"])
"""


def without(*names):
    return f"INSTALLED_APPS = [name for name in INSTALLED_APPS if name not in {names!r}]\n"


@pytest.mark.parametrize("apps", [("egov_cms.services",), ("egov_cms.services", "egov_cms.search")])
def test_the_rest_runs_without(project, apps):
    site = project(without(*apps))
    site.manage("check")
    site.manage("migrate", "--verbosity", "0")
    site.manage("makemigrations", "--check", "--dry-run")
    site.manage("seed_site")
    done = site.run("-c", SERVE)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["200", "/en/"]


def test_the_rest_runs_without_editing(project):
    lines = without("egov_cms.editing") + (
        'MIDDLEWARE = [name for name in MIDDLEWARE if "editing" not in name]\n'
        "del ACCOUNT_ADAPTER, MFA_ADAPTER\n"
    )
    site = project(lines)
    site.manage("check")
    site.manage("makemigrations", "--check", "--dry-run")

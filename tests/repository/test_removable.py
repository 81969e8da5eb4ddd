"""A ministry that does not want an app leaves it out, and the rest runs."""

import pytest

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

call_command("migrate", verbosity=0)
seed_site({"name": {"ar": "وزارة", "ckb": "وەزارەت", "en": "Ministry"}, "code": "MOX", "domain": "testserver"})
client = Client(headers={"accept-language": "en"})
for address in ("/", "/ar/", "/ckb/about/", "/en/offices/", "/en/site-map/", "/accounts/login/", "/sitemap.xml"):
    answer = client.get(address, follow=True)
    print(answer.status_code, address, answer.request["PATH_INFO"])
"""


def without(*names):
    return f"INSTALLED_APPS = [name for name in INSTALLED_APPS if name not in {names!r}]\n"


def test_pages_are_served_without_any_feature_app(project):
    site = project(without("egov_cms.services", "egov_cms.search"))
    done = site.run("-c", PREPARE + SERVE)
    assert done.returncode == 0, done.stderr
    answers = [line.split() for line in done.stdout.splitlines() if line[:3].isdigit()]
    assert len(answers) == 7
    assert {status for status, *_addresses in answers} == {"200"}
    assert answers[0] == ["200", "/", "/en/"]


NO_EDITING = """
MIDDLEWARE = [name for name in MIDDLEWARE if "editing" not in name]
del ACCOUNT_ADAPTER, MFA_ADAPTER
"""


@pytest.mark.parametrize(
    ("app", "lines"), [("egov_cms.services", ""), ("egov_cms.search", ""), ("egov_cms.editing", NO_EDITING)]
)
def test_the_rest_is_whole_without(project, app, lines):
    done = project(without(app) + lines).run("-c", PREPARE)
    assert done.returncode == 0, done.stderr
    assert "No changes detected" in done.stdout

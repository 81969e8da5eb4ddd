"""A project that has chosen a base page of its own stands on the suite (Wagtail 8; before, there is none to choose)."""

from importlib.util import module_from_spec, spec_from_file_location

import pytest
import wagtail
from django.db import migrations, models

from egov_cms.adapters.wagtail import pages
from egov_cms.adapters.wagtail.pages import for_base_page
from egov_cms.site import checks
from tests.repository.conftest import Project

from . import sources

pytestmark = pytest.mark.contract

MIGRATIONS = [file for room in sources.ROOMS for file in (sources.ROOT / room).glob("**/migrations/0*.py")]

OWN_PAGE = """
WAGTAIL_PAGE_MODEL = "own_page.OwnPage"
# wagtail-localize does not support it yet (its pull request 949).
LOCALIZE = {"wagtail_localize", "wagtail_localize.locales"}
INSTALLED_APPS = [app for app in INSTALLED_APPS if app not in LOCALIZE] + ["wagtail.locales", "tests.adapters.own_page"]
"""

WORK = """
import django

django.setup()
from django.core.management import call_command

call_command("check")
call_command("migrate", verbosity=0)
call_command("makemigrations", "--check", "--dry-run", "egov_site", "egov_services", "egov_search")

from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.site import roles
from egov_cms.site.models import HomePage, SectionPage
from egov_cms.site.seed import seed_site
from egov_cms.site.tree import save_drafts

seed_site({"name": {"ar": "وزارة", "ckb": "وەزارەت", "en": "Ministry"}, "code": "MOX", "domain": "testserver"})
assert page_model()._meta.label == "own_page.OwnPage"
home = HomePage.objects.get(locale__language_code="ar")
page = home.add_child(instance=SectionPage(title="قسم", slug="part", locale=home.locale, topic="water"))
page.save_revision().publish()
translation = page.copy_for_translation(HomePage.objects.get(locale__language_code="en").locale)
translation.save_revision().publish()
save_drafts([SectionPage.objects.get(pk=page.pk)])
assert page_model().objects.filter(topic="water", live=True).count() == 2

client = Client()
for each in page_model().objects.live().filter(depth__gt=1).specific():
    print(client.get(each.url).status_code, "read", each.url)
publisher = User.objects.create_user("publisher", password="password")
publisher.groups.add(Group.objects.get(name=roles.PUBLISHER))
client.force_login(publisher)
for name, *arguments in (
    ("wagtailadmin_home",),
    ("wagtailadmin_pages:edit", page.pk),
    ("wagtailadmin_pages:edit", translation.pk),
    ("egov_visits",),
):
    print(client.get(reverse(name, args=arguments)).status_code, "edit", name)
"""


if wagtail.VERSION >= (8,):

    def test_a_ministry_with_its_own_base_page_publishes_translates_and_edits(tmp_path):
        done = Project(tmp_path, OWN_PAGE).run("-c", WORK)
        assert done.returncode == 0, done.stderr[-3000:]
        answers = [line.split() for line in done.stdout.splitlines() if line[:3].isdigit()]
        assert {status for status, *_rest in answers} == {"200"}, done.stdout
        assert sum(kind == "read" for _status, kind, _what in answers) > 20
        assert "No changes detected" in done.stdout


def test_a_base_page_must_have_what_every_page_shows(monkeypatch):
    assert checks.check_base_page(None) == []
    monkeypatch.setattr(checks, "BASE_FIELDS", ("seo_title", "crest"))
    (error,) = checks.check_base_page(None)
    assert error.id == "egov.E304"
    assert "“crest”" in error.msg


def pointing(operation):
    """The names of models to which the fields and bases of an operation point."""
    for part in ("database_operations", "state_operations"):
        for each in getattr(operation, part, ()):
            yield from pointing(each)
    fields = [field for _name, field in getattr(operation, "fields", ())]
    for field in (*fields, getattr(operation, "field", None)):
        if isinstance(to := getattr(getattr(field, "remote_field", None), "model", None), str):
            yield to.lower()
    yield from (base.lower() for base in getattr(operation, "bases", ()) if isinstance(base, str))


@pytest.mark.parametrize("file", MIGRATIONS, ids=lambda file: f"{file.parts[-3]}/{file.stem}")
def test_migrations_point_at_the_base_page_of_the_project(file, monkeypatch):
    """Wrap the operations of a migration that fails here: `operations = for_base_page([…])`."""
    monkeypatch.setattr(pages, "page_model_name", lambda: "own_page.OwnPage")
    module = module_from_spec(spec := spec_from_file_location("tried", file))
    spec.loader.exec_module(module)
    found = {name for operation in module.Migration.operations for name in pointing(operation)}
    assert "wagtailcore.page" not in found


def test_operations_are_made_for_another_base_page(monkeypatch):
    key = models.OneToOneField("wagtailcore.page", models.CASCADE, parent_link=True, primary_key=True)
    other = models.ForeignKey("wagtailcore.locale", models.CASCADE)
    changes = [
        migrations.CreateModel("Thing", [("page_ptr", key), ("locale", other)], bases=("wagtailcore.page",)),
        migrations.AddField(
            "thing", "target", models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="+")
        ),
        migrations.RunSQL("SELECT 1"),
    ]
    assert for_base_page(changes) is changes
    monkeypatch.setattr(pages, "page_model_name", lambda: "own_page.OwnPage")
    create, add, last = for_base_page(changes)
    assert [name for name, _field in create.fields] == ["ownpage_ptr", "locale"]
    assert create.fields[0][1].remote_field.parent_link
    assert create.bases == ("own_page.ownpage",)
    assert list(pointing(create)) == ["own_page.ownpage", "wagtailcore.locale", "own_page.ownpage"]
    assert (list(pointing(add)), add.field.remote_field.related_name) == (["own_page.ownpage"], "+")
    assert last is changes[2]

"""One file creates a ministry's site; seeding it again changes nothing."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import transaction
from wagtail.models import GroupPagePermission, Locale, Page, PageLogEntry, Site, Workflow, WorkflowPage

from egov_cms.site import roles, seed
from egov_cms.site.ministry import read_ministry
from egov_cms.site.models import ContentPage, Governorate, Holiday, HomePage, MinistryIdentity, SiteSettings
from egov_cms.site.placeholders import find_placeholders, texts

from .ministry_file import MINISTRY

pytestmark = [pytest.mark.contract, pytest.mark.django_db]

CREST = b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"><script>x()</script><path d="M0 0h9"/></svg>'


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ministry")
    (folder / "crest.svg").write_bytes(CREST)
    (folder / "ministry.yaml").write_text(MINISTRY + "crest: crest.svg\n", encoding="utf-8")
    return read_ministry(folder / "ministry.yaml")


@pytest.fixture(scope="module", autouse=True)
def seeded(django_db_setup, django_db_blocker, config):
    """One seeding for all tests of this module; the changes of each test are rolled back."""
    calls = []
    seed.register(function := lambda given, homes: calls.append((given["code"], sorted(homes))))
    with django_db_blocker.unblock(), transaction.atomic():
        homes = seed.seed_site(config)
        seed._registered.remove(function)
        yield homes, calls
        transaction.set_rollback(True)


@pytest.fixture
def homes(seeded):
    return seeded[0]


def test_the_site_has_three_languages(config, homes):
    assert {code: home.title for code, home in homes.items()} == config["name"]
    assert len({home.translation_key for home in homes.values()}) == 1
    assert all(home.live for home in homes.values())
    site = Site.objects.get(is_default_site=True)
    assert site.root_page_id == homes["ar"].pk
    assert MinistryIdentity.for_site(site).short_name == config["short_name"]
    settings = SiteSettings.for_site(site)
    assert (settings.organisation_code, settings.phones, settings.illustrative) == (
        "MOP",
        ["+9647701234567"],
        True,
    )
    slugs = {
        code: set(home.get_children().live().values_list("slug", flat=True)) for code, home in homes.items()
    }
    assert slugs["ar"] == slugs["ckb"] == slugs["en"]
    standard = (
        "about news organisation people offices legislation faq a-z site-map accessibility privacy licence"
    )
    assert set(standard.split()) <= slugs["ar"]
    for slug in standard.split():
        pages = Page.objects.filter(slug=slug, depth=3)
        assert len({page.translation_key for page in pages}) == 1, slug
        assert pages.count() == 3


def test_pages_of_a_new_site_have_the_same_data_as_pages_published_by_an_editor(homes):
    """Standard pages are inserted in bulk; they still have the rows that Wagtail stores for a page."""
    pages = Page.objects.filter(depth__gt=1)
    for page in pages:
        assert page.live and page.live_revision_id == page.latest_revision_id is not None
        assert page.live_revision.as_object().title == page.title
    logged = PageLogEntry.objects.filter(action="wagtail.publish").values("page")
    assert not pages.exclude(pk__in=logged).exists()
    assert Page.find_problems() == ([], [], [], [], [])
    about = Page.objects.get(slug="about", locale__language_code="ar")
    found = Page.objects.filter(locale=about.locale).search(about.title)
    assert about.pk in {page.pk for page in found}


def test_a_hundred_pages_run_at_most_twenty_five_queries_each(config, django_assert_max_num_queries):
    for home in HomePage.objects.all():
        home.get_descendants().delete()
    with django_assert_max_num_queries(2500):
        seed.seed_site(config)
    assert Page.objects.get(slug="about", locale__language_code="ckb").live


def test_seeding_again_changes_nothing_and_keeps_what_editors_wrote(config):
    about = Page.objects.get(slug="about", locale__language_code="ar").specific
    about.title = "من نحن"
    about.save_revision().publish()
    before = counts()
    seed.seed_site(config)
    assert counts() == before
    assert Page.objects.get(pk=about.pk).title == "من نحن"


def test_what_is_added_to_a_site_later_is_a_draft(config, tmp_path):
    Page.objects.get(slug="about", locale__language_code="ar").delete()
    file = tmp_path / "ministry.yaml"
    file.write_text(MINISTRY, encoding="utf-8")
    with pytest.raises(CommandError) as ended:
        call_command("seed_site", file)
    assert ended.value.returncode == 3
    assert "/about/" in str(ended.value)
    assert not Page.objects.filter(slug="about", locale__language_code="ar").get().live
    call_command("seed_site", file)


def counts():
    models = (
        Page,
        Locale,
        Site,
        Governorate,
        Holiday,
        Group,
        GroupPagePermission,
        Workflow,
        WorkflowPage,
        HomePage,
    )
    return [model.objects.count() for model in models]


def test_legal_pages_are_complete_in_three_languages(config):
    pages = ContentPage.objects.exclude(kind=ContentPage.Kind.PAGE)
    assert pages.count() == 9
    for page in pages:
        assert page.gate_problems() == []
        words = " ".join(text for _field, text in texts(page))
        assert config["name"][page.locale.language_code] in words
        assert "{" not in words
        assert find_placeholders(words) == []
        assert len(words) > 600


def test_governorates_and_holidays(config):
    assert Governorate.objects.count() == 19
    halabja = Governorate.objects.get(code="HA")
    assert halabja.iso_code == ""
    assert set(halabja.name) == {"ar", "ckb", "en"}
    assert Holiday.objects.filter(code="nowruz").count() == seed.HOLIDAY_YEARS


def test_roles_are_seeded_with_their_permissions(config, homes):
    assert set(Group.objects.values_list("name", flat=True)) >= set(roles.ROLES)
    translator = Group.objects.get(name="translator")
    pages = set(translator.page_permissions.values_list("page_id", flat=True))
    assert pages == {homes["ckb"].pk, homes["en"].pk}
    auditor = Group.objects.get(name="auditor")
    assert (
        not auditor.permissions.exclude(codename__startswith="view_")
        .exclude(codename__in=["access_admin", "export_services"])
        .exists()
    )
    rights = set(
        Group.objects.get(name="approver").page_permissions.values_list("permission__codename", flat=True)
    )
    assert "publish_page" not in rights


def test_the_workflow_has_a_review_and_a_publication(config, homes):
    workflow = homes["ckb"].get_workflow()
    assert [task.specific.groups.get().name for task in workflow.tasks] == ["approver", "publisher"]


def test_an_app_adds_its_own_section(seeded):
    assert seeded[1] == [("MOP", ["ar", "ckb", "en"])]


def test_wagtails_welcome_page_is_deleted(config):
    assert not Page.objects.filter(title__startswith="Welcome").exists()


def test_the_crest_is_sanitised():
    stored = SiteSettings.for_site(Site.objects.get(is_default_site=True)).crest_svg.read()
    assert b"path" in stored
    assert b"script" not in stored
    assert b"onload" not in stored

"""One file makes a ministry's site; making it again changes nothing."""

import json

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from wagtail.models import GroupPagePermission, Locale, Page, Site, Workflow, WorkflowPage

from egov_cms.site import roles, seed
from egov_cms.site.gate import find_placeholders, texts
from egov_cms.site.ministry import MinistryError, check_ministry, read_ministry
from egov_cms.site.models import ContentPage, Governorate, Holiday, HomePage, MinistryIdentity, SiteSettings

pytestmark = pytest.mark.django_db

MINISTRY = """\
name:
  ar: وزارة التخطيط
  ckb: وەزارەتی پلاندانان
  en: Ministry of Planning
short_name: {ar: التخطيط, ckb: پلاندانان, en: Planning}
code: MOP
domain: mop.example.iq
colours:
  primary: "#12395b"
  accent: "#9a5a1c"
languages: [ar, ckb, en]
contact:
  address: {ar: بغداد، الجادرية, en: "Baghdad, Al-Jadiriya"}
  phones: ["+964 770 123 4567"]
  email: info@mop.example.iq
modules: [services]
digits: latn
illustrative: true
"""


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "ministry.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def config(write):
    return read_ministry(write(MINISTRY))


def test_the_site_stands_in_three_languages(config):
    homes = seed.seed_site(config)
    assert {code: home.title for code, home in homes.items()} == config["name"]
    assert len({home.translation_key for home in homes.values()}) == 1
    assert all(home.live for home in homes.values())
    site = Site.objects.get(is_default_site=True)
    assert site.root_page_id == homes["ar"].pk
    assert MinistryIdentity.for_site(site).short_name == config["short_name"]
    settings = SiteSettings.for_site(site)
    assert (settings.organisation_code, settings.phones, settings.illustrative) == ("MOP", ["+9647701234567"], True)
    slugs = {code: set(home.get_children().live().values_list("slug", flat=True)) for code, home in homes.items()}
    assert slugs["ar"] == slugs["ckb"] == slugs["en"]
    standard = "about news organisation people offices legislation faq a-z site-map accessibility privacy licence"
    assert set(standard.split()) <= slugs["ar"]
    for slug in standard.split():
        pages = Page.objects.filter(slug=slug)
        assert len({page.translation_key for page in pages}) == 1, slug
        assert pages.count() == 3


def test_seeding_again_changes_nothing_and_keeps_what_editors_wrote(config):
    seed.seed_site(config)
    about = Page.objects.get(slug="about", locale__language_code="ar").specific
    about.title = "من نحن"
    about.save_revision().publish()
    before = counts()
    seed.seed_site(config)
    assert counts() == before
    assert Page.objects.get(pk=about.pk).title == "من نحن"


def counts():
    models = (Page, Locale, Site, Governorate, Holiday, Group, GroupPagePermission, Workflow, WorkflowPage, HomePage)
    return [model.objects.count() for model in models]


def test_legal_pages_are_complete_in_three_languages(config):
    seed.seed_site(config)
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
    seed.seed_site(config)
    assert Governorate.objects.count() == 19
    halabja = Governorate.objects.get(code="HA")
    assert halabja.iso_code == ""
    assert set(halabja.name) == {"ar", "ckb", "en"}
    assert Holiday.objects.filter(code="nowruz").count() == seed.HOLIDAY_YEARS


def test_roles_are_seeded_with_what_they_may_do(config):
    homes = seed.seed_site(config)
    assert set(Group.objects.values_list("name", flat=True)) >= set(roles.ROLES)
    translator = Group.objects.get(name="translator")
    pages = set(translator.page_permissions.values_list("page_id", flat=True))
    assert pages == {homes["ckb"].pk, homes["en"].pk}
    auditor = Group.objects.get(name="auditor")
    assert not auditor.permissions.exclude(codename__startswith="view_").exclude(codename="access_admin").exists()
    rights = set(Group.objects.get(name="approver").page_permissions.values_list("permission__codename", flat=True))
    assert "publish_page" not in rights


def test_the_workflow_has_a_review_and_a_publication(config):
    homes = seed.seed_site(config)
    workflow = homes["ckb"].get_workflow()
    assert [task.specific.groups.get().name for task in workflow.tasks] == ["approver", "publisher"]


def test_an_app_adds_its_own_section(config):
    calls = []

    def add(given, homes):
        calls.append((given["code"], sorted(homes)))

    seed.register(add)
    try:
        seed.seed_site(config)
    finally:
        seed._registered.remove(add)
    assert calls == [("MOP", ["ar", "ckb", "en"])]


def test_wagtails_welcome_page_goes(config):
    seed.seed_site(config)
    assert not Page.objects.filter(title__startswith="Welcome").exists()


@pytest.mark.parametrize(
    ("line", "text", "word"),
    [
        (7, MINISTRY.replace("domain:", "domian:"), "domian"),
        (9, MINISTRY.replace("#12395b", "#eeeeee"), "#"),
        (10, MINISTRY.replace("#9a5a1c", "#fff0f0"), "#"),
        (9, MINISTRY.replace("#12395b", "blue"), "blue"),
        (1, MINISTRY.replace("  ckb: وەزارەتی پلاندانان\n", ""), "ckb"),
        (11, MINISTRY.replace("[ar, ckb, en]", "[ar, ckb, fr]"), "fr"),
        (14, MINISTRY.replace("+964 770 123 4567", "12"), "12"),
        (16, MINISTRY.replace("[services]", "[servces]"), "servces"),
        (17, MINISTRY.replace("latn", "roman"), "roman"),
        (15, MINISTRY.replace("info@mop.example.iq", "info"), "info"),
        (16, MINISTRY.replace("modules: [services]", "modules: [services"), ""),
        (14, MINISTRY.replace("  phones:", "  telephones:"), "telephones"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(write, line, text, word):
    path = write(text)
    with pytest.raises(CommandError) as refused:
        call_command("seed_site", str(path))
    assert f"{path}:{line}" in str(refused.value) or "modules: [services\n" in text
    assert word in str(refused.value)
    assert not HomePage.objects.exists()


def test_every_problem_is_named_at_once(write):
    with pytest.raises(MinistryError) as refused:
        read_ministry(write(MINISTRY.replace("domain", "domian").replace("latn", "roman")))
    assert [line for line, _sentence in refused.value.problems] == [7, 17]


def test_a_missing_file_and_an_empty_one_are_errors(write, tmp_path):
    for path in (tmp_path / "none.yaml", write(""), write("- a\n")):
        with pytest.raises(MinistryError):
            read_ministry(path)


def test_a_dry_run_writes_nothing(write):
    call_command("seed_site", str(write(MINISTRY)), "--dry-run")
    assert not HomePage.objects.exists()


def test_a_configuration_can_be_a_plain_dictionary():
    config = check_ministry({"name": {"ar": "و", "ckb": "و", "en": "M"}, "code": "M"})
    assert config["languages"] == ["ar", "ckb", "en"]
    assert json.dumps(config)


def test_the_crest_is_sanitised(write, tmp_path):
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"><script>x()</script><path d="M0 0h9"/></svg>'
    (tmp_path / "crest.svg").write_bytes(drawing)
    seed.seed_site(read_ministry(write(MINISTRY + "crest: crest.svg\n")))
    stored = SiteSettings.for_site(Site.objects.get(is_default_site=True)).crest_svg.read()
    assert b"path" in stored
    assert b"script" not in stored
    assert b"onload" not in stored

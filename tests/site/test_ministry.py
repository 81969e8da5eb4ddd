"""An invalid ministry.yaml is refused, with the line of each problem."""

import json

import pytest
from django.core.management import CommandError, call_command

from egov_cms.site.ministry import MinistryError, check_ministry, read_ministry
from egov_cms.site.models import HomePage, NewsIndexPage, SectionPage

from .ministry_file import MINISTRY

pytestmark = pytest.mark.django_db


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "ministry.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


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
        (18, MINISTRY.replace("[services]", "\n- services\n- servces"), "servces"),
        (18, MINISTRY.replace("[services]", "\n  services: true\n  budget: true\n"), "budget"),
        (17, MINISTRY.replace("latn", "roman"), "roman"),
        (15, MINISTRY.replace("info@mop.example.iq", "info"), "info"),
        (16, MINISTRY.replace("modules: [services]", "modules: [services"), ""),
        (14, MINISTRY.replace("  phones:", "  telephones:"), "telephones"),
    ],
)
def test_an_invalid_file_is_refused_with_its_line(write, line, text, word):
    path = write(text)
    with pytest.raises(CommandError) as refused:
        call_command("seed_site", str(path))
    assert f"{path}:{line}" in str(refused.value) or "modules: [services\n" in text
    assert word in str(refused.value)
    assert not HomePage.objects.exists()


def test_all_problems_are_reported_together(write):
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


def test_an_address_that_another_page_has_is_reported(write):
    call_command("seed_site", str(write(MINISTRY)))
    NewsIndexPage.objects.get(locale__language_code="ckb").delete()
    home = HomePage.objects.get(locale__language_code="ckb")
    home.add_child(instance=SectionPage(title="هەواڵ", slug="news", locale=home.locale))
    with pytest.raises(CommandError, match="/news/"):
        call_command("seed_site", str(write(MINISTRY)))
    assert SectionPage.objects.get(slug="news").title == "هەواڵ"
    assert not NewsIndexPage.objects.filter(locale=home.locale).exists()


def test_a_configuration_can_be_a_plain_dictionary():
    config = check_ministry({"name": {"ar": "و", "ckb": "و", "en": "M"}, "code": "M"})
    assert config["languages"] == ["ar", "ckb", "en"]
    assert json.dumps(config)

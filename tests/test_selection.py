"""What `make check` runs for a change."""

from textwrap import dedent

import pytest

from tests.selection import ALWAYS, dependants, imports, room_of, select, sources, suite

IMPORTED = {
    "egov_cms.language": set(),
    "egov_cms.site": {"egov_cms.language"},
    "egov_cms.services": {"egov_cms.site", "egov_cms.language"},
    "transparency.budget": {"egov_cms.site"},
    "egov_cms.demo": {"egov_cms.services", "transparency.budget"},
}
TESTS = {
    "tests/language/test_fold.py": 10,
    "tests/site/test_gate.py": 20,
    "tests/site_public/test_pages.py": 30,
    "tests/services/test_needs.py": 40,
    "tests/budget/test_cube.py": 5,
    "tests/demo/test_loading.py": 10,
    "tests/contracts/test_pages.py": 3,
    "tests/test_conf.py": 4,
}


def whole(files, most=1000):
    return set(select(files, IMPORTED, TESTS, most).paths) - set(ALWAYS)


@pytest.mark.parametrize(
    ("path", "room"),
    [
        ("egov_cms/site/models/pages.py", "egov_cms.site"),
        ("egov_cms/site/templates/egov_site/home_page.html", "egov_cms.site"),
        ("egov_cms/conf.py", "egov_cms.conf"),
        ("blocks/stream.py", "blocks"),
        ("transparency/budget/cube.py", "transparency.budget"),
        ("docs/api.md", ""),
        ("tests/site/test_gate.py", ""),
    ],
)
def test_a_file_belongs_to_a_room(path, room):
    assert room_of(path) == room


def test_a_room_is_tested_with_those_that_depend_on_it():
    found = select(["egov_cms/site/gate.py"], IMPORTED, TESTS)
    assert found.changed == ("egov_cms.site",)
    assert set(found.whole) == {"egov_cms.site", "egov_cms.services", "transparency.budget", "egov_cms.demo"}
    assert set(found.paths) == {
        "tests/site", "tests/site_public", "tests/services", "tests/budget", "tests/demo", "tests/test_conf.py", *ALWAYS
    }  # fmt: skip


def test_a_room_that_nobody_imports_is_tested_alone():
    assert whole(["egov_cms/demo/data/news.yaml"]) == {"tests/demo", "tests/test_conf.py"}


def test_the_nearest_run_whole_and_the_rest_by_contract():
    found = select(["egov_cms/site/gate.py"], IMPORTED, TESTS, most=95)
    assert found.whole == ("egov_cms.site", "egov_cms.services", "transparency.budget")
    assert found.far == ("egov_cms.demo",)
    assert "tests/demo" not in found.paths and set(ALWAYS) <= set(found.paths)


def test_what_was_changed_runs_however_much_it_is():
    found = select(["egov_cms/site/gate.py"], IMPORTED, TESTS, most=1)
    assert found.whole == ("egov_cms.site",)


def test_a_changed_test_runs_alone():
    assert whole(["tests/services/test_needs.py"]) == {"tests/services/test_needs.py"}


def test_a_changed_helper_of_tests_counts_as_its_room():
    assert whole(["tests/services/conftest.py"]) == {"tests/services", "tests/demo", "tests/test_conf.py"}


@pytest.mark.parametrize("path", ["pyproject.toml", "tests/conftest.py", "egov_cms/settings/base.py"])
def test_what_everything_stands_on_changes_every_room(path):
    assert select([path], IMPORTED, TESTS).changed == tuple(sorted(IMPORTED))


def test_words_alone_run_the_contracts_and_the_browser_once():
    assert select(["README.md"], IMPORTED, TESTS).paths == ALWAYS


def test_imports_are_found_wherever_they_stand():
    text = """
        import egov_cms.language.dates
        from . import models
        from ..look import contrast

        def late():
            from blocks.registry import register
    """
    sources = {
        "egov_cms/site/pages.py": dedent(text),
        "egov_cms/language/dates.py": "",
        "egov_cms/look/contrast.py": "",
        "blocks/registry.py": "",
    }
    assert imports(sources)["egov_cms.site"] == {"egov_cms.language", "egov_cms.look", "blocks"}


def test_dependants_come_nearest_first():
    assert dependants(["egov_cms.language"], IMPORTED) == [
        "egov_cms.services", "egov_cms.site", "egov_cms.demo", "transparency.budget"
    ]  # fmt: skip
    assert dependants(["transparency.budget"], IMPORTED) == ["egov_cms.demo"]


def test_every_folder_of_tests_belongs_to_a_room_or_to_the_whole():
    """A folder that no change would choose is named here with its reason."""
    imported, whole_suite = (
        imports(sources()),
        {"browser", "contracts", "drills", "lint", "repository", "installed"},
    )
    found = select([f"{room.replace('.', '/')}/x.py" for room in imported], imported, suite(), most=10**6)
    folders = {path.split("/")[1] for path in suite() if path.count("/") > 1}
    assert {folder for folder in folders if f"tests/{folder}" not in found.paths} <= whole_suite

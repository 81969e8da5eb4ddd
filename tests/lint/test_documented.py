"""What is not documented is private: commands, settings, checks, verbs and variables have their words."""

import importlib.util
import re

import pytest

from egov_cms.conf import DEFAULTS
from tests.conftest import REPOSITORY

from .sources import literals, modules

DOCS = REPOSITORY / "docs"
CHECK = re.compile(r"egov[a-z_]*\.[EWI]\d{3}")


def docs():
    papers = [*DOCS.glob("*.md"), *REPOSITORY.glob("*.md"), *REPOSITORY.glob("egov_cms/*/README.md")]
    return "\n".join(paper.read_text(encoding="utf-8") for paper in papers)


@pytest.fixture
def generator():
    spec = importlib.util.spec_from_file_location("docs_generate", DOCS / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_of_commands_is_what_the_code_says(project):
    site = project('INSTALLED_APPS = ["egov_cms.demo", *INSTALLED_APPS]\n')
    script = (
        f"import sys, runpy, django; django.setup(); sys.stdout.reconfigure(encoding='utf-8');"
        f"print(runpy.run_path({str(DOCS / 'generate.py')!r})['reference'](), end='')"
    )
    done = site.run("-c", script)
    assert done.returncode == 0, done.stderr
    assert done.stdout == (DOCS / "reference.md").read_text(encoding="utf-8"), "run: make docs"


def test_every_command_says_what_it_is_for(generator):
    assert {"import_services", "seed_site", "rebuild_search"} <= generator.commands().keys()
    for name, (_app, command) in generator.commands().items():
        assert len(type(command).help) > 20, name
        parser = command.create_parser("manage.py", name)
        options = [action for action in parser._actions if action.dest not in ("file", "help")]
        assert all(action.help or action.choices for action in options), name


def test_every_setting_is_described_and_no_other():
    page = (DOCS / "settings.md").read_text(encoding="utf-8")
    keys = page[page.index("## The keys") : page.index("## Django settings")]
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", keys, re.MULTILINE)) == set(DEFAULTS)


def test_every_check_is_described():
    ids = {
        text
        for _path, tree in modules()
        for _line, text in literals(tree)
        if isinstance(text, str) and CHECK.fullmatch(text)
    }
    assert len(ids) > 5
    assert {each for each in ids if f"`{each}`" not in docs()} == set()


def test_every_verb_is_described():
    makefile = (REPOSITORY / "Makefile").read_text()
    verbs = set(re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)[1].split()) - {"help"}
    described = set(re.findall(r"^#   make ([\w-]+)", makefile, re.MULTILINE))
    assert verbs == described


def test_every_variable_of_production_is_described():
    settings = (REPOSITORY / "egov_cms" / "settings" / "production.py").read_text()
    variables = set(re.findall(r"env(?:\.\w+)?\(\s*\"([A-Z_]+)\"", settings))
    assert "DATABASE_URL" in variables
    guide = (DOCS / "deployers-guide.md").read_text(encoding="utf-8")
    assert {name for name in variables if f"`{name}`" not in guide} == set()


def test_every_variable_of_tests_is_described():
    helpers = [path for path in (REPOSITORY / "tests").rglob("*.py") if not path.name.startswith("test_")]
    name = re.compile(r"\b(?:EGOV_(?:TEST|REFERENCE|DRILLS)\w*|HYPOTHESIS_PROFILE)")
    variables = {found for path in helpers for found in name.findall(path.read_text(encoding="utf-8"))}
    guide = (DOCS / "testing.md").read_text(encoding="utf-8")
    assert {name for name in variables if name not in guide} == set()


def test_every_room_has_its_page():
    rooms = [path.parent for path in (REPOSITORY / "egov_cms").glob("*/apps.py")]
    assert rooms
    assert [
        room.name for room in rooms if not 200 < len((room / "README.md").read_text(encoding="utf-8")) < 8000
    ] == []

"""What is not documented is private: commands, settings, checks, verbs and variables have their words."""

import importlib.util
import re

import pytest

from egov_cms.conf import DEFAULTS
from tests.conftest import REPOSITORY

DOCS = REPOSITORY / "docs"


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


@pytest.mark.parametrize("name", sorted(DEFAULTS))
def test_every_setting_is_described(name):
    assert f"| `{name}` |" in (DOCS / "settings.md").read_text(encoding="utf-8")


def test_every_check_is_described():
    sources = [*(REPOSITORY / "egov_cms").rglob("*.py"), *(REPOSITORY / "blocks").rglob("*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    ids = set(re.findall(r"\bid=\"(egov[a-z_]*\.[EWI]\d{3})\"", text))
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
    conftest = (REPOSITORY / "tests" / "conftest.py").read_text()
    variables = set(re.findall(r"EGOV_[A-Z_]+", conftest))
    guide = (DOCS / "testing.md").read_text(encoding="utf-8")
    assert {name for name in variables if name not in guide} == set()


@pytest.mark.parametrize(
    "room", sorted(path.parent.name for path in (REPOSITORY / "egov_cms").glob("*/apps.py"))
)
def test_every_room_has_its_page(room):
    page = (REPOSITORY / "egov_cms" / room / "README.md").read_text(encoding="utf-8")
    assert 200 < len(page) < 8000

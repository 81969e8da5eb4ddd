"""`modules` of ministry.yaml decides which apps a site has; each module of the release is an extra of the distribution."""

import dataclasses
import re
import tomllib
from importlib.metadata import packages_distributions
from importlib.util import find_spec

import pytest
from django.core import checks
from django.core.exceptions import ImproperlyConfigured

from egov_cms import checks as suite_checks
from egov_cms.modules import MODULES, ModulesError, check_modules, ministry_modules, released
from egov_cms.settings.installed import ALWAYS, installed_apps
from tests.conftest import REPOSITORY
from tests.lint.test_locks import plain_name

from .test_deploy import ENVIRONMENT

PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
NAMES = [module.name for module in MODULES]


def exists(app):
    try:
        return find_spec(f"{app}.apps") is not None
    except ModuleNotFoundError:
        return False


@pytest.mark.parametrize("module", MODULES, ids=NAMES)
def test_a_module_is_released_when_its_apps_are_here(module):
    assert [exists(app) for app in module.apps] == [module.released] * len(module.apps)


@pytest.mark.parametrize("module", MODULES, ids=NAMES)
def test_each_module_of_the_release_is_an_extra(module):
    assert (module.name in EXTRAS) is module.released
    assert (f"egov-cms[{module.name}]" in EXTRAS["all"]) is module.released


@pytest.mark.parametrize("name", released())
def test_the_extra_of_a_module_holds_the_libraries_that_are_looked_for(name):
    (module,) = (module for module in MODULES if module.name == name)
    brought = {plain_name(re.match(r"[\w.-]+", line).group()) for line in EXTRAS[name]}
    distributions = packages_distributions()
    assert {plain_name(distributions[library][0]) for library in module.libraries} == brought


def test_apps_of_modules_stand_before_all_others():
    assert installed_apps() == installed_apps(released())
    assert installed_apps([]) == ALWAYS
    assert installed_apps(["services"]) == ["egov_cms.services", *ALWAYS]


def test_a_module_that_is_not_here_is_no_app():
    with pytest.raises(ImproperlyConfigured, match="budget"):
        installed_apps(["services", "budget"])


@pytest.mark.parametrize(
    ("value", "names"),
    [
        (None, ["services"]),
        ([], []),
        ("services", ["services"]),
        ({"services": False}, []),
        ({"services": True, "budget": False}, ["services"]),
        (["services", "services"], ["services"]),
    ],
)
def test_modules_are_a_name_a_list_or_switches(value, names):
    assert check_modules(value) == (names, [])


@pytest.fixture
def ministry(tmp_path):
    def write(text):
        path = tmp_path / "ministry.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_modules_of_a_file(ministry):
    assert ministry_modules(ministry("name: وزارة\ncode: MOX\n")) == ["services"]
    assert ministry_modules(ministry("code: MOX\nmodules: []\n")) == []
    assert ministry_modules(ministry("code: MOX\nmodules:\n- services\n")) == ["services"]
    assert ministry_modules(ministry("")) == ["services"]


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("code: X\nmodules: [services, budget]\n", 2, "“budget” is not in this release yet.+: services"),
        ("code: X\nmodules:\n- services\n- open_data\n", 4, "“open_data” is not in this release yet"),
        ("modules:\n  services: true\n  contracts: yes\n", 3, "“contracts” is not in this release yet"),
        ("code: X\nmodules: servces\n", 2, "Unknown module “servces”. Modules are: services, budget"),
    ],
)
def test_a_module_that_is_not_here_is_refused_with_its_line(ministry, text, line, sentence):
    path = ministry(text)
    with pytest.raises(ModulesError, match=f"^{re.escape(str(path))}:{line}: .*{sentence}"):
        ministry_modules(path)


def test_a_file_that_cannot_be_read_is_named(ministry, tmp_path):
    for path in (tmp_path / "none.yaml", ministry("modules: [services\n")):
        with pytest.raises(ModulesError, match=path.name):
            ministry_modules(path)


SHOW = "from django.conf import settings; print(*settings.INSTALLED_APPS)"


def test_production_has_the_modules_of_the_file_beside_it(project):
    site = project()
    every = site.run("-c", SHOW, **ENVIRONMENT)
    (site.folder / "ministry.yaml").write_text("modules: []\n")
    none = site.run("-c", SHOW, **ENVIRONMENT)
    assert every.stdout.split() == [*installed_apps(), "django_tasks_db"]
    assert none.stdout.split() == [*ALWAYS, "django_tasks_db"]


def test_production_does_not_start_with_a_module_that_is_not_here(project):
    site = project()
    path = site.folder / "planning.yaml"
    path.write_text("code: MOX\nmodules: [services, budget]\n")
    done = site.run("-m", "django", "check", EGOV_MINISTRY_FILE=str(path), **ENVIRONMENT)
    assert done.returncode != 0
    assert f"{path}:2: The module “budget” is not in this release yet." in done.stderr


def test_a_module_whose_extra_is_missing_is_a_check_error(monkeypatch):
    assert suite_checks.check_modules(None) == []
    needing = [dataclasses.replace(module, libraries=("no_such_library",)) for module in MODULES]
    monkeypatch.setattr(suite_checks, "MODULES", needing)
    found = [error for error in checks.run_checks(tags=["egov"]) if error.id == "egov.E003"]
    assert [error.msg for error in found] == [
        f"The module “{name}” needs what is not installed: no_such_library." for name in released()
    ]
    assert "egov-cms[services]" in found[0].hint

"""What is imported is declared: for everybody, or in the extra of those who need it. Imports inside functions count too."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest

from egov_cms.modules import MODULES
from tests.conftest import REPOSITORY
from tests.lint.test_locks import plain_name

PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
OURS = {"egov_cms", "blocks", "transparency", "open_data", "site_template", "tests", "bench"}
DISTRIBUTIONS = packages_distributions()

# Measured beside ours where somebody has installed it.
OPTIONAL_PEERS = {"bench/tabular.py": {"python_calamine"}}
# Folder or file → the extra that those who use it install.
EXTRAS = {app.replace(".", "/"): module.name for module in MODULES for app in module.apps} | {
    "egov_cms/demo": "all",
    "egov_cms/search/engines/elastic.py": "elasticsearch",
    "egov_cms/settings/production.py": "production",
    "egov_cms/testing": "testing",
    "tests": "test",
    "bench": "test",
    "docs": "test",
}


def declared(extra=None):
    """The distributions that an installation of the suite asks for; those of extras that an extra names included."""
    names = set()
    for line in PROJECT["optional-dependencies"].get(extra, []) if extra else PROJECT["dependencies"]:
        name, extras = re.match(r"([\w.-]+)(?:\[([\w,-]+)\])?", line).groups()
        if name == "egov-cms":
            names |= set().union(*(declared(each) for each in extras.split(",")))
        else:
            names.add(plain_name(name))
    return names


def imported(source, strings=False):
    """Top-level names that a module imports anywhere in it; with `strings`, those in dotted paths of settings as well."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.partition(".")[0]
        elif strings and isinstance(node, ast.Constant) and isinstance(node.value, str):
            name = node.value.partition(".")[0]
            if name in DISTRIBUTIONS and re.fullmatch(r"\w+(\.\w+)*", node.value):
                yield name


def undeclared(path, source):
    """The third-party names that the file at `path` imports without being able to count on them."""
    extras = [extra for place, extra in EXTRAS.items() if path == place or path.startswith(place + "/")]
    allowed = declared().union(*map(declared, extras))
    return sorted(
        name
        for name in set(imported(source, strings=path.startswith("egov_cms/settings/")))
        if name not in sys.stdlib_module_names
        and name not in OURS
        and name not in OPTIONAL_PEERS.get(path, ())
        if not allowed & {plain_name(each) for each in DISTRIBUTIONS.get(name, [name])}
    )


@pytest.mark.parametrize(
    "room", ["egov_cms", "blocks", "transparency", "open_data", "site_template", "tests", "bench", "docs"]
)
def test_what_is_imported_is_declared(room):
    files = {
        str(path.relative_to(REPOSITORY)): path.read_text(encoding="utf-8")
        for path in sorted((REPOSITORY / room).rglob("*.py"))
    }
    assert files
    found = {path: names for path, source in files.items() if (names := undeclared(path, source))}
    assert found == {}


def test_a_library_that_comes_only_with_another_is_found():
    assert undeclared("egov_cms/site/x.py", "def read():\n    import polib") == ["polib"]
    assert undeclared("egov_cms/site/x.py", "from segno import make") == ["segno"]
    assert undeclared("egov_cms/services/x.py", "from segno import make") == []
    assert undeclared("tests/x.py", "import polib, segno, rdflib") == []
    assert undeclared("egov_cms/settings/x.py", "APPS = ['treebeard', 'wagtail', 'ar']") == ["treebeard"]

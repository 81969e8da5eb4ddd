"""docs/extension-points.md names everything by which an app extends the suite, as the code has it."""

import ast
import importlib.util
import inspect
import re
from importlib import import_module
from pkgutil import resolve_name

import pytest
from django.dispatch import Signal

from egov_cms.policies import Policy
from tests.conftest import REPOSITORY

PAGE = REPOSITORY / "docs" / "extension-points.md"
ROOMS = ("egov_cms", "blocks", "transparency", "open_data")
# They fill what their own module reads again: caches and what was seen before, not what an app contributes.
NO_REGISTRIES = {
    "egov_cms.search.facet_sets.load",
    "egov_cms.search.lexicon.clear_cache",
    "egov_cms.search.lexicon.get_lexicon",
    "egov_cms.site.page_cache.use_messages",
}
CHANGING = {"append", "extend", "add", "update", "setdefault", "insert", "pop"}


def text():
    return PAGE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def generator():
    spec = importlib.util.spec_from_file_location("docs_generate", REPOSITORY / "docs" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def modules():
    for room in ROOMS:
        for file in sorted((REPOSITORY / room).rglob("*.py")):
            parts = file.relative_to(REPOSITORY).with_suffix("").parts
            if (
                not {"migrations", "settings", "management", "testing"}.intersection(parts)
                and parts[-1] != "__main__"
            ):
                yield (
                    ".".join(parts[:-1] if parts[-1] == "__init__" else parts),
                    ast.parse(file.read_text(encoding="utf-8")),
                )


def names_of(target):
    return {each.id for each in ast.walk(target) if isinstance(each, ast.Name)}


def registries(name, tree):
    """Public functions of a module that change one of its private containers."""
    containers = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and isinstance(node.value, ast.List | ast.Dict | ast.Set | ast.Call)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name) and target.id.startswith("_")
    }
    for function in tree.body:
        if not isinstance(function, ast.FunctionDef) or function.name.startswith("_"):
            continue
        for node in ast.walk(function):
            changed = set()
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in CHANGING
            ):
                changed = names_of(node.func.value)
            elif isinstance(node, ast.Assign):
                changed = {n for t in node.targets if isinstance(t, ast.Subscript) for n in names_of(t.value)}
            if changed & containers:
                yield f"{name}.{function.name}"


def found():
    """The import paths of every registry, policy and signal in the code."""
    for name, tree in modules():
        yield from registries(name, tree)
        assigned = {
            target.id
            for node in tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for own in assigned:
            if isinstance(getattr(import_module(name), own), Policy | Signal):
                yield f"{name}.{own}"


def test_no_registry_policy_or_signal_is_missing():
    described = set(re.findall(r"^### `([\w.]+)`$", text(), re.MULTILINE))
    assert set(found()) - NO_REGISTRIES - described == set(), "describe them in docs/extension-points.md"


def test_each_is_described_with_the_signature_it_has(generator):
    """Also: each can be imported under the path of its heading; the template blocks and components are those there are."""
    assert generator.extension_points(text()) == text(), "run: make docs"


def test_functions_are_called_as_python_sees_them(generator):
    """The page has the words of the source; here they are held against the function that is called."""
    for path, shown in re.findall(r"^### `([\w.]+)`\n```\n(\w+\(.*\)(?: -> .*)?)\n```", text(), re.MULTILINE):
        value = resolve_name(path)
        node = ast.parse(f"def {shown.removesuffix(':')}: ...").body[0]
        named = [each.arg for each in ast.walk(node.args) if isinstance(each, ast.arg)]
        assert sorted(named) == sorted(inspect.signature(value).parameters), path


def test_each_says_what_it_is_for():
    for part in re.split(r"^### ", text(), flags=re.MULTILINE)[1:]:
        heading, _, rest = part.partition("\n")
        words = re.sub(r"```.*?```", "", rest, flags=re.DOTALL)
        assert len(words.split()) > 5, heading


def test_examples_are_python():
    for example in re.findall(r"```python\n(.*?)```", text(), re.DOTALL):
        ast.parse(example)

"""What the sources of the suite take from the libraries behind egov_cms/adapters."""

import ast
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import yaml

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("egov_cms", "blocks", "transparency", "open_data")
ADAPTERS = ROOT / "egov_cms" / "adapters"
LIBRARIES = ("wagtail", "wagtail_localize", "modelcluster", "modelsearch", "treebeard", "laces", "swapper")
# Documented in spite of their underscore: by Django, and by REST framework (the request that it wraps).
PUBLIC_UNDERSCORES = {"_meta", "_default_manager", "_base_manager", "_state", "_request"}


class Use(NamedTuple):
    """A name that a module takes: `place` is file and line."""

    place: str
    module: str
    name: str


@cache
def sources() -> dict[Path, ast.Module]:
    """Every module of the suite outside the adapters, parsed."""
    files = (file for room in ROOMS for file in (ROOT / room).rglob("*.py"))
    return {
        file: ast.parse(file.read_text(encoding="utf-8"))
        for file in sorted(files)
        if "migrations" not in file.parts and not file.is_relative_to(ADAPTERS)
    }


def place(file, node) -> str:
    return f"{file.relative_to(ROOT)}:{node.lineno}"


def imports():
    """Every import of a library, also those inside functions."""
    for file, tree in sources().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [(node.module, alias.name) for alias in node.names]
            elif isinstance(node, ast.Import):
                names = [(alias.name, "") for alias in node.names]
            else:
                continue
            for module, name in names:
                if module.split(".")[0] in LIBRARIES:
                    yield Use(place(file, node), module, name)


@cache
def documented() -> dict[tuple[str, str], str]:
    """(module, name) → the page that documents it."""
    pages = yaml.safe_load(Path(__file__).with_name("documented.yaml").read_text(encoding="utf-8"))
    return {
        (module, name): page
        for page, modules in pages.items()
        for module, names in modules.items()
        for name in names
    }


@cache
def private_names() -> frozenset[str]:
    """Names with one underscore that the libraries, and Django's ORM, give to what they define."""
    found = set()
    for package in (*LIBRARIES, "django.db", "django.contrib.contenttypes", "django_tasks"):
        spec = find_spec(package)
        for folder in spec.submodule_search_locations if spec else ():
            for file in Path(folder).rglob("*.py"):
                if not {"tests", "test", "migrations", "locale"}.intersection(file.parts):
                    found |= defined(ast.parse(file.read_text(encoding="utf-8")))
    return frozenset(found - PUBLIC_UNDERSCORES)


def defined(tree) -> set[str]:
    """The underscored names that a module defines: functions, attributes it sets, variables."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            found.add(node.attr)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
    return {name for name in found if is_private(name)}


def is_private(name) -> bool:
    return name.startswith("_") and not name.startswith("__") and len(name) > 1


def private_uses():
    """Attributes, and names in strings, that a library keeps for itself and no class of the same module defines."""
    for file, tree in sources().items():
        own = defined(tree)
        for node in ast.walk(tree):
            name = ""
            if isinstance(node, ast.Attribute):
                name = node.attr
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                name = node.value
            if is_private(name) and name in private_names() - own:
                yield Use(place(file, node), "", name)


def classes():
    """Every class that the suite defines, with what its body defines: (class, names). Settings are no code of a room."""
    for file, tree in sources().items():
        if "settings" in file.parts or file.name == "__main__.py":
            continue
        parts = file.relative_to(ROOT).with_suffix("").parts
        module = import_module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
        yield from _classes(tree.body, vars(module))


def _classes(body, names):
    for node in body:
        if not isinstance(node, ast.ClassDef) or not isinstance(found := names.get(node.name), type):
            continue
        own = {each.name for each in node.body if isinstance(each, ast.FunctionDef)}
        for each in node.body:
            targets = each.targets if isinstance(each, ast.Assign) else [getattr(each, "target", None)]
            own |= {target.id for target in targets if isinstance(target, ast.Name)}
        yield found, own
        yield from _classes(node.body, vars(found))


def overrides() -> dict[str, set[str]]:
    """`module.Class.member` of a library → the classes of the suite whose bodies define that member anew.

    A mixin overrides what stands behind it in any class that it is mixed into.
    """
    bodies, found = dict(classes()), {}
    for cls in bodies:
        for place, part in enumerate(cls.__mro__):
            for name in bodies.get(part, ()):
                behind = cls.__mro__[place + 1 :]
                theirs = (
                    base
                    for base in behind
                    if base.__module__.split(".")[0] in LIBRARIES and name in vars(base)
                )
                if base := next(theirs, None):
                    member = f"{base.__module__}.{base.__qualname__}.{name}"
                    # Wagtail 8 has moved what a page can do one class up.
                    member = member.replace("wagtail.models.pages.AbstractPage.", "wagtail.models.Page.")
                    found.setdefault(member, set()).add(f"{part.__module__}.{part.__qualname__}")
    return found

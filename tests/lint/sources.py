"""The sources of the suite, as the scans of this folder read them."""

import ast
from functools import cache

from tests.engines import REPOSITORY
from tests.selection import TOPS


@cache
def modules(*folders):
    """`[(path below the repository, syntax tree)]` of the modules below these folders (of all rooms), without migrations."""
    return [
        (str(path.relative_to(REPOSITORY)), ast.parse(path.read_text(encoding="utf-8")))
        for folder in folders or TOPS
        for path in sorted((REPOSITORY / folder).rglob("*.py"))
        if "migrations" not in path.parts
    ]


@cache
def templates():
    """`[(path below the repository, text)]` of the templates of all rooms."""
    return [
        (str(path.relative_to(REPOSITORY)), path.read_text(encoding="utf-8"))
        for folder in TOPS
        for path in sorted((REPOSITORY / folder).rglob("templates/**/*.html"))
    ]


def imported(tree):
    """`(line, dotted name)` of everything that a module imports from elsewhere; of `from a import b`: `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def named(tree):
    """`(line, dotted name)` of every attribute of a name that is read: `csv.writer`, `os.environ.get`."""
    for node in ast.walk(tree):
        parts, inner = [], node
        while isinstance(inner, ast.Attribute):
            parts.append(inner.attr)
            inner = inner.value
        if parts and isinstance(inner, ast.Name):
            yield node.lineno, ".".join([inner.id, *reversed(parts)])


def literals(tree):
    """`(line, value)` of every text, and of every tuple, list and set of texts, that stands in a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value
        elif isinstance(node, ast.Tuple | ast.List | ast.Set):
            values = [each.value for each in node.elts if isinstance(each, ast.Constant)]
            if values and all(isinstance(value, str) for value in values):
                yield node.lineno, tuple(values)

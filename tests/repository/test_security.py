"""SECURITY.md promises what a test holds: each promise names one that exists."""

import ast
import re

from tests.conftest import REPOSITORY

NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def promises():
    """(promise, tests that it names) of each row of the tables below “What is promised”."""
    text = (REPOSITORY / "SECURITY.md").read_text(encoding="utf-8")
    part = text.partition("## What is promised")[2].partition("\n## ")[0]
    rows = [line.strip("| \n") for line in part.splitlines() if line.startswith("|")]
    rows = [row.split(" | ") for row in rows if not row.startswith("---")]
    return [(promise, NAMED.findall(tests)) for promise, tests in rows if promise != "promise"]


def test_each_promise_names_a_test_that_exists():
    found = promises()
    assert len(found) > 20
    for promise, tests in found:
        assert tests, promise
        for file, name in tests:
            tree = ast.parse((REPOSITORY / file).read_text(encoding="utf-8"))
            names = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
            assert name in names, (promise, file, name)

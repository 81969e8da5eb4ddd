"""Tests themselves: the same examples everywhere, no look at a clock, no skip in silence."""

import ast

import pytest

from .sources import modules, named

CLOCKS = {"time.monotonic", "time.perf_counter", "time.process_time", "timeit.timeit"}
SKIPS = {"pytest.skip", "pytest.importorskip", "pytest.mark.skip", "pytest.mark.skipif", "pytest.mark.xfail"}
PROFILE = {"max_examples", "deadline", "derandomize", "database"}


def clocks(tree):
    return [(line, name) for line, name in named(tree) if name in CLOCKS]


def skips(tree):
    return [(line, name) for line, name in named(tree) if name in SKIPS]


def profiles(tree):
    """What `@settings(…)` of hypothesis sets although the profile of the run does (tests/conftest.py)."""
    return [
        (node.lineno, keyword.arg)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "").endswith("settings")
        for keyword in node.keywords
        if keyword.arg in PROFILE
    ]


# rule: (what finds it, {file that may, for this reason}). A reason that is no longer needed is an error.
RULES = {
    "times belong into bench/: a loaded machine fails the test": (
        clocks,
        {
            "tests/drills/sites.py": "waits for a server, with an end; how long readers wait in a fault is the question",
            "tests/drills/test_large_upload.py": "the time that an upload may take is the question",
            "tests/exchange/test_process.py": "waits for a process, with an end",
            "tests/fetching/test_addresses.py": "hands a deadline on",
            "tests/installed/installation.py": "waits for a server, with an end",
            "tests/site_public/test_cache_fails.py": "a client that waits for ever is the fault",
        },
    ),
    "engines are named in tests/engines.py, so that EGOV_TEST_REQUIRE knows them": (
        skips,
        {
            "tests/conftest.py": "does so",
            "tests/editing/test_library_words.py": "compares with the Wagtail of the lock file",
            "tests/lint/test_hosts.py": "asks git, which a copy without .git has not",
        },
    ),
    "how many examples there are is told by HYPOTHESIS_PROFILE": (profiles, {}),
}


@pytest.mark.parametrize("rule", RULES)
def test_tests_keep_it(rule):
    find, exceptions = RULES[rule]
    found = {path: hits for path, tree in modules("tests") if (hits := find(tree))}
    assert {path: hits for path, hits in found.items() if path not in exceptions} == {}
    assert exceptions.keys() <= found.keys()


@pytest.mark.parametrize(
    ("find", "source"),
    [
        (clocks, "import time\nbegan = time.monotonic()"),
        (skips, "@pytest.mark.skipif(True, reason='x')\ndef test_it(): ..."),
        (profiles, "@hypothesis_settings(max_examples=60)\ndef test_it(): ..."),
    ],
)
def test_the_scans_can_fail(find, source):
    assert find(ast.parse(source))

"""What is done in one place only: each rule has its home, everything else uses what the home offers."""

import ast
import re
from collections import defaultdict

import pytest

from .sources import imported, literals, modules, named

# Modules that break a rule, each with its reason or with what will end it. An entry that is no longer needed is an error.
EXCEPTIONS = {
    "workbooks": {},
    "decoding": {"egov_cms/fetching/connections.py": "a header of HTTP, which is no file"},
    "formulas": {},
    "CSV": {"egov_cms/language/money.py": "reads its own data file, in the room below the tables"},
    "child processes": {},
    "words": {},
}
WORKBOOKS = re.compile(r"^(?:openpyxl|python_calamine|xlsxwriter|xlrd|odf|pyexcel|pandas)\b")
DECODING = re.compile(r"^(?:codecs|chardet|charset_normalizer|cchardet)\b")
ENCODINGS = {"utf-8-sig", "utf_8_sig", "utf-16", "cp1256", "windows-1256", "latin-1", "iso-8859-6", "cp1252"}
CSV = {"csv.writer", "csv.DictWriter", "csv.reader", "csv.DictReader", "csv.Sniffer"}
PROCESSES = re.compile(
    r"^(?:subprocess|multiprocessing|concurrent\.futures\.ProcessPoolExecutor|resource)\b|^os\.fork"
)
FORMULAS = set("=+-@")
WORDS = ("Report", "Problem", "Change", "Document")


def opens_workbooks(tree):
    return [(line, name) for line, name in imported(tree) if WORKBOOKS.match(name)]


def decodes(tree):
    found = [(line, name) for line, name in imported(tree) if DECODING.match(name)]
    return found + [(line, text) for line, text in literals(tree) if text in ENCODINGS]


def guards_formulas(tree):
    """The first letters of a formula, together in one short text or collection."""
    return [
        (line, repr(value))
        for line, value in literals(tree)
        if len(value) <= 10 and set(FORMULAS) <= {letter for each in value for letter in each}
    ]


def reads_or_writes_csv(tree):
    return [(line, name) for line, name in (*named(tree), *imported(tree)) if name in CSV]


def starts_processes(tree):
    return [(line, name) for line, name in (*imported(tree), *named(tree)) if PROCESSES.match(name)]


RULES = {
    "workbooks": (opens_workbooks, ("egov_cms/tabular/",)),
    "decoding": (decodes, ("egov_cms/tabular/",)),
    "formulas": (guards_formulas, ("egov_cms/tabular/",)),
    "CSV": (reads_or_writes_csv, ("egov_cms/tabular/",)),
    "child processes": (starts_processes, ("egov_cms/exchange/process.py",)),
}


@pytest.mark.parametrize("rule", RULES)
def test_it_has_one_home(rule):
    find, homes = RULES[rule]
    found = {
        path: [f"{path}:{line}: {what}" for line, what in hits]
        for path, tree in modules()
        if not path.startswith(homes) and (hits := find(tree))
    }
    strangers = [line for path, lines in found.items() if path not in EXCEPTIONS[rule] for line in lines]
    assert not strangers, f"only {' and '.join(homes)} does this:\n" + "\n".join(strangers)
    assert EXCEPTIONS[rule].keys() <= found.keys(), "no longer an exception: take it out of EXCEPTIONS"


@pytest.mark.parametrize(
    ("find", "source"),
    [
        (opens_workbooks, "def late():\n    from openpyxl import load_workbook"),
        (decodes, "data.decode('utf-8-sig')"),
        (guards_formulas, "text.startswith(('=', '+', '-', '@'))"),
        (guards_formulas, "DANGEROUS = '=+-@\\t\\r'"),
        (reads_or_writes_csv, "import csv\nrows = csv.writer(output)"),
        (starts_processes, "import subprocess"),
        (starts_processes, "import os\npid = os.fork()"),
    ],
)
def test_the_scans_can_fail(find, source):
    assert find(ast.parse(source))


def test_one_word_is_one_class():
    """`Report`, `Problem`, `Change` and `Document` mean one thing each in the whole tree."""
    places = defaultdict(set)
    for path, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and node.name in WORDS:
                places[node.name].add(path)
    excepted = EXCEPTIONS["words"].keys()
    assert {name: paths - excepted for name, paths in places.items() if len(paths - excepted) > 1} == {}
    needless = "no longer an exception: take it out of EXCEPTIONS"
    assert excepted <= {path for paths in places.values() if len(paths) > 1 for path in paths}, needless

"""Which tests a change needs: `make check` asks this module, `python -m tests.selection [--base REF]`.

Whole are the tests of the rooms that were changed, and of the rooms that depend on them, the nearest first, as long as
there are not more than `MOST_TESTS`. For the others there are the contract tests (tests/contracts), which run always, as
does one visit by the browser. Dependants are found by what modules really import.
"""

import argparse
import ast
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
TOPS = ("egov_cms", "blocks", "transparency", "open_data", "site_template")
# Packages whose own packages are rooms; the others are one room each.
HOLDERS = ("egov_cms", "transparency", "open_data")
ALWAYS = ("tests/contracts", "tests/browser/test_smoke.py")
# What a change of these may break is told by no import.
EVERYTHING = ("pyproject.toml", "requirements/", "tests/conftest.py", "tests/images.py", "egov_cms/settings/")
# About two minutes on two processors.
MOST_TESTS = 600


@dataclass(frozen=True)
class Selection:
    """changed: rooms. whole: rooms whose tests all run. far: rooms that depend on a change, tested by contract only.

    paths: what pytest is given.
    """

    changed: tuple
    whole: tuple
    far: tuple
    paths: tuple


def room_of(path):
    """The room that a file of the sources belongs to: `egov_cms.site`, `blocks`, `transparency.budget`; else ""."""
    parts = Path(path).parts
    if not parts or parts[0] not in TOPS:
        return ""
    if parts[0] in HOLDERS and len(parts) > 1:
        return f"{parts[0]}.{parts[1].removesuffix('.py')}"
    return parts[0]


def rooms_tested_by(folder, rooms):
    """The rooms that a folder of tests is about: `tests/site_public` is about `egov_cms.site`."""
    for room in sorted(rooms, key=len, reverse=True):
        names = (room.replace(".", "_"), room.rpartition(".")[2])
        if any(folder == name or folder.startswith(f"{name}_") for name in names):
            return {room}
    return set()


def imports(sources):
    """`{room: rooms that it imports}` from `{path: text}` of modules, by what stands in them, also inside functions."""
    found = {}
    for path, text in sources.items():
        room = room_of(path)
        package = Path(path).parent.parts
        for node in ast.walk(ast.parse(text)):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                base = package[: len(package) + 1 - node.level] if node.level else ()
                module = ".".join([*base, *([node.module] if node.module else [])])
                names = [module, *(f"{module}.{alias.name}" for alias in node.names)]
            found.setdefault(room, set()).update(room_of(name.replace(".", "/")) for name in names)
    rooms = found.keys()
    return {room: (asked & rooms) - {room, ""} for room, asked in found.items()}


def dependants(changed, imported):
    """The rooms that import the changed ones, directly or through others, the nearest first."""
    near, order = set(changed), []
    while fresh := sorted(room for room, asked in imported.items() if room not in near and asked & near):
        near.update(fresh)
        order += fresh
    return order


def select(files, imported, tests, most=MOST_TESTS):
    """The Selection for changed files. imported: `imports(…)`. tests: `{path of a test file: number of its tests}`."""
    if any(file.startswith(EVERYTHING) for file in files):
        changed = sorted(imported)
    else:
        changed = sorted(
            {room_of(file) for file in files} & imported.keys() | rooms_of_helpers(files, imported)
        )
    folders = {}
    for path in tests:
        parts = Path(path).parts
        for room in rooms_tested_by(parts[1], imported) if len(parts) > 2 else ():
            folders.setdefault(room, Counter())["/".join(parts[:2])] += tests[path]
    size = {room: sum(folders.get(room, {}).values()) for room in imported}
    whole, far = list(changed), []
    for room in dependants(changed, imported):
        fits = sum(size[each] for each in (*whole, room)) <= most
        (whole if fits else far).append(room)
    paths = {folder for room in whole for folder in folders.get(room, ())}
    # A changed file of tests runs, whatever room it is about; above all folders stand the tests of the harness.
    paths |= {file for file in files if file in tests and not any(is_below(file, each) for each in paths)}
    if changed:
        paths |= {path for path in tests if len(Path(path).parts) == 2}
    return Selection(tuple(changed), tuple(whole), tuple(far), (*sorted(paths - {*ALWAYS}), *ALWAYS))


def rooms_of_helpers(files, imported):
    """The rooms whose tests share a changed helper: a file below tests/ that is no test itself."""
    helpers = [Path(file).parts for file in files if file.startswith("tests/") and not is_test(file)]
    return {room for parts in helpers if len(parts) > 2 for room in rooms_tested_by(parts[1], imported)}


def is_test(path):
    return Path(path).name.startswith("test_") and path.endswith(".py")


def is_below(path, folder):
    return path == folder or path.startswith(folder + "/")


def changed_files(base=""):
    """The files that differ from the commit where this branch left `base`, those that git does not know yet among them.

    Without `base`: origin/main or main, whichever is here; what is not committed where this is that very commit.
    """
    candidates = [base] if base else ["origin/main", "main", "HEAD"]
    (start,) = next(
        found for name in candidates if (found := git("merge-base", "HEAD", name, check=bool(base)))
    )
    listed = git("diff", "--name-only", "--no-renames", start) + git(
        "ls-files", "--others", "--exclude-standard"
    )
    return sorted(set(listed))


def git(*arguments, check=True):
    """The lines that git prints; SystemExit with its own words where it fails and `check` is set."""
    done = subprocess.run(["git", *arguments], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if done.returncode and check:
        sys.exit(done.stderr.strip())
    return [] if done.returncode else done.stdout.splitlines()


def sources():
    """`{path: text}` of the modules of all rooms, without migrations."""
    paths = (path for top in TOPS for path in sorted((REPOSITORY / top).rglob("*.py")))
    return {
        str(path.relative_to(REPOSITORY)): path.read_text()
        for path in paths
        if "migrations" not in path.parts
    }


def suite():
    """`{path of a test file: number of its test functions}`."""
    paths = sorted((REPOSITORY / "tests").rglob("test_*.py"))
    count = re.compile(r"^\s*def test_", re.MULTILINE)
    return {str(path.relative_to(REPOSITORY)): len(count.findall(path.read_text())) for path in paths}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--base", default="", help="a branch or commit; origin/main where it is left out")
    files = changed_files(parser.parse_args().base)
    selection = select(files, imports(sources()), suite())
    for name, rooms in (
        ("changed", selection.changed),
        ("run whole", selection.whole),
        ("by contract", selection.far),
    ):
        print(f"{name}: {', '.join(rooms) or '—'}", file=sys.stderr)
    print(*selection.paths, sep="\n")


if __name__ == "__main__":
    main()

"""The lock files: complete, hashed, free of addresses. And a message for those whose Python is too old."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

LOCKS = REPOSITORY / "requirements"


def test_every_lock_file_has_hashes_and_no_address():
    for path in sorted(LOCKS.glob("*.txt")):
        text = path.read_text()
        pins = re.findall(r"^[a-z0-9][\w.-]*==\S+", text, re.MULTILINE)
        assert len(pins) > 30 or (path.name == "installer.txt" and len(pins) == 1), path.name
        assert text.count("\n    --hash=sha256:") >= len(pins), path.name
        assert "://" not in text, path.name


def test_the_lock_files_hold_what_the_project_asks_for():
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    wanted = {
        "demo.txt": [project["dependencies"]],
        "production.txt": [project["dependencies"], extras["production"]],
        "test.txt": [project["dependencies"], extras["test"], extras["dev"]],
        "test-next.txt": [project["dependencies"], extras["test"]],
    }
    for name, groups in wanted.items():
        text = (LOCKS / name).read_text()
        locked = {plain_name(pin) for pin in re.findall(r"^[\w.-]+(?===)", text, re.MULTILINE)}
        asked = {plain_name(re.match(r"[\w.-]+", line).group()) for group in groups for line in group}
        assert asked - {"egov-cms"} <= locked, name


def test_test_lock_and_next_lock_differ_in_wagtail():
    versions = {
        name: re.search(r"^wagtail==(\d+\.\d+)", (LOCKS / name).read_text(), re.MULTILINE)[1]
        for name in ("demo.txt", "production.txt", "test.txt", "test-next.txt")
    }
    assert versions == {"demo.txt": "7.4", "production.txt": "7.4", "test.txt": "7.4", "test-next.txt": "8.0"}


def test_too_old_a_python_is_told_kindly(tmp_path):
    old = tmp_path / "python3"
    write_program(old, "case \"$*\" in --version) echo 'Python 3.9.1';; *) exit 1;; esac")
    for name in ("python3.13", "python3.12", "python3.11", "python"):
        write_program(tmp_path / name, "exit 1")
    (tmp_path / "Makefile").write_text((REPOSITORY / "Makefile").read_text())
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "demo.txt").touch()
    done = subprocess.run(
        ["make", "demo", f"PYTHON={old}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
    )
    assert done.returncode != 0
    assert "needs Python 3.11 or newer" in done.stderr


def test_the_distributions_python_is_taken_unless_another_is_named(tmp_path):
    (tmp_path / "Makefile").write_text(
        (REPOSITORY / "Makefile").read_text() + "\nchosen:\n\t@echo $(INTERPRETER)\n"
    )
    (tmp_path / "python3").symlink_to(sys.executable)
    bare = tmp_path / "bare"
    write_program(bare, f'case "$*" in *ensurepip*) exit 1;; esac\nexec {sys.executable} "$@"')

    def chosen(**variables):
        given = [f"{name}={value}" for name, value in variables.items()]
        environment = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
        return subprocess.check_output(
            ["make", "chosen", *given], cwd=tmp_path, env=environment, text=True
        ).strip()

    assert chosen(SYSTEM_PYTHON=sys.executable) == sys.executable
    assert chosen(SYSTEM_PYTHON=bare) == "python3"
    assert chosen(SYSTEM_PYTHON=sys.executable, PYTHON=bare) == str(bare)


@pytest.mark.parametrize(
    ("installer", "uv", "asked"),
    [
        (0, 0, ["pip installer.txt", "uv demo.txt of https://mirror.example/simple"]),
        (0, 1, ["pip installer.txt", "uv demo.txt of https://mirror.example/simple", "pip demo.txt"]),
        (1, 0, ["pip installer.txt", "pip demo.txt"]),
    ],
    ids=["uv", "uv reaches nothing", "no uv for this machine"],
)
def test_uv_installs_from_the_index_of_pip_and_pip_where_uv_cannot(tmp_path, installer, uv, asked):
    """An environment whose `python` and `uv` only write down what the Makefile wants of them."""
    programs, log = tmp_path / ".venv" / "bin", tmp_path / "log"
    programs.mkdir(parents=True)
    write_program(
        programs / "python",
        f"""case "$*" in
        *"config list") echo ":env:.extra='x'"; echo "global.index-url='https://mirror.example/simple'";;
        *installer.txt) echo "pip installer.txt" >> {log}; exit {installer};;
        *demo.txt) echo "pip demo.txt" >> {log};;
        esac""",
    )
    write_program(programs / "uv", f'echo "uv demo.txt of $UV_DEFAULT_INDEX" >> {log}; exit {uv}')
    (tmp_path / "Makefile").write_text((REPOSITORY / "Makefile").read_text())
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "demo.txt").touch()
    environment = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
    subprocess.run(["make", ".venv/.demo"], cwd=tmp_path, check=True, capture_output=True, env=environment)
    assert log.read_text().splitlines() == asked
    assert (programs.parent / ".demo").exists()


def write_program(path, script):
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def plain_name(name):
    return re.sub(r"[-_.]+", "-", name).lower()

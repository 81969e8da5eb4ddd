"""The `egov-cms` command: every word in every language, and the one of the terminal (installed: tests/installed)."""

import os
import subprocess
import sys

import pytest
import yaml

from egov_cms import __version__
from egov_cms.cli import WORDS, terminal_language
from tests.conftest import REPOSITORY

COMMANDS = {
    "new": ["planning", "--config", "ministry.yaml"],
    "update": ["planning"],
    "bundle": ["planning"],
    "fleet": ["status", "sites.yaml"],
}


def run(*arguments, language="C.UTF-8", encoding="utf-8"):
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY), "LANG": language}
    return subprocess.run(
        [sys.executable, "-m", "egov_cms.cli", *arguments],
        env=environment | {"PYTHONIOENCODING": encoding},
        capture_output=True,
        text=True,
        encoding=encoding,
    )


def test_it_says_the_version_of_the_release():
    assert run("--version").stdout == f"egov-cms {__version__}\n"
    assert yaml.safe_load((REPOSITORY / "publiccode.yml").read_text())["softwareVersion"] == __version__


@pytest.mark.parametrize("command", COMMANDS)
def test_what_this_release_lacks_is_said_and_nothing_is_made(command, tmp_path):
    done = run(command, *COMMANDS[command])
    assert done.returncode == 2
    assert f"“{command}” is not in this release yet" in done.stderr
    assert done.stdout == ""
    assert not (REPOSITORY / "planning").exists()


def test_the_help_names_every_command():
    shown = run("--help").stdout
    assert all(f"    {command} " in shown for command in COMMANDS)


def test_the_terminal_is_answered_in_its_language():
    assert "ليس في هذا الإصدار" in run("update", "planning", language="ar_IQ.UTF-8").stderr
    assert "هێشتا لەم وەشانەدا نییە" in run("update", "planning", language="ckb_IQ").stderr


def test_a_terminal_without_arabic_letters_gets_the_answer_all_the_same():
    assert run("--help", language="ar_IQ", encoding="latin-1").returncode == 0


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "ar_IQ.UTF-8"}, "ar"),
        ({"LANG": "ar"}, "ar"),
        ({"LANG": "ar_IQ.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "C", "LC_MESSAGES": "ckb_IQ"}, "ckb"),
    ],
)
def test_the_language_is_that_of_the_locale(environment, language):
    assert terminal_language(environment) == language


def test_every_language_has_every_word_with_its_places():
    places = ("{version}", "{command}", "{guide}")
    for words in WORDS.values():
        assert words.keys() == WORDS["en"].keys()
        assert all(place in words["not_yet"] for place in places)

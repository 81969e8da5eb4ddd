"""Commands that take files in, and the one that takes them back."""

import json

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.utils.translation import override

from egov_cms.exchange.commands import ImportCommand
from egov_cms.exchange.management.commands import undo_import
from egov_cms.exchange.models import ExchangeRun, State

from . import kinds  # noqa: F401 - registers the kind
from .conftest import confirmed, send

pytestmark = pytest.mark.django_db


class ImportGroups(ImportCommand):
    help = "Import groups of users."
    kind = "groups"


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


@pytest.fixture
def file(tmp_path):
    def write(text):
        path = tmp_path / "groups.txt"
        path.write_text(text)
        return path

    Group.objects.all().delete()
    return write


def test_an_import_says_what_it_did_and_how_to_undo_it(file, capsys):
    call_command(ImportGroups(), file("readers\nwriters\n"))
    run = ExchangeRun.objects.get()
    said = capsys.readouterr().out
    assert "2 created, 0 changed, 0 unchanged" in said
    assert f"undo_import {run.pk}" in said
    assert (run.state, run.file_name) == (State.WRITTEN, "groups.txt")


def test_a_dry_run_writes_nothing_and_shows_the_differences(file, tmp_path, capsys):
    Group.objects.create(name="a")
    call_command(ImportGroups(), file("a -> b\n"), dry_run=True, report=tmp_path / "report.json")
    assert "a name: 'a' → 'b'" in capsys.readouterr().out
    found = json.loads((tmp_path / "report.json").read_text())
    assert (found["dry_run"], found["changed"], found["changes"][0]["after"]) == (True, ["a"], "b")
    assert Group.objects.get().name == "a"
    assert not ExchangeRun.objects.exists()


def test_a_refused_file_ends_with_status_1_and_a_report(file, tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        call_command(ImportGroups(), file("readers\n!error missing\n"), report=tmp_path / "report.json")
    assert ended.value.code == 1
    assert "groups.txt: line 2: This is wrong." in capsys.readouterr().err
    assert [each["code"] for each in json.loads((tmp_path / "report.json").read_text())["refused"]] == [
        "missing"
    ]
    assert not Group.objects.exists()
    assert not ExchangeRun.objects.exists()


def test_a_file_that_is_not_there_is_a_clear_error(tmp_path):
    with pytest.raises(CommandError, match="nowhere"):
        call_command(ImportGroups(), tmp_path / "nowhere.txt")


def test_a_user_that_is_not_there_is_a_clear_error(file):
    with pytest.raises(CommandError, match="nobody"):
        call_command(ImportGroups(), file("readers\n"), user="nobody")


def test_what_nobody_has_confirmed_is_not_published(file, ali, capsys):
    with pytest.raises(SystemExit) as ended:
        call_command(ImportGroups(), file("readers\n"), user="ali", publish=True, reason="decree 12")
    assert ended.value.code == 3
    waiting = ExchangeRun.objects.get(publish=True)
    assert (waiting.state, waiting.received_by, waiting.reason) == ("checked", ali, "decree 12")
    assert f"/exchange/runs/{waiting.pk}/" in capsys.readouterr().err


def test_only_who_may_publish_confirms_what_is_to_be_published_and_never_the_sender(ali, shirin):
    run = send("readers\n", ali, publish=True)
    with pytest.raises(PermissionDenied):
        confirmed(run, ali)
    with pytest.raises(PermissionDenied):
        confirmed(run, None)
    assert confirmed(run, shirin).state == "written"


def test_the_run_knows_for_whom_and_why(file, ali):
    call_command(ImportGroups(), file("readers\n"), user="ali", reason="decree 12")
    run = ExchangeRun.objects.get()
    assert (run.received_by, run.reason, run.publish) == (ali, "decree 12", False)


def test_an_import_is_undone_by_its_number(file, tmp_path, capsys):
    call_command(ImportGroups(), file("readers\n"))
    run = ExchangeRun.objects.get()
    call_command(undo_import.Command(), run.pk, dry_run=True)
    assert Group.objects.exists()
    call_command(undo_import.Command(), run.pk, report=tmp_path / "report.json")
    assert not Group.objects.exists()
    assert json.loads((tmp_path / "report.json").read_text())["removed"] == ["readers"]
    with pytest.raises(CommandError, match="already"):
        call_command(undo_import.Command(), run.pk)


def test_what_is_left_alone_ends_with_status_1(file, capsys):
    call_command(ImportGroups(), file("public\n"))
    with pytest.raises(SystemExit):
        call_command(undo_import.Command(), ExchangeRun.objects.get().pk)
    assert "public" in capsys.readouterr().err


def test_without_a_number_the_last_imports_are_listed(file, capsys):
    call_command(ImportGroups(), file("readers\n"), verbosity=0)
    call_command(undo_import.Command())
    assert "groups groups.txt: 1 created, 0 changed, written" in capsys.readouterr().out


def test_a_run_that_is_not_there_is_a_clear_error():
    with pytest.raises(CommandError, match="77"):
        call_command(undo_import.Command(), 77)

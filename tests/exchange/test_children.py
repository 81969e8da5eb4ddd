"""Runs whose steps are real child processes: what heavy and hostile files do to them, and what stays of it."""

import pytest
from django.contrib.auth.models import Group

from egov_cms.exchange import handlers, runs
from egov_cms.exchange.models import ExchangeRun, State

from .conftest import confirmed, send

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_groups(children):
    Group.objects.all().delete()


def names():
    return list(Group.objects.order_by("name").values_list("name", flat=True))


def test_a_run_is_checked_and_written_by_child_processes(children):
    run = confirmed(send("readers\n"))
    assert run.state == State.WRITTEN
    assert names() == ["readers"]


@pytest.mark.parametrize(
    ("line", "limit", "code"),
    [
        ("!sleep 60", {"seconds": 2}, "limit_time"),
        ("!eat", {"megabytes": 256}, "limit_memory"),
        ("!die", {}, "process_died"),
        ("!raise what nobody expected", {}, "failed"),
    ],
)
def test_a_file_that_ends_its_child_is_told_as_failed(children, monkeypatch, line, limit, code):
    for name, value in limit.items():
        monkeypatch.setattr(handlers.get("groups"), name, value)
    run = send(f"readers\n{line}\n")
    assert (run.state, run.failure_code, run.resumes_from) == (State.FAILED, code, State.RECEIVED)
    assert run.failure
    assert names() == []


def test_a_child_that_is_killed_while_it_writes_leaves_nothing_behind(children):
    run = send("readers\n")
    # What is written is another file, whose child dies half-way.
    dying = send("readers\n!die\n")
    run.source.delete()
    dying.files.update(run=run)
    run = confirmed(run)
    assert (run.state, run.failure_code, run.resumes_from) == (State.FAILED, "process_died", State.CONFIRMED)
    assert names() == []
    assert run.items.count() == 0


def test_two_hundred_thousand_issues_fit_into_the_memory_of_a_child(children, monkeypatch):
    monkeypatch.setattr(handlers.get("groups"), "megabytes", 256)
    run = send("!errors 200000\n")
    assert run.state == State.REFUSED
    assert run.counts["errors"] == 200_000
    assert run.issues.count() == 10_000


def test_a_command_writes_in_a_child_and_leaves_a_run_to_undo(children, tmp_path):
    path = tmp_path / "groups.txt"
    path.write_text("readers\n")
    report = runs.import_file("groups", path)
    assert report.created == ["readers"]
    assert names() == ["readers"]
    runs.undo(ExchangeRun.objects.get(pk=report.run))
    assert names() == []

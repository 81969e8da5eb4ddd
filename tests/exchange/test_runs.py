"""A run from its file to its effect and back, in this process."""

import datetime
import os

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from egov_cms.exchange import handlers, permissions, runs, steps, tasks
from egov_cms.exchange.files import FileDamaged, private_storage
from egov_cms.exchange.models import ExchangeFile, ExchangeRun, State
from egov_cms.exchange.undoing import CannotUndo

from .conftest import confirmed, send

pytestmark = pytest.mark.django_db


def names():
    return list(Group.objects.order_by("name").values_list("name", flat=True))


@pytest.fixture(autouse=True)
def no_groups(db):
    Group.objects.all().delete()


@pytest.fixture
def second_person(monkeypatch):
    monkeypatch.setattr(handlers.get("groups"), "second_person", True)


def test_a_received_file_is_checked_and_nothing_is_written(ali):
    run = send("readers\nwriters\n", ali)
    assert run.state == State.CHECKED
    assert run.counts["created"] == 2
    assert run.digest
    assert (run.received_by, run.checked_at is not None) == (ali, True)
    assert names() == []
    assert [row["after"] for row in run.list_rows("changes")] == ["readers", "writers"]


def test_a_confirmed_run_is_written_and_says_who_did_what(ali, shirin):
    run = confirmed(send("readers\n", ali), shirin, "because")
    assert run.state == State.WRITTEN
    assert names() == ["readers"]
    assert (run.received_by, run.confirmed_by, run.reason) == (ali, shirin, "because")
    assert run.written_at >= run.confirmed_at >= run.received_at
    assert [(item.action, item.code, item.object.name) for item in run.items.all()] == [
        ("created", "readers", "readers")
    ]


def test_a_file_with_an_error_is_refused_with_its_places():
    run = send("readers\n!error missing\n!warn\n")
    assert run.state == State.REFUSED
    assert run.totals == {"missing": {"errors": 1, "warnings": 0}, "odd": {"errors": 0, "warnings": 1}}
    assert run.counts["created"] == 0
    assert [(issue.severity, issue.code, issue.line) for issue in run.issues.order_by("number")] == [
        ("error", "missing", 2), ("warning", "odd", 3),
    ]  # fmt: skip
    with pytest.raises(runs.NotPossible):
        runs.confirm(run, digest=run.digest)


def test_all_errors_are_told_in_one_report():
    run = send("a -> b\n!error wrong\nc -> d\n")
    assert run.totals["unknown"]["errors"] == 2
    assert run.totals["wrong"]["errors"] == 1


def test_twenty_thousand_issues_are_counted_and_listed_and_ten_thousand_stored():
    run = send("!errors 20000\n")
    assert run.totals == {"wrong": {"errors": 19_999, "warnings": 0}, "rare": {"errors": 1, "warnings": 0}}
    assert run.issues.count() == 10_000
    assert run.issues.filter(code="rare").count() == 1
    assert sum(1 for _row in run.list_rows("issues")) == 20_000
    assert [row["item"] for row in run.list_rows("issues", 19_998, 5)] == ["G19998", "G19999"]


def test_a_file_that_would_do_something_else_by_now_is_not_written(ali):
    run = send("readers\nwriters\n", ali)
    Group.objects.create(name="readers")
    run = confirmed(run, ali)
    assert run.state == State.REFUSED
    assert list(run.totals) == ["changed_meanwhile"]
    assert names() == ["readers"]
    assert run.items.count() == 0


def test_a_confirmation_names_what_was_shown(ali):
    run = send("readers\n", ali)
    with pytest.raises(runs.NotPossible) as refused:
        runs.confirm(run, ali, digest="another")
    assert refused.value.code == "changed_meanwhile"


def test_whoever_sent_the_file_cannot_confirm_where_a_second_person_must(ali, shirin, second_person):
    run = send("readers\n", ali)
    with pytest.raises(PermissionDenied):
        confirmed(run, ali)
    assert confirmed(run, shirin).state == State.WRITTEN


def test_a_reason_is_asked_for_where_an_item_needs_one(ali):
    run = send("readers\n!reason readers\n", ali)
    assert run.reason_for == ["readers"]
    with pytest.raises(runs.NotPossible) as refused:
        confirmed(run, ali, "  ")
    assert refused.value.code == "reason_missing"
    assert confirmed(run, ali, "decree 12").state == State.WRITTEN


def test_without_the_right_nothing_is_done(ali, shirin):
    shirin.user_permissions.clear()
    with pytest.raises(PermissionDenied):
        send("readers\n", shirin)
    run = send("readers\n", ali)
    for act in (runs.confirm, runs.check_again, runs.drop, runs.resume, runs.undo):
        with pytest.raises(PermissionDenied):
            act(run, shirin)


def test_a_registered_policy_decides_who_may(ali):
    @permissions.may.register
    def nobody(user, kind, action):
        return False

    try:
        with pytest.raises(PermissionDenied):
            send("readers\n", ali)
    finally:
        permissions.may.register(None)


@pytest.mark.parametrize(("text", "code"), [("", "empty"), ("x" * 1024 * 1024 + "y", "too_large")])
def test_a_file_that_is_empty_or_too_large_is_not_received(text, code):
    with pytest.raises(runs.NotPossible) as refused:
        send(text)
    assert refused.value.code == code
    assert not ExchangeRun.objects.exists()


def test_a_step_that_is_asked_for_twice_happens_once():
    run = send("readers\n")
    tasks.check_run.call(run.pk)
    tasks.write_run.call(run.pk)
    run.refresh_from_db()
    assert (run.state, run.attempt) == (State.CHECKED, 1)


def test_an_error_of_the_program_is_told_as_failed_and_the_run_resumes(ali, monkeypatch):
    monkeypatch.setattr(handlers.get("groups"), "read", None)
    run = send("readers\n", ali)
    assert (run.state, run.resumes_from, run.failure_code) == (State.FAILED, State.RECEIVED, "failed")
    monkeypatch.undo()
    runs.resume(run, ali)
    run.refresh_from_db()
    assert (run.state, run.failure) == (State.CHECKED, "")


def test_a_run_that_failed_while_it_wrote_is_written_when_it_resumes(ali, monkeypatch):
    run = send("readers\n", ali)
    monkeypatch.setattr(handlers.get("groups"), "apply", None)
    run = confirmed(run, ali)
    assert (run.state, run.resumes_from) == (State.FAILED, State.CONFIRMED)
    monkeypatch.undo()
    runs.resume(run, ali)
    assert names() == ["readers"]


def test_a_running_step_without_a_sign_of_life_is_dead_and_can_be_resumed(ali):
    run = send("readers\n", ali)
    ExchangeRun.objects.filter(pk=run.pk).update(state=State.CHECKING, started_at=timezone.now())
    run.refresh_from_db()
    assert not steps.is_dead(run)
    with pytest.raises(runs.NotPossible):
        runs.resume(run, ali)
    cache.set(steps._key(run), {"done": 1, "total": 2, "label": "x", "at": 0})
    assert steps.is_dead(run)
    runs.resume(run, ali)
    run.refresh_from_db()
    assert run.state == State.CHECKED


def test_a_step_that_goes_on_for_longer_than_it_may_is_dead():
    run = send("readers\n")
    long_ago = timezone.now() - datetime.timedelta(hours=2)
    ExchangeRun.objects.filter(pk=run.pk).update(state=State.WRITING, started_at=long_ago)
    run.refresh_from_db()
    assert steps.note_death(run)
    run.refresh_from_db()
    assert (run.state, run.resumes_from) == (State.FAILED, State.CONFIRMED)


def test_a_step_that_was_overtaken_changes_nothing(monkeypatch):
    run = send("readers\n")
    ExchangeRun.objects.filter(pk=run.pk).update(state=State.RECEIVED)
    monkeypatch.setattr(handlers.get("groups"), "read", lambda *given: ExchangeRun.objects.update(attempt=7))
    tasks.check_run.call(run.pk)
    run.refresh_from_db()
    assert (run.state, run.attempt) == (State.CHECKING, 7)


def test_a_run_is_given_up_with_its_file(ali):
    run = send("readers\n", ali)
    runs.drop(run, ali)
    run.refresh_from_db()
    assert (run.state, run.files.count()) == (State.DROPPED, 0)
    with pytest.raises(runs.NotPossible):
        runs.check_again(run, ali)


def test_a_file_is_checked_again_after_something_else_has_changed(ali):
    run = send("a -> b\n", ali)
    assert run.state == State.REFUSED
    Group.objects.create(name="a")
    runs.check_again(run, ali)
    run.refresh_from_db()
    assert (run.state, run.issues.count()) == (State.CHECKED, 0)


def test_undoing_takes_back_what_was_made_changed_and_deleted(ali, shirin):
    for name in ("a", "gone"):
        Group.objects.create(name=name)
    run = confirmed(send("a -> b\nreaders\n- gone\n", ali), ali)
    assert names() == ["b", "readers"]
    done = runs.undo(run, shirin, "a mistake")
    assert (done.removed, done.restored, done.kept) == (["readers"], ["a", "gone"], [])
    assert names() == ["a", "gone"]
    run.refresh_from_db()
    assert (run.state, run.undone_by, run.undo_reason) == (State.UNDONE, shirin, "a mistake")
    with pytest.raises(CannotUndo):
        runs.undo(run, shirin)


def test_what_was_edited_or_deleted_since_or_is_public_is_left_and_named(ali):
    run = confirmed(send("edited\ngone\npublic\nplain\n", ali), ali)
    Group.objects.filter(name="edited").update(name="edited by hand")
    Group.objects.get(name="gone").delete()
    done = runs.undo(run, ali)
    assert [(kept.item, kept.code) for kept in done.kept] == [
        ("edited", "edited"), ("gone", "deleted"), ("public", "public"),
    ]  # fmt: skip
    assert done.removed == ["plain"]
    assert names() == ["edited by hand", "public"]


def test_a_dry_run_of_undoing_changes_nothing(ali):
    run = confirmed(send("readers\n", ali), ali)
    assert runs.undo(run, ali, dry_run=True).removed == ["readers"]
    assert names() == ["readers"]
    run.refresh_from_db()
    assert run.state == State.WRITTEN


def test_a_run_of_which_nothing_could_be_undone_stays_written(ali):
    run = confirmed(send("public\n", ali), ali)
    assert not runs.undo(run, ali).did_something
    run.refresh_from_db()
    assert run.state == State.WRITTEN
    assert run.undo_report["kept"][0]["code"] == "public"


def test_only_what_was_written_can_be_undone(ali):
    with pytest.raises(CannotUndo):
        runs.undo(send("readers\n", ali), ali)


def test_the_same_bytes_are_stored_once_and_go_with_the_last_run_that_needs_them(ali, private_folder):
    first, second = send("readers\n", ali), send("readers\n", ali)
    assert first.source.sha256 == second.source.sha256
    stored = list(private_folder.rglob(f"{first.source.sha256}*"))
    assert len(stored) == 1
    forgotten(first)
    runs.forget_old()
    assert stored[0].exists()
    forgotten(second)
    assert runs.forget_old()
    assert not stored[0].exists()
    assert {run.state for run in ExchangeRun.objects.all()} == {State.DROPPED}


def test_files_of_a_kind_that_keeps_them_stay_after_they_were_written(ali, private_folder, monkeypatch):
    monkeypatch.setattr(handlers.get("groups"), "keeps_source", True)
    run = confirmed(send("readers\n", ali), ali)
    forgotten(run)
    runs.forget_old()
    assert run.files.get(role=ExchangeFile.SOURCE).open().read() == b"readers\n"


def test_a_handler_keeps_files_between_the_steps_of_a_run(ali, private_folder, tmp_path):
    run = send("readers\n", ali)
    path = tmp_path / "table.txt"
    path.write_text("decoded")
    context = handlers.Context(run=run)
    context.keep("table", path)
    assert context.kept("table").read() == b"decoded"
    assert context.kept("another") is None
    (stored,) = private_folder.rglob(run.files.get(role="table").sha256)
    stored.unlink()
    assert context.kept("table") is None


def test_a_written_file_is_not_kept(ali):
    assert confirmed(send("readers\n", ali), ali).source is None


def test_a_stored_file_that_was_changed_is_not_read(ali, private_folder):
    run = send("readers\n", ali)
    (path,) = private_folder.rglob(run.source.sha256)
    path.write_bytes(b"writers\n")
    assert confirmed(run, ali).failure_code == FileDamaged.code
    assert names() == []


def test_a_file_that_a_killed_process_left_half_is_stored_anew(ali, private_folder):
    run = send("readers\n", ali)
    (path,) = private_folder.rglob(run.source.sha256)
    path.write_bytes(b"rea")
    send("readers\n", ali)
    assert path.read_bytes() == b"readers\n"


@pytest.fixture
def private_folder(settings, tmp_path):
    storages = {**settings.STORAGES}
    storages["private"] = {**storages["private"], "OPTIONS": {"location": tmp_path, "base_url": None}}
    settings.STORAGES = storages
    return tmp_path


def forgotten(run):
    """Let a run, and what it has stored, be old."""
    long_ago = timezone.now() - datetime.timedelta(days=40)
    ExchangeRun.objects.filter(pk=run.pk).update(received_at=long_ago, started_at=long_ago)
    for path in map(private_storage().path, stored_names()):
        os.utime(path, (long_ago.timestamp(), long_ago.timestamp()))


def stored_names():
    storage = private_storage()
    return [
        f"exchange/{folder}/{name}"
        for folder in storage.listdir("exchange")[0]
        for name in storage.listdir(f"exchange/{folder}")[1]
    ]

"""Files in and out, in the admin: upload, differences, confirmation, result, undo; and who may do which."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.users.models import UserProfile

from egov_cms.editing import exchange
from egov_cms.exchange import handlers
from egov_cms.exchange.files import private_storage
from egov_cms.exchange.models import ExchangeRun

from ..exchange import kinds

pytestmark = pytest.mark.django_db
SEE, SEND, UNDO = "view_group", "add_group", "delete_group"


@pytest.fixture
def sign_in(client):
    """`sign_in("ali", "view_group", …)`: the client of a user with these permissions."""

    def sign_in(name, *permissions):
        user = User.objects.filter(username=name).first() or User.objects.create_user(
            name, f"{name}@example.org"
        )
        wanted = Permission.objects.filter(codename__in=[*permissions, "access_admin"])
        user.user_permissions.set(wanted)
        UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": "en"})
        client.force_login(user)
        client.user = user
        return client

    return sign_in


def address(name, *args):
    return reverse(f"egov_exchange{name}", args=args)


def send(client, text, name="groups.txt"):
    file = SimpleUploadedFile(name, text.encode())
    response = client.post(address("_kind", "groups"), {"file": file}, follow=True)
    return ExchangeRun.objects.first(), text_of(response)


def act(client, run, action, **data):
    response = client.post(address("_run", run.pk), {"action": action, **data}, follow=True)
    run.refresh_from_db()
    return text_of(response)


def text_of(response):
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def body_of(response):
    return b"".join(response.streaming_content).decode("utf-8-sig")


def test_from_the_upload_to_the_undone_run(sign_in):
    client = sign_in("ali", SEE, SEND, UNDO)
    Group.objects.create(name="Old name")
    run, shown = send(client, "Registry\nOld name -> <b>New</b>")
    assert run.state == "checked"
    assert "<del>Old name</del>" in shown and "<ins>&lt;b&gt;New&lt;/b&gt;</ins>" in shown
    assert not Group.objects.filter(name="Registry").exists()
    shown = act(client, run, "confirm", digest=run.digest)
    assert run.state == "written" and Group.objects.filter(name="Registry").exists()
    assert "New: 1. Changed: 1." in shown
    shown = act(client, run, "preview_undo")
    assert run.state == "written" and "Undoing would delete 1, restore 1 and leave 0" in shown
    act(client, run, "undo", reason="sent by mistake")
    assert (run.state, run.undone_by, run.undo_reason) == ("undone", client.user, "sent by mistake")
    assert list(Group.objects.filter(name__in=["Registry", "<b>New</b>"])) == []


def test_every_screen_can_be_read_in_each_language_of_the_admin(sign_in):
    client = sign_in("ali", SEE, SEND)
    run, _shown = send(client, "!error\n!warn")
    for language, words in (("ar", "الملفات الواردة والصادرة"), ("ckb", "پەڕگە"), ("en", "Files in and out")):
        profile = UserProfile.get_for_user(client.user)
        profile.preferred_language = language
        profile.save()
        assert words in text_of(client.get(address("")))
        text_of(client.get(address("_kind", "groups")))
        text_of(client.get(address("_run", run.pk)))


def test_all_that_is_wrong_is_counted_and_the_complete_list_can_be_taken_away(sign_in):
    client = sign_in("ali", SEE, SEND)
    run, shown = send(client, "!errors 300")
    assert run.state == "refused"
    assert "Nothing was written: 300 problems in the file." in shown and "The first 200 of 300" in shown
    response = client.get(address("_list", run.pk, "issues"))
    lines = body_of(response).splitlines()
    assert len(lines) == 301 and lines[0].startswith("Kind,Sheet,Row")
    assert "no-store" in response["Cache-Control"] and "attachment" in response["Content-Disposition"]
    assert client.get(address("_list", run.pk, "source")).status_code == 404


def test_differences_leave_as_a_table_without_formulas(sign_in):
    client = sign_in("ali", SEE, SEND)
    Group.objects.create(name="Old")
    run, _shown = send(client, "Old -> =HYPERLINK(1)")
    table = body_of(client.get(address("_list", run.pk, "changes")))
    assert "'=HYPERLINK(1)" in table and table.startswith("Item,Field")


def test_a_long_list_of_differences_comes_in_pages(sign_in):
    client = sign_in("ali", SEE, SEND)
    run, shown = send(client, "\n".join(f"Group {number:03}" for number in range(450)))
    assert "Group 199" in shown and "Group 200" not in shown and "Page 1 of 3" in shown
    last = text_of(client.get(address("_run", run.pk), {"page": "3"}))
    assert "Group 449" in last and "Group 399" not in last


def test_a_reason_is_asked_for_where_the_handler_wants_one(sign_in):
    client = sign_in("ali", SEE, SEND)
    run, shown = send(client, "Registry\n!reason Registry")
    assert "A published fact changes: write why." in shown
    assert "error" in act(client, run, "confirm", digest=run.digest, reason="")
    assert run.state == "checked"
    act(client, run, "confirm", digest=run.digest, reason="قرار مجلس الوزراء")
    assert (run.state, run.reason) == ("written", "قرار مجلس الوزراء")


def test_whoever_confirms_confirms_what_was_shown(sign_in):
    client = sign_in("ali", SEE, SEND)
    run, _shown = send(client, "Registry")
    shown = act(client, run, "confirm", digest="of something else")
    assert run.state == "checked" and "Something has changed" in shown


def test_a_second_person_confirms_where_two_are_needed(sign_in, monkeypatch):
    monkeypatch.setattr(kinds.GroupsHandler, "second_person", True)
    client = sign_in("ali", SEE, SEND)
    run, shown = send(client, "Registry")
    assert "a second person confirms it" in shown and 'value="confirm"' not in shown
    response = client.post(address("_run", run.pk), {"action": "confirm", "digest": run.digest})
    run.refresh_from_db()
    assert response.status_code in (302, 403) and run.state == "checked"
    client = sign_in("shirin", SEE, SEND)
    assert 'value="confirm"' in text_of(client.get(address("_run", run.pk)))
    act(client, run, "confirm", digest=run.digest)
    assert (run.state, run.confirmed_by.username) == ("written", "shirin")


def test_whoever_may_only_see_changes_nothing(sign_in):
    run, _shown = send(sign_in("ali", SEE, SEND), "Registry")
    client = sign_in("auditor", SEE)
    shown = text_of(client.get(address("_run", run.pk)))
    assert "<form" not in shown.split("egov-exchange")[1]
    assert 'type="file"' not in text_of(client.get(address("_kind", "groups")))
    file = SimpleUploadedFile("groups.txt", b"Other")
    assert client.post(address("_kind", "groups"), {"file": file}).status_code in (302, 403)
    for action in ("confirm", "drop", "check_again", "undo", "preview_undo", "resume"):
        client.post(address("_run", run.pk), {"action": action, "digest": run.digest})
        run.refresh_from_db()
        assert run.state == "checked", action
    assert ExchangeRun.objects.count() == 1


def test_nobody_sees_runs_of_a_kind_that_is_not_theirs(sign_in):
    run, _shown = send(sign_in("ali", SEE, SEND), "Registry")
    client = sign_in("guest")
    for name, args in (
        ("", []),
        ("_kind", ["groups"]),
        ("_run", [run.pk]),
        ("_list", [run.pk, "changes"]),
        ("_source", [run.pk]),
    ):
        response = client.get(address(name, *args))
        assert response.status_code in (302, 403) and "groups.txt" not in response.headers.get("Location", "")
    assert "Files in and out" not in text_of(client.get(reverse("wagtailadmin_home")))


def test_the_file_itself_can_be_read_by_whoever_confirms(sign_in):
    run, _shown = send(sign_in("ali", SEE, SEND), "Registry\nمجموعة")
    response = sign_in("shirin", SEE).get(address("_source", run.pk))
    assert body_of(response) == "Registry\nمجموعة"
    assert (
        response["Content-Type"] == "application/octet-stream"
        and "attachment" in response["Content-Disposition"]
    )


def test_a_file_of_another_kind_or_too_large_is_refused_at_its_field(sign_in, monkeypatch):
    client = sign_in("ali", SEE, SEND)
    _run, shown = send(client, "Registry", "groups.exe")
    assert "exe" in shown and not ExchangeRun.objects.exists()
    monkeypatch.setattr(kinds.GroupsHandler, "largest_bytes", 3)
    _run, shown = send(client, "Registry")
    assert "larger than" in shown and not ExchangeRun.objects.exists()


def test_a_run_that_waits_reloads_itself_without_a_script(sign_in, monkeypatch):
    client = sign_in("ali", SEE, SEND)
    run, _shown = send(client, "Registry")
    assert "Refresh" not in client.get(address("_run", run.pk))
    ExchangeRun.objects.filter(pk=run.pk).update(state="received")
    response = client.get(address("_run", run.pk))
    assert response["Refresh"] == str(exchange.REFRESH_SECONDS) and "being read and compared" in text_of(
        response
    )


def test_what_failed_can_be_tried_again_or_put_aside(sign_in):
    client = sign_in("ali", SEE, SEND)
    run, shown = send(client, "!raise secret of the server")
    assert run.state == "failed" and "Something went wrong" in shown and "secret of the server" not in shown
    assert 'value="resume"' in shown
    act(client, run, "drop")
    assert run.state == "dropped"


def test_an_unknown_kind_is_not_found(sign_in):
    client = sign_in("ali", SEE, SEND)
    assert client.get(address("_kind", "unknown"), follow=True).status_code == 404
    assert client.get(address("_export", "groups", "unknown.xlsx"), follow=True).status_code == 404


def test_the_overview_costs_the_same_for_ten_and_for_fifty_runs(sign_in, django_assert_max_num_queries):
    client = sign_in("ali", SEE, SEND)
    ExchangeRun.objects.bulk_create(
        ExchangeRun(kind="groups", file_name=f"{number}.txt", received_by=client.user) for number in range(50)
    )
    with django_assert_max_num_queries(25):
        text_of(client.get(address("")))
    with django_assert_max_num_queries(25):
        text_of(client.get(address("_kind", "groups")))


def test_the_registry_is_what_the_screens_show(sign_in):
    assert {handler.kind for handler in exchange.visible_kinds(sign_in("ali", SEE).user)} == {"groups"}
    assert "groups" in {handler.kind for handler in handlers.registered()}
    with pytest.raises(LookupError):
        handlers.get("unknown")


def test_a_run_whose_stored_files_are_lost_is_still_shown(sign_in):
    client = sign_in("ali", SEE, SEND)
    run, _shown = send(client, "Registry\nArchive")
    storage = private_storage()
    for file in run.files.all():
        storage.delete(f"exchange/{file.sha256[:2]}/{file.sha256}")
    assert "New: 2" in text_of(client.get(address("_run", run.pk)))
    assert client.get(address("_source", run.pk), follow=True).status_code == 404
    assert body_of(client.get(address("_list", run.pk, "changes"))).count("\n") == 1

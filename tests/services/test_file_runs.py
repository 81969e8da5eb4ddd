"""Services through runs: who may, in which languages, confirmed by whom, and taken back."""

from io import BytesIO

import pytest
import yaml
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.utils.translation import override

from egov_cms.exchange import handlers, runs
from egov_cms.exchange.models import ExchangeRun, State
from egov_cms.services.importing import export_services, import_services
from egov_cms.services.models import ServicePage
from egov_cms.site import roles
from egov_cms.site.models import HomePage
from tests.exchange.conftest import children  # noqa: F401 - a fixture

from .conftest import sample_data
from .sheets import Book

pytestmark = pytest.mark.django_db
FEW = ("IQ-MOI-004", "IQ-MOI-005")


@pytest.fixture
def groups(sample):
    homes = {page.locale.language_code: page for page in HomePage.objects.select_related("locale")}
    return roles.apply_roles(homes, "ar")


@pytest.fixture
def user(groups):
    """`user(roles.SERVICE_EDITOR)`: somebody with this role."""

    def make(role, name="somebody"):
        made = User.objects.create_user(name, f"{name}@example.gov.iq", "password", first_name=name.title())
        made.groups.add(Group.objects.get(name=role))
        return made

    return make


def send(book, user, name="services.xlsx"):
    data = book.data() if isinstance(book, Book) else book
    run = runs.receive("services", BytesIO(data), name, user)
    run.refresh_from_db()
    return run


def confirm(run, user, reason=""):
    runs.confirm(run, user, reason, run.digest)
    run.refresh_from_db()
    return run


def test_from_the_export_to_the_undone_import(user, service):
    editor = user(roles.SERVICE_EDITOR)
    book = Book(export_services(FEW)).set("Fees", "amount", 75000, "IQ-MOI-004", "F1")
    book.set("Services", "title_en", "<b>Licence</b>", "IQ-MOI-005")
    run = send(book, editor)
    assert (run.state, run.reason_for, run.counts["changed"]) == (State.CHECKED, ["IQ-MOI-004"], 2)
    assert not service("IQ-MOI-004").has_unpublished_changes
    with pytest.raises(runs.NotPossible):
        confirm(run, editor)
    run = confirm(run, editor, "قرار مجلس الوزراء")
    assert (run.state, run.source, run.received_by) == (State.WRITTEN, None, editor)
    draft = service("IQ-MOI-004").get_latest_revision_as_object()
    assert (draft.fees.all()[0].amount_minor, draft.change_reason) == (75000, "قرار مجلس الوزراء")
    assert draft.live_revision_id != draft.latest_revision_id
    item = run.items.get(code="IQ-MOI-004")
    assert (item.locale, item.label) == ("ar", service("IQ-MOI-004").title)
    assert f"/{item.object_id}/edit/" in handlers.get("services").item_url(item)
    runs.undo(run, editor)
    run.refresh_from_db()
    assert (run.state, run.undone_by) == (State.UNDONE, editor)
    assert not service("IQ-MOI-004").has_unpublished_changes


def test_a_second_person_publishes_the_changed_fee(user, service):
    editor = user(roles.SERVICE_EDITOR)
    book = Book(export_services(FEW)).set("Fees", "amount", 75000, "IQ-MOI-004", "F1")
    confirm(send(book, editor), editor, "قرار مجلس الوزراء")
    revision = service("IQ-MOI-004").latest_revision
    assert revision.user == editor
    revision.publish(user=User.objects.create_superuser("shirin", "s@example.gov.iq", "password"))
    assert service("IQ-MOI-004", "en").fees.all()[0].amount_minor == 75000


def test_wrong_cells_are_named_in_the_language_of_the_sender(user):
    editor = user(roles.SERVICE_EDITOR)
    book = Book(export_services(FEW))
    book.add("Fees", number=312, service_code="IQ-MOI-004", label_ar="رسم", amount="كثير")
    for language, words in (("en", "is not a number"), ("ar", "ليس")):
        with override(language):
            run = send(book, editor)
        (issue,) = run.issues.filter(severity="error")
        assert (run.state, issue.row, issue.value) == (State.REFUSED, 312, "كثير")
        assert words in issue.message


def test_who_may(user, groups):
    handler = handlers.get("services")
    may = {
        role: [action for action in ("see", "receive", "confirm", "undo") if handler.may(person, action)]
        for role in (roles.SERVICE_EDITOR, roles.TRANSLATOR, roles.PUBLISHER, roles.APPROVER, roles.AUDITOR)
        for person in [user(role, role)]
    }
    everything = ["see", "receive", "confirm", "undo"]
    assert may == {
        roles.SERVICE_EDITOR: everything,
        roles.TRANSLATOR: everything,
        roles.PUBLISHER: everything,
        roles.APPROVER: ["see"],
        roles.AUDITOR: ["see"],
    }
    assert not handler.may(user(roles.COMPLAINTS_OFFICER, "other"), "see")
    with pytest.raises(PermissionDenied):
        send(export_services(FEW), User.objects.get(username=roles.AUDITOR))


def test_a_translator_changes_words_of_translations_only(user, service):
    translator = user(roles.TRANSLATOR)
    book = Book(export_services(FEW)).set("Services", "summary_ckb", "پوختەی نوێ", "IQ-MOI-004")
    run = confirm(send(book, translator), translator)
    assert service("IQ-MOI-004", "ckb").get_latest_revision_as_object().summary == "پوختەی نوێ"
    refused = send(Book(export_services(FEW)).set("Services", "visits", 9, "IQ-MOI-004"), translator)
    assert (refused.state, list(refused.totals)) == (State.REFUSED, ["permission"])
    assert runs.undo(run, translator).restored == ["IQ-MOI-004"]


def test_what_others_changed_meanwhile_is_shown_again(user, service):
    editor = user(roles.SERVICE_EDITOR)
    run = send(Book(export_services(FEW)).set("Services", "visits", 7, "IQ-MOI-004"), editor)
    page = service("IQ-MOI-005")
    page.visits = 9
    page.save_revision()
    run = confirm(run, editor)
    assert (run.state, run.totals["changed_meanwhile"]["errors"]) == (State.REFUSED, 1)
    runs.check_again(run, editor)
    run.refresh_from_db()
    assert run.state == State.CHECKED
    assert {row["item"] for row in run.list_rows("changes")} == set(FEW)
    assert confirm(run, editor).state == State.WRITTEN
    assert service("IQ-MOI-005").get_latest_revision_as_object().visits != 9


def test_titles_of_items_are_in_the_language_of_the_screen(sample, service):
    handler = handlers.get("services")
    with override("en"):
        assert handler.item_titles(["IQ-MOI-004"]) == {"IQ-MOI-004": service("IQ-MOI-004", "en").title}
    with override("fr"):
        assert handler.item_titles(["IQ-MOI-004"]) == {"IQ-MOI-004": service("IQ-MOI-004", "ar").title}


def test_the_export_of_the_screens_is_the_workbook(sample):
    name, media_type, chunks = handlers.get("services").export("services.xlsx", "en")
    assert name.startswith("services-") and name.endswith(".xlsx") and "spreadsheet" in media_type
    assert Book(b"".join(chunks)).row("Services", "IQ-MOI-004")


def test_a_service_that_an_import_published_is_not_deleted_by_undoing_it(sample, tmp_path):
    data = sample_data()
    data["services"] = [data["services"][0] | {"id": "IQ-MOI-903", "slug": "another-card"}]
    path = tmp_path / "services.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    report = import_services(path, publish=True)
    assert report.ok, [str(each) for each in report.errors]
    done = runs.undo(ExchangeRun.objects.get(pk=report.run), trusted=True)
    assert {(kept.item, kept.code) for kept in done.kept} == {("IQ-MOI-903", "public")}
    assert ServicePage.objects.filter(service_code="IQ-MOI-903", live=True).count() == 3


def test_a_file_that_cannot_be_read_is_refused(user):
    editor = user(roles.PUBLISHER)
    for name, data in (("services.xls", b"x"), ("services.xlsx", b"no workbook"), ("services.yaml", b"- 1")):
        assert send(data, editor, name).state == State.REFUSED


@pytest.mark.django_db(transaction=True)
def test_a_workbook_goes_through_child_processes(loaded, children):  # noqa: F811
    editor = User.objects.create_superuser("ali", "ali@example.gov.iq", "password")
    book = Book(export_services(FEW)).set("Services", "visits", 7, "IQ-MOI-004")
    run = confirm(send(book, editor), editor)
    assert (run.state, run.counts["changed"], run.failure) == (State.WRITTEN, 1, "")
    page = ServicePage.objects.get(service_code="IQ-MOI-004", locale__language_code="ar")
    assert page.get_latest_revision_as_object().visits == 7
    assert page.latest_revision.user == editor

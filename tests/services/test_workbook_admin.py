"""The spreadsheet in the admin: export, upload, differences, confirmation, progress, result, undo, and who may."""

import datetime

import pytest
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from egov_cms.services.models import ImportBatch
from egov_cms.services.workbook import batches, export_services
from egov_cms.site import roles
from egov_cms.site.models import HomePage

from .sheets import Book

pytestmark = pytest.mark.django_db
INDEX = "egov_spreadsheet:index"
FEW = ("IQ-MOI-004", "IQ-MOI-005")


@pytest.fixture
def groups(sample):
    homes = {page.locale.language_code: page for page in HomePage.objects.select_related("locale")}
    return roles.apply_roles(homes, "ar")


@pytest.fixture
def sign_in(client, groups):
    """`sign_in("service editor")`: a client for somebody with this role."""

    def go(role, name="somebody"):
        user = User.objects.create_user(name, f"{name}@example.gov.iq", "password", first_name=name.title())
        user.groups.add(Group.objects.get(name=role))
        client.force_login(user)
        client.user = user
        return client

    return go


def upload(client, data, name="services.xlsx"):
    file = SimpleUploadedFile(name, data)
    return client.post(reverse(INDEX), {"file": file}, follow=True)


def uploads():
    """What came through the admin; the sample itself was imported by a command."""
    return ImportBatch.objects.exclude(file_name="iraq_services.yaml")


def act(client, batch, **data):
    return client.post(reverse("egov_spreadsheet:batch", args=[batch.pk]), data, follow=True)


def text_of(response):
    return " ".join(response.content.decode().split())


def test_from_the_export_to_the_undone_import(sign_in, service):
    client = sign_in(roles.SERVICE_EDITOR)
    assert client.get(reverse(INDEX)).status_code == 200
    exported = client.get(reverse("egov_spreadsheet:export"))
    assert exported["Content-Disposition"].endswith('.xlsx"') and "no-store" in exported["Cache-Control"]
    book = Book(exported.content).set("Fees", "amount", 75000, "IQ-MOI-004", "F1")
    book.set("Services", "title_en", "<b>Licence</b>", "IQ-MOI-005")
    checked = upload(client, book.data())
    batch = uploads().get()
    assert batch.state == "checked" and batch.data is not None
    shown = text_of(checked)
    assert "<del>50,000</del>" in shown and "<ins>75,000</ins>" in shown
    assert "&lt;b&gt;Licence&lt;/b&gt;" in shown and "IQ-MOI-004" in shown
    assert f'<bdi>{service("IQ-MOI-004").title}</bdi> · <bdi dir="ltr">IQ-MOI-004</bdi>' in shown
    assert not service("IQ-MOI-004").has_unpublished_changes
    refused = act(client, batch, action="confirm", reason="")
    assert "error" in text_of(refused) and uploads().get().state == "checked"
    done = act(client, batch, action="confirm", reason="قرار مجلس الوزراء")
    batch.refresh_from_db()
    assert (batch.state, batch.data, batch.changed, batch.user) == ("done", None, 2, client.user)
    assert reverse("wagtailadmin_pages:edit", args=[service("IQ-MOI-004").pk]) in text_of(done)
    draft = service("IQ-MOI-004").get_latest_revision_as_object()
    assert (draft.fees.all()[0].amount_minor, draft.change_reason) == (75000, "قرار مجلس الوزراء")
    assert draft.live_revision_id != draft.latest_revision_id
    act(client, batch, action="undo")
    batch.refresh_from_db()
    assert (batch.state, batch.undone_by) == ("undone", client.user)
    assert not service("IQ-MOI-004").has_unpublished_changes
    assert client.get(reverse("egov_spreadsheet:batch", args=[batch.pk])).status_code == 200


def test_a_second_person_publishes_the_changed_fee(sign_in, service):
    client = sign_in(roles.SERVICE_EDITOR)
    upload(client, Book(export_services(FEW)).set("Fees", "amount", 75000, "IQ-MOI-004", "F1").data())
    act(client, uploads().get(), action="confirm", reason="قرار مجلس الوزراء")
    revision = service("IQ-MOI-004").latest_revision
    assert revision.user == client.user
    revision.publish(user=User.objects.create_superuser("shirin", "s@example.gov.iq", "password"))
    assert "75,000" in client.get(service("IQ-MOI-004", "en").url).content.decode()


def test_wrong_cells_are_named_in_the_language_of_the_editor(sign_in, settings):
    client = sign_in(roles.SERVICE_EDITOR)
    book = Book(export_services(FEW))
    book.add("Fees", number=312, service_code="IQ-MOI-004", label_ar="رسم", amount="كثير")
    for language, words in (("en", "is not a number"), ("ar", "الورقة")):
        profile = UserProfile.get_for_user(client.user)
        profile.preferred_language = language
        profile.save()
        shown = text_of(upload(client, book.data()))
        assert words in shown and "312" in shown and "كثير" in shown
    batch = uploads().first()
    assert batch.state == "refused" and batch.data is not None
    act(client, batch, action="drop")
    batch.refresh_from_db()
    assert (batch.state, batch.data) == ("dropped", None)


def test_a_file_without_differences_and_a_file_that_is_none(sign_in):
    client = sign_in(roles.PUBLISHER)
    upload(client, export_services(FEW))
    assert uploads().first().state == "checked"
    assert 'value="confirm"' not in text_of(
        client.get(reverse("egov_spreadsheet:batch", args=[uploads().first().pk]))
    )
    for name, data in (("services.xls", b"x"), ("services.xlsx", b"")):
        assert upload(client, data, name).status_code == 200
    assert uploads().count() == 1
    upload(client, b"no workbook")
    assert uploads().first().state == "refused"


def test_too_large_a_file_is_not_taken(sign_in, monkeypatch):
    monkeypatch.setattr("egov_cms.services.workbook.admin.LARGEST_FILE", 1000)
    client = sign_in(roles.SERVICE_EDITOR)
    upload(client, b"x" * 2000)
    assert not uploads().exists()


def test_who_may(sign_in, client, groups, django_user_model):
    auditor = sign_in(roles.AUDITOR)
    assert auditor.get(reverse(INDEX)).status_code == 200
    assert auditor.get(reverse("egov_spreadsheet:export")).status_code == 200
    upload(auditor, export_services(FEW))
    assert not uploads().exists()
    batch = ImportBatch.objects.create(file_name="x.xlsx", state="checked")
    act(auditor, batch, action="confirm")
    batch.refresh_from_db()
    assert batch.state == "checked"
    complaints = sign_in(roles.COMPLAINTS_OFFICER, "other")
    for name in (INDEX, "egov_spreadsheet:export"):
        assert complaints.get(reverse(name)).status_code == 302
    assert reverse(INDEX) not in complaints.get(reverse("wagtailadmin_home")).content.decode()
    client.logout()
    assert client.get(reverse("egov_spreadsheet:export")).status_code == 302


def test_a_translator_changes_words_of_translations_only(sign_in, service):
    client = sign_in(roles.TRANSLATOR)
    upload(
        client, Book(export_services(FEW)).set("Services", "summary_ckb", "پوختەی نوێ", "IQ-MOI-004").data()
    )
    batch = uploads().first()
    assert batch.state == "checked"
    act(client, batch, action="confirm")
    assert service("IQ-MOI-004", "ckb").get_latest_revision_as_object().summary == "پوختەی نوێ"
    upload(client, Book(export_services(FEW)).set("Services", "visits", 9, "IQ-MOI-004").data())
    assert uploads().first().state == "refused"
    assert {each["code"] for each in uploads().first().report["refused"]} == {"permission"}


def test_what_others_changed_meanwhile_is_shown_again(sign_in, service):
    client = sign_in(roles.SERVICE_EDITOR)
    upload(client, Book(export_services(FEW)).set("Services", "visits", 7, "IQ-MOI-004").data())
    batch = uploads().get()
    page = service("IQ-MOI-005")
    page.visits = 9
    page.save_revision()
    act(client, batch, action="confirm")
    batch.refresh_from_db()
    assert batch.state == "refused" and batch.data is not None
    act(client, batch, action="again")
    batch.refresh_from_db()
    assert batch.state == "checked" and "IQ-MOI-005" in batch.report["changed"]
    assert act(client, batch, action="confirm").status_code == 200
    assert service("IQ-MOI-005").get_latest_revision_as_object().visits != 9


def test_progress_without_a_script(sign_in, monkeypatch):
    client = sign_in(roles.SERVICE_EDITOR)
    batch = ImportBatch.objects.create(file_name="x.xlsx", state="writing", data=b"x", user=client.user)
    batches._tell(batch.pk, 120, 500)
    response = client.get(reverse("egov_spreadsheet:batch", args=[batch.pk]))
    assert response["Refresh"] == "3" and 'max="500" value="120"' in text_of(response)
    assert 'value="again"' not in text_of(response)
    # A step that has been silent for long has died; its file can be checked again.
    ImportBatch.objects.filter(pk=batch.pk).update(started_at=timezone.now() - datetime.timedelta(hours=1))
    assert 'value="again"' in text_of(client.get(reverse("egov_spreadsheet:batch", args=[batch.pk])))
    batch.refresh_from_db()
    batches.check(batch.pk)
    batch.refresh_from_db()
    assert batch.state == "writing"


def test_a_failure_is_told_and_can_be_tried_again(sign_in, monkeypatch):
    client = sign_in(roles.SERVICE_EDITOR)

    def broken(*arguments, **options):
        raise RuntimeError("a disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(batches, "import_data", broken)
        shown = text_of(upload(client, export_services(FEW)))
    batch = uploads().get()
    assert batch.state == "failed" and "a disk is full" not in shown
    act(client, batch, action="again")
    batch.refresh_from_db()
    assert batch.state == "checked"


def test_the_list_asks_little_of_the_database(sign_in, django_assert_max_num_queries):
    client = sign_in(roles.SERVICE_EDITOR)
    for number in range(30):
        ImportBatch.objects.create(file_name=f"{number}.xlsx", user=client.user)
    client.get(reverse(INDEX))
    with django_assert_max_num_queries(30):
        assert "page=2" in text_of(client.get(reverse(INDEX)))

"""The catalogue as a workbook: out and in again without a difference, cells changed, what is left alone, the commands."""

import datetime
import json

import openpyxl
import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.utils.translation import override
from wagtail.models import Revision

from egov_cms.exchange import runs
from egov_cms.exchange.models import ExchangeRun
from egov_cms.services.importing import export_services, import_services
from egov_cms.services.models import ServiceFee, ServicePage
from egov_cms.site.gate import PublishRefused
from egov_cms.site.models import Approval

from .sheets import FEW, Book, exported_again, load

pytestmark = pytest.mark.django_db

SHEETS = ["Services", "Documents", "Fees", "Steps", "Channels", "Offices", "Lists", "Help"]
NOT_IN_THE_BOOK = ("requirements", "outputs", "legal", "faqs", "relations", "participants")


def draft(service, code="IQ-MOI-004", language="ar"):
    return service(code, language).get_latest_revision_as_object()


# Out and in again


def test_out_and_in_again_changes_nothing(sample, django_assert_max_num_queries):
    """Thirty services in three languages."""
    revisions = Revision.objects.count()
    with django_assert_max_num_queries(30):
        data = export_services()
    with django_assert_max_num_queries(90):
        report = load(data)
    assert (report.errors, report.changes, report.warnings) == ([], [], [])
    assert (len(report.created), len(report.changed), len(report.unchanged)) == (0, 0, 30)
    assert report.run is None and Revision.objects.count() == revisions


def test_a_program_for_spreadsheets_may_save_it_in_between(book):
    """Styles, comments and drop-downs that another program writes in its own way change nothing."""
    report = load(book)
    assert report.ok and report.changes == [] and len(report.unchanged) == 3, report.errors


def test_drafts_and_untidy_words_come_back_as_they_are(sample, service):
    page = service("IQ-MOI-004", "ar")
    page.summary = "\u200fملخص  مع علامة\u200e "
    page.popular_names = "اسم\r\nاسم آخر\r\n"
    page.sources = "=1+1"
    page.not_applicable = {**page.not_applicable, "fees": "", "unknown": "x"}
    page.fees.all()[0].label = "-رسم"
    fee, other = page.fees.all()
    fee.amount_minor, fee.sort_order, other.sort_order = 61000, 4, 9
    fee.valid_from = datetime.date(2026, 1, 31)
    page.channels.all()[0].phone = "+964 770 123 4567"
    page.fees.set([fee, other])
    page.save_revision()
    english = service("IQ-MOI-004", "en")
    english.title = "@risky"
    english.save_revision()
    with_draft = exported_again()
    assert with_draft.cell("Fees", "amount", "IQ-MOI-004", "F1").value == 61000
    assert with_draft.cell("Services", "title_en", "IQ-MOI-004").value == "'@risky"
    assert with_draft.cell("Services", "sources", "IQ-MOI-004").value == "'=1+1"
    report = load(with_draft)
    assert report.ok and report.changes == [] and len(report.unchanged) == 3, report.errors


def test_the_workbook_is_one_to_work_with(book):
    assert book.book.sheetnames == SHEETS
    for name in SHEETS[:6]:
        sheet = book.sheet(name)
        assert sheet.sheet_view.rightToLeft and sheet.freeze_panes in ("B2", "C2")
        assert all(cell.comment and cell.comment.text for cell in sheet[1]), name
    rules = {rule.sqref: rule for rule in book.sheet("Fees").data_validations.dataValidation}
    kind = openpyxl.utils.get_column_letter(book.heading("Fees", "kind"))
    (rule,) = [rule for where, rule in rules.items() if str(where).startswith(f"{kind}2:")]
    cells = book.sheet("Lists")[rule.formula1.removeprefix("Lists!").replace("$", "")]
    assert [cell.value for (cell,) in cells] == ["fixed", "range", "percent", "per_unit", "varies"]
    help_sheet = book.sheet("Help")
    assert [cell.value for cell in help_sheet[1]] == ["sheet", "column", "العربية", "کوردی", "English"]
    named = {
        (row[0], row[1].rstrip("…").rstrip("_")) for row in help_sheet.iter_rows(min_row=9, values_only=True)
    }
    for sheet in SHEETS[:6]:
        for cell in book.sheet(sheet)[1]:
            name = (
                cell.value.rpartition("_")[0] if cell.value.endswith(("_ar", "_ckb", "_en")) else cell.value
            )
            assert (sheet, name) in named
    for row in help_sheet.iter_rows(min_row=2, min_col=3, values_only=True):
        assert all(row), row
    assert not Book(export_services(FEW[:1], "en")).sheet("Fees").sheet_view.rightToLeft


def test_comments_speak_the_three_languages(book):
    text = (
        book.cell("Fees", "amount", "IQ-MOI-004", "F1")
        .parent.cell(1, book.heading("Fees", "amount"))
        .comment.text
    )
    words = set()
    for language in ("ar", "ckb", "en"):
        with override(language):
            from egov_cms.services.models import ServiceFee

            words.add(str(ServiceFee._meta.get_field("amount_minor").verbose_name))
    assert len(words) == 3 and all(word.lower() in text.lower() for word in words)


# Changed cells


def test_one_changed_fee_is_one_draft(book, service):
    before = ServicePage.objects.filter(has_unpublished_changes=True).count()
    editor = User.objects.create_superuser("editor", "editor@example.gov.iq", "password")
    report = load(book.set("Fees", "amount", 75000, "IQ-MOI-004", "F1"), user=editor)
    assert report.ok and report.changed == ["IQ-MOI-004"]
    assert [(each.field, each.before, each.after) for each in report.changes] == [
        ("fees.F1.amount_minor", 50000, 75000)
    ]
    assert ServicePage.objects.filter(has_unpublished_changes=True).count() == before + 1
    assert service("IQ-MOI-004").fees.all()[0].amount_minor == 50000
    assert [problem.code for problem in report.warnings] == ["fee_reason"]
    assert report.reason_for == ["IQ-MOI-004"]
    revision = service("IQ-MOI-004").latest_revision
    with pytest.raises(PublishRefused):
        revision.publish(user=User.objects.create_superuser("other", "s@example.gov.iq", "password"))
    # Its translations have no draft of their own: the fee reaches them with the publication of the source.
    assert not ServicePage.objects.get(pk=service("IQ-MOI-004", "en").pk).has_unpublished_changes


def test_the_reason_of_the_file_lets_a_second_person_publish(book, service):
    editor = User.objects.create_superuser("editor", "editor@example.gov.iq", "password")
    second = User.objects.create_superuser("shirin", "second@example.gov.iq", "password")
    book.set("Fees", "amount", "٧٥٬٠٠٠", "IQ-MOI-004", "F1")
    book.set("Services", "change_reason", "قرار مجلس الوزراء", "IQ-MOI-004")
    report = load(book, user=editor)
    assert report.ok and report.warnings == [] and report.reason_for == []
    with pytest.raises(PublishRefused):
        service("IQ-MOI-004").latest_revision.publish(user=editor)
    service("IQ-MOI-004").latest_revision.publish(user=second)
    for language in ("ar", "ckb", "en"):
        assert service("IQ-MOI-004", language).fees.all()[0].amount_minor == 75000


def test_one_reason_for_all_fees_of_a_file(book, service):
    book.set("Fees", "amount", 75000, "IQ-MOI-004", "F1").set("Fees", "amount", 6000, "IQ-MOI-001", "F1")
    report = load(book, reason="تعليمات جديدة")
    assert report.reason_for == [] and report.warnings == []
    assert {draft(service, code).change_reason for code in report.changed} == {"تعليمات جديدة"}


def test_a_changed_word_is_a_draft_of_its_language_only(book, service):
    report = load(book.set("Fees", "label_ckb", "تێچووی نوێ", "IQ-MOI-004", "F1"))
    assert [(each.field, each.locale) for each in report.changes] == [("fees.F1.label", "ckb")]
    drafts = ServicePage.objects.filter(service_code="IQ-MOI-004", has_unpublished_changes=True)
    assert [page.locale.language_code for page in drafts] == ["ckb"]
    assert report.warnings == [] and draft(service, language="ckb").fees.all()[0].label == "تێچووی نوێ"


def test_rows_come_go_and_change_places(book, service):
    counts = {name: getattr(service("IQ-MOI-004"), name).count() for name in NOT_IN_THE_BOOK}
    keys = [row.key for row in service("IQ-MOI-004").documents.all()]
    book.delete("Documents", "IQ-MOI-004", keys[0])
    book.add("Documents", service_code="IQ-MOI-004", document_type="صورة شخصية حديثة بخلفية بيضاء", copies=2)
    book.add(
        "Fees",
        service_code="IQ-MOI-004",
        label_ar="طابع",
        label_en="Stamp",
        amount="١٬٠٠٠",
        methods="cash، card",
    )
    report = load(book)
    assert report.ok, [str(each) for each in report.errors]
    page = draft(service)
    photo = [row for row in page.documents.all() if row.key not in keys]
    assert [row.key for row in page.documents.all()][: len(keys) - 1] == keys[1:]
    assert len(photo) == 1 and (photo[0].document_type.code, photo[0].originals, photo[0].copies) == (
        "photo",
        0,
        2,
    )
    fee = page.fees.all()[2]
    assert (fee.key, fee.label, fee.amount_minor, fee.kind, fee.methods) == (
        "F3",
        "طابع",
        1000,
        "fixed",
        ["cash", "card"],
    )
    assert (f"documents.{keys[0]}", keys[0], None) in [
        (each.field, each.before, each.after) for each in report.changes
    ]
    english = draft(service, language="en")
    assert english.fees.all()[2].label == "Stamp"
    assert english.fees.all()[2].translation_key == fee.translation_key
    for name, count in counts.items():
        assert getattr(page, name).count() == count, name
    again = exported_again()
    assert load(again).changes == []


def test_a_new_row_never_becomes_one_that_was_taken_out(book, service):
    old = service("IQ-MOI-004").fees.all()[1].translation_key
    book.delete("Fees", "IQ-MOI-004", "F2")
    book.add("Fees", service_code="IQ-MOI-004", label_ar="رسم آخر", amount=1)
    assert load(book).ok
    fees = draft(service).fees.all()
    assert [fee.key for fee in fees] == ["F1", "F3"] and fees[1].translation_key != old


def test_a_new_service_in_all_its_languages(book, service):
    number = book.row("Services", "IQ-MOI-004")
    values = {
        cell.value: book.sheet("Services").cell(number, cell.column).value
        for cell in book.sheet("Services")[1]
    }
    values |= {
        "service_code": "IQ-MOI-901",
        "title_ar": "خدمة جديدة",
        "title_en": "A new one",
        "title_ckb": None,
    }
    values |= {"slug": None, "version": None, "summary_ckb": None}
    for name in list(values):
        if name.endswith("_ckb"):
            values[name] = None
    book.add("Services", **values)
    book.add("Steps", service_code="IQ-MOI-901", template="attend")
    book.add("Steps", service_code="IQ-MOI-901", template="pay", minutes=5)
    report = load(book)
    assert report.created == ["IQ-MOI-901"] and report.changed == [] and report.warnings == []
    pages = {
        page.locale.language_code: page for page in ServicePage.objects.filter(service_code="IQ-MOI-901")
    }
    assert set(pages) == {"ar", "en"} and {page.slug for page in pages.values()} == {"a-new-one"}
    assert not any(page.live for page in pages.values())
    attend, pay = pages["ar"].steps.all()
    assert (attend.key, attend.is_visit, attend.channel) == ("attend", True, "office")
    assert (pay.is_visit, pay.minutes) == (False, 5)
    assert pages["en"].owner_unit == service("IQ-MOI-004").owner_unit
    assert load(Book(export_services([*FEW, "IQ-MOI-901"]))).changes == []


def test_what_people_write_is_understood(book, service):
    for column, value in {
        "status": "Available",
        "audiences": "citizen ; resident",
        "visits": "۴",
        "duration_max": "١٥",
        "proxy_allowed": "No, you must come in person",
        "needs_no_documents": "لا",
        "title_en": "\u200eDriving licence\u200f",
    }.items():
        book.set("Services", column, value, "IQ-MOI-004")
    book.set("Fees", "valid_from", datetime.datetime(2026, 1, 31), "IQ-MOI-004", "F1")
    book.set("Fees", "valid_to", "٣١/١٢/٢٠٢٧", "IQ-MOI-004", "F1")
    book.set("Fees", "amount", "25,000", "IQ-MOI-004", "F1")
    book.set("Fees", "valid_from", 46053, "IQ-MOI-004", "F2")
    report = load(book)
    assert report.ok, [str(each) for each in report.errors]
    page = draft(service)
    assert (page.visits, page.duration_max, page.proxy_allowed, page.status) == (4, 15, "no", "available")
    assert {each.code for each in page.audiences.all()} == {"citizen", "resident"}
    first, second = page.fees.all()
    assert (first.amount_minor, first.valid_from, first.valid_to) == (
        25000,
        datetime.date(2026, 1, 31),
        datetime.date(2027, 12, 31),
    )
    assert second.valid_from == datetime.date(2026, 1, 31)
    assert draft(service, language="en").title == "Driving licence"


def test_amounts_of_other_currencies_keep_their_decimals(book, service):
    book.set("Fees", "currency", "USD", "IQ-MOI-004", "F1").set("Fees", "amount", "10.50", "IQ-MOI-004", "F1")
    assert load(book).ok
    assert draft(service).fees.all()[0].amount_minor == 1050
    again = exported_again()
    assert float(again.cell("Fees", "amount", "IQ-MOI-004", "F1").value) == 10.5
    assert load(again).changes == []
    report = load(again.set("Fees", "amount", "10.505", "IQ-MOI-004", "F1"))
    assert [each.code for each in report.errors] == ["decimals"]


def test_a_service_that_is_not_in_the_file_is_left(book, service):
    for name in SHEETS[:6]:
        sheet = book.sheet(name)
        for number in range(sheet.max_row, 1, -1):
            if sheet.cell(number, 1).value != "IQ-MOI-004":
                sheet.delete_rows(number)
    del book.book["Steps"]
    report = load(book)
    assert (report.changes, report.unchanged) == ([], ["IQ-MOI-004"])
    assert service("IQ-MOI-005").fees.exists() and service("IQ-MOI-004").steps.exists()


def test_an_old_workbook_is_told_from_a_fresh_one(book, service):
    page = service("IQ-MOI-004")
    page.visits = 9
    page.save_revision()
    report = load(book)
    assert [(each.code, each.item, each.place.sheet) for each in report.warnings] == [
        ("edited_since", "IQ-MOI-004", "Services")
    ]
    assert [(each.before, each.after) for each in report.changes] == [(9, 3)]


# What is not to be written


def test_locked_pages_and_pages_in_review_are_left(book, service):
    ServicePage.objects.filter(pk=service("IQ-MOI-004").pk).update(locked=True)
    assert load(book).ok
    assert load(book.set("Services", "summary_en", "New", "IQ-MOI-004"), dry_run=True).ok
    report = load(book.set("Services", "visits", 7, "IQ-MOI-004"))
    assert [(each.code, each.place.sheet, each.place.row) for each in report.errors] == [
        ("locked", "Services", book.row("Services", "IQ-MOI-004"))
    ]
    assert "العربية" in report.errors[0].message


def test_an_owner_who_has_left_keeps_the_file_readable(sample, service):
    page = service("IQ-MOI-004")
    page.content_owner = User.objects.create_user("left", is_active=False)
    page.ur_url = "http://ur.gov.iq/x"
    page.save_revision()
    report = load(exported_again())
    assert report.ok and report.changes == [], [str(each) for each in report.errors]


# The commands


def test_the_commands(sample, service, tmp_path, capsys):
    path = tmp_path / "services.xlsx"
    call_command("export_services", path, code=list(FEW))
    assert "bytes" in capsys.readouterr().out
    book = Book(path.read_bytes()).set("Fees", "amount", 75000, "IQ-MOI-004", "F1")
    path.write_bytes(book.data())
    call_command("import_services", path, dry_run=True, reason="x" * 10)
    assert "50,000" in capsys.readouterr().out
    assert not service("IQ-MOI-004").has_unpublished_changes
    target = tmp_path / "report.json"
    call_command("import_services", path, report=target)
    report = json.loads(target.read_text(encoding="utf-8"))
    assert (report["counts"]["changed"], report["reason_for"]) == (1, ["IQ-MOI-004"])
    assert f"undo_import {report['run']}" in capsys.readouterr().out
    call_command("undo_import")
    assert "services.xlsx" in capsys.readouterr().out
    call_command("undo_import", report["run"])
    assert not service("IQ-MOI-004").has_unpublished_changes
    with pytest.raises(CommandError):
        call_command("undo_import", report["run"])
    for wrong in (tmp_path / "services.csv", tmp_path / "missing" / "services.xlsx"):
        with pytest.raises(CommandError):
            call_command("export_services", wrong)


def test_publishing_a_workbook_with_a_second_person(book, service, tmp_path, capsys):
    ali = User.objects.create_superuser("ali", "ali@example.gov.iq", "password")
    shirin = User.objects.create_superuser("shirin", "shirin@example.gov.iq", "password")
    path = tmp_path / "fees.xlsx"
    path.write_bytes(book.set("Fees", "amount", 75000, "IQ-MOI-004", "F1").data())
    report = import_services(path, publish=True)
    assert {each.code for each in report.errors} == {"fee_reason", "fee_approval"}

    def command():
        call_command("import_services", path, publish=True, user="ali", reason="قرار 120")

    def published():
        return {
            service("IQ-MOI-004", language).fees.all()[0].amount_minor for language in ("ar", "ckb", "en")
        }

    for _again in range(2):
        with pytest.raises(SystemExit) as ended:
            command()
        assert ended.value.code == 3
        run = ExchangeRun.objects.get(publish=True, file_name="fees.xlsx")
        assert run.state == "checked", run.totals
        assert f"/exchange/runs/{run.pk}/" in capsys.readouterr().err
        assert 75_000 not in published()
        assert service("IQ-MOI-004").get_latest_revision_as_object().fees.all()[0].amount_minor == 75_000
    changes = list(run.list_rows("changes"))
    assert any("75" in str(change) for change in changes), changes
    with pytest.raises(PermissionDenied):
        runs.confirm(run, ali, digest=run.digest)
    runs.confirm(run, shirin, digest=run.digest)
    run.refresh_from_db()
    assert run.state == "written", list(run.issues.all())
    assert published() == {75_000}
    approval = Approval.objects.get(approved_by=shirin)
    assert (approval.reason, bool(approval.used_at)) == ("قرار 120", True)
    command()
    assert "published" in capsys.readouterr().out


def test_a_confirmation_is_void_when_the_service_has_changed_since(book, service, tmp_path):
    User.objects.create_superuser("ali", "ali@example.gov.iq", "password")
    shirin = User.objects.create_superuser("shirin", "shirin@example.gov.iq", "password")
    path = tmp_path / "fees.xlsx"
    path.write_bytes(book.set("Fees", "amount", 75000, "IQ-MOI-004", "F1").data())
    with pytest.raises(SystemExit):
        call_command("import_services", path, publish=True, user="ali", reason="قرار 120")
    run = ExchangeRun.objects.get(publish=True, file_name="fees.xlsx")
    ServiceFee.objects.filter(page=service("IQ-MOI-004"), key="F1").update(amount_minor=60_000)
    runs.confirm(run, shirin, digest=run.digest)
    run.refresh_from_db()
    assert run.state != "written"
    assert service("IQ-MOI-004").fees.all()[0].amount_minor == 60_000

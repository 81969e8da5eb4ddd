"""Workbooks that are refused: wrong cells, each by its place, and files that are none or want to do harm."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.utils.translation import override
from wagtail.models import Revision

from egov_cms.exchange.models import ExchangeRun
from egov_cms.services.importing import export_services

from .sheets import FEW, Book, exported_again, load, places

pytestmark = pytest.mark.django_db

SHEETS = ["Services", "Documents", "Fees", "Steps", "Channels", "Offices", "Lists", "Help"]
NOT_IN_THE_BOOK = ("requirements", "outputs", "legal", "faqs", "relations", "participants")

# Wrong cells


def test_one_wrong_cell_in_row_312_and_nothing_is_written(book, service):
    revisions, runs = Revision.objects.count(), ExchangeRun.objects.count()
    book.set("Services", "visits", 7, "IQ-MOI-004")
    book.add("Fees", number=312, service_code="IQ-MOI-004", label_ar="رسم", amount="كثير")
    for language, reason in (("ar", "ليست"), ("en", "is not a number")):
        with override(language):
            report = load(book)
        (problem,) = report.errors
        assert (problem.place.sheet, problem.place.row, problem.place.column, problem.value) == (
            "Fees",
            312,
            "amount",
            "كثير",
        )
        assert problem.place.cell.endswith("312") and "كثير" in str(problem) and "312" in str(problem)
        assert reason in problem.message or language == "ar"
    assert (Revision.objects.count(), ExchangeRun.objects.count()) == (revisions, runs)
    assert report.changed == [] and service("IQ-MOI-004").visits == 3


# Sheet, column, wrong value, code of the issue and what is proposed: all of these in one workbook and one report.
WRONG_CELLS = [
    ("Documents", "document_type", "national_ld", "unknown_code", "national_id"),
    ("Services", "audiences", "citizen | residnt", "unknown_code", "resident"),
    ("Services", "status", "availabel", "unknown_code", "available"),
    ("Services", "ministry", "MOX", "unknown_code", ""),
    ("Services", "unit", "مديرية المرور العام", "unknown_code", "مديرية المرور العامة"),
    ("Services", "content_owner", "nobody", "unknown_code", ""),
    ("Services", "summary_ar", "ا" * 300, "too_long", ""),
    ("Services", "reason_fees", "لا", "short", ""),
    ("Services", "title_en", '=HYPERLINK("http://x")', "formula", ""),
    ("Channels", "kind", "on-line", "unknown_code", "online"),
    ("Channels", "url", "http://x.iq", "not_https", ""),
    ("Fees", "amount", -5, "negative", ""),
    ("Fees", "percent", 140, "percent", ""),
    ("Fees", "valid_from", "قريباً", "not_a_date", ""),
    ("Fees", "law", "law-8-2091", "unknown_code", ""),
    ("Steps", "is_visit", "perhaps", "not_boolean", ""),
    # What is seen once all cells are read, and once they are compared with the catalogue.
    ("Services", "title_ckb", None, "blank", ""),
    ("Services", "title_ar", None, "blank", ""),
    ("Services", "duration_max", 1, "invalid", ""),
    ("Documents", "originals", 0, "invalid", ""),
    ("Services", "slug", "another-address", "slug_fixed", ""),
]
# In cells that are wrong above already: each in a workbook of its own.
WRONG_ALONE = [
    ("Channels", "kind", None, "missing", ""),
    ("Fees", "amount", 2.5, "not_whole", ""),
    ("Fees", "amount", "=1+1", "formula", ""),
    ("Fees", "key", "F 1", "row_key", ""),
]


def test_every_wrong_cell_is_named_and_no_other(book):
    good = book.data()
    for cases in (WRONG_CELLS, *([case] for case in WRONG_ALONE)):
        book, expected = Book(good), {}
        for sheet, column, value, code, near in cases:
            number = book.row(sheet, "IQ-MOI-004")
            book.add(sheet, number, **{column: value})
            if (sheet, column) == ("Documents", "originals"):
                # A document of which nothing is to be brought.
                book.add(sheet, number, copies=0)
            expected[sheet, number, column, code] = near
        report = load(book)
        found = {
            (each.place.sheet, each.place.row, each.place.column, each.code): each.message
            for each in report.errors
        }
        assert found.keys() == expected.keys()
        assert [place for place, near in expected.items() if near not in found[place]] == []
        assert report.run is None and report.changed == []


def test_codes_and_keys_that_stand_twice_or_nowhere(book):
    first = book.row("Services", "IQ-MOI-004")
    again = book.add("Services", service_code="IQ-MOI-004", title_ar="مرة أخرى")
    orphan = book.add("Fees", service_code="IQ-MOI-999", label_ar="رسم", amount=1)
    twice = book.add("Fees", service_code="IQ-MOI-004", key="F1", label_ar="رسم", amount=1)
    bad = book.add("Services", service_code="moi-7", title_ar="خدمة", ministry="MOI")
    report = load(book)
    assert {
        ("Services", again, "service_code", "IQ-MOI-004", "duplicate_code"),
        ("Fees", orphan, "service_code", "IQ-MOI-999", "unknown_service"),
        ("Fees", twice, "key", "F1", "duplicate"),
        ("Services", bad, "service_code", "moi-7", "code_form"),
    } == places(report)
    assert str(first) in next(each.message for each in report.errors if each.code == "duplicate_code")


def test_headings_are_known_and_stand_once(book):
    sheet = book.sheet("Fees")
    sheet.cell(1, book.heading("Fees", "amount")).value = "amout"
    sheet.cell(1, book.heading("Fees", "channel")).value = "kind"
    book.book.create_sheet("ملاحظات").append(["x"])
    report = load(book)
    assert {each.code for each in report.errors} == {"unknown_column", "duplicate_column"}
    assert "amount" in next(each.message for each in report.errors if each.code == "unknown_column")
    assert [(each.code, each.place.sheet) for each in report.warnings] == [("unknown_sheet", "ملاحظات")]


def test_what_the_gate_refuses_of_a_publication(book):
    report = load(book.set("Services", "summary_ar", "يُملأ لاحقاً", "IQ-MOI-004"), publish=True)
    assert {(each.item, each.code, each.place.column) for each in report.errors} == {
        ("IQ-MOI-004", "placeholder", "summary_ar")
    }


# Files that are no workbook, or worse


def package(**parts):
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return file.getvalue()


def rewritten(data, part, change):
    """The workbook with one of its parts changed."""
    file = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(file, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return file.getvalue()


def test_files_that_are_no_workbook(sample):
    for data, code in (
        (b"", "empty"),
        (b"PK\x03\x04 no", "damaged"),
        (b"service_code,title_ar\n", "file_kind"),
        (package(a_xml="<a/>"), "file_kind"),
    ):
        report = load(data)
        assert [each.code for each in report.errors] == [code], data[:10]
    broken = rewritten(export_services(FEW), "xl/workbook.xml", lambda old: old[: len(old) // 2])
    assert [each.code for each in load(broken).errors] == ["damaged"]
    report = load(b"x", "services.xls")
    assert [each.code for each in report.errors] == ["file_kind"]


def test_files_that_want_to_do_harm(sample, monkeypatch):
    good = export_services(FEW)
    bomb = rewritten(good, "xl/worksheets/sheet1.xml", lambda old: old + b" " * 90_000_000)
    assert [each.code for each in load(bomb).errors] == ["zip_bomb"]
    laughs = b'<!DOCTYPE a [<!ENTITY b "ha">]>'
    entities = rewritten(good, "xl/worksheets/sheet1.xml", lambda old: laughs + old)
    assert [each.code for each in load(entities).errors] == ["entities"]
    file = BytesIO(good)
    with ZipFile(file, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    assert [each.code for each in load(file.getvalue()).errors] == ["macros"]
    assert [each.code for each in load(b"x" * (10 * 1024 * 1024 + 1)).errors] == ["too_large"]
    monkeypatch.setattr("egov_cms.services.importing.workbook_reader.MOST_SERVICES", 2)
    assert [each.code for each in load(good).errors] == ["too_many_rows"]


def test_no_cell_of_an_export_is_a_formula(sample, service):
    page = service("IQ-MOI-004", "en")
    page.title = '=HYPERLINK("http://x.example","a")'
    page.save_revision()
    for sheet in exported_again().book.worksheets:
        for cells in sheet.iter_rows():
            for cell in cells:
                assert cell.data_type != "f"
                assert not str(cell.value or "").startswith(("=", "@")), cell

"""Differences speak in names of fields, rows and records, in the language of whoever looks."""

import pytest
from django.utils.translation import override

from .sheets import load

pytestmark = pytest.mark.django_db


def changes(book, language="en"):
    with override(language):
        report = load(book, dry_run=True)
        assert report.ok, [str(each) for each in report.errors]
        return {each.field: (each.label, each.shown_before, each.shown_after) for each in report.changes}


def test_amounts_choices_and_records_have_their_names(book):
    book.set("Fees", "amount", 75000, "IQ-MOI-004", "F1")
    book.set("Services", "digital_level", 1, "IQ-MOI-004")
    book.set("Services", "audiences", "citizen", "IQ-MOI-004")
    found = changes(book)
    label, before, after = found["fees.F1.amount_minor"]
    assert label.endswith(": amount") and "F1" not in label
    assert (before, after) == ("50,000\u00a0IQD", "75,000\u00a0IQD")
    assert found["audiences"][0] == "For whom"
    assert "citizen" not in found["audiences"][1] and "," in found["audiences"][1]
    assert found["digital_level"][2] != "1"


def test_they_speak_the_language_of_whoever_looks(book):
    book.set("Services", "visits", 7, "IQ-MOI-004")
    assert changes(book, "en")["visits"][0] == "Visits"
    assert changes(book, "ar")["visits"][0] not in ("Visits", "visits")


def test_rows_that_are_added_or_removed_are_named_as_a_whole(book, service):
    (key, *_others) = [row.key for row in service("IQ-MOI-004").documents.all()]
    book.delete("Documents", "IQ-MOI-004", key)
    book.add("Fees", service_code="IQ-MOI-004", label_ar="طابع", amount=1000)
    found = changes(book)
    label, before, after = found[f"documents.{key}"]
    assert before and before in label and after == "removed"
    assert found["fees.F3"] == ("Fee “طابع”", "", "added")


def test_only_words_have_a_language(book):
    book.set("Services", "visits", 7, "IQ-MOI-004").set("Services", "summary_en", "Another", "IQ-MOI-004")
    report = load(book, dry_run=True)
    assert {(each.field, each.locale) for each in report.changes} == {("visits", ""), ("summary", "en")}


def test_each_reason_is_a_difference_of_its_own(book):
    book.set("Services", "reason_fees", "Nobody pays for this.", "IQ-MOI-004")
    ((field, (label, before, after)),) = changes(book).items()
    assert field == "not_applicable.fees"
    assert (label, before, after) == ("Does not apply, because … (Fees)", "", "Nobody pays for this.")

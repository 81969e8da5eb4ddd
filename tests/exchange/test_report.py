"""A report stays small whatever a file holds; its totals are exact, its digest stands for what is done."""

import json
import pickle
import tracemalloc

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from egov_cms.exchange.lists import read_lines
from egov_cms.exchange.report import MOST_ISSUES, Change, Issue, Place, Report


def test_a_report_with_errors_is_not_ok_and_one_with_warnings_is():
    report = Report("file.csv")
    report.warn("odd", "This is odd.")
    assert report.ok
    report.error("wrong", "This is wrong.")
    assert not report.ok
    assert report.counts == {"created": 0, "changed": 0, "unchanged": 0, "errors": 1, "warnings": 1}


def test_an_issue_says_where_it_is():
    place = Place(sheet="Fees", row=7, column="amount", cell="D7")
    issue = Issue("error", "not_a_number", "“x” is not a number.", value="x", place=place)
    with override("en"):
        assert str(issue) == "sheet Fees, row 7, column amount, D7, value “x”: “x” is not a number."
        assert (
            str(Issue("error", "missing", "Missing.", item="IQ-1", field="title")) == "IQ-1: title: Missing."
        )
        assert str(Issue("error", "empty", "The file is empty.")) == "The file is empty."


def test_an_issue_survives_the_way_into_a_list_and_back():
    issue = Issue("error", "wrong", "Wrong.", "IQ-1", "title", "x", Place(row=3, line=0), 7)
    assert Issue.from_dict(json.loads(json.dumps(issue.as_dict()))) == issue


def test_the_place_of_an_issue_is_looked_up_where_none_is_given():
    report = Report(locate=lambda item, name: Place(row=4) if (item, name) == ("IQ-1", "title") else None)
    report.error("wrong", "Wrong.", item="IQ-1", field="title")
    report.error("wrong", "Wrong.", item="IQ-2", field="title")
    assert [issue.place.row for issue in report.errors] == [4, 0]


def test_twenty_thousand_issues_take_little_memory_and_are_all_listed(tmp_path):
    tracemalloc.start()
    report = Report("large.csv", folder=tmp_path)
    for number in range(20_000):
        report.error("wrong" if number != 15_000 else "rare", "This is wrong.", value="y" * 10_000)
    report.finish()
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 30_000_000
    assert {code: total.errors for code, total in report.totals.items()} == {"wrong": 19_999, "rare": 1}
    assert len(report.issues) == MOST_ISSUES
    assert sum(1 for _row in read_lines(report.lists["issues"])) == 20_000


def test_a_kind_of_issue_that_comes_late_is_among_those_that_are_shown():
    report = Report()
    for number in range(MOST_ISSUES + 5_000):
        report.warn("odd", "Odd.", item=str(number))
    report.error("wrong", "Wrong.", item="the last")
    assert [issue.item for issue in report.errors] == ["the last"]
    assert len(report.issues) == MOST_ISSUES
    assert [issue.number for issue in report.issues] == sorted(issue.number for issue in report.issues)


@given(st.lists(st.sampled_from(["a", "b", "c"]), max_size=60))
def test_totals_are_exact(codes):
    report = Report()
    for code in codes:
        report.error(code, "Wrong.")
    assert {code: total.errors for code, total in report.totals.items()} == {
        code: codes.count(code) for code in set(codes)
    }


def test_values_and_messages_are_cut_to_what_a_person_reads():
    report = Report()
    report.error("wrong", "m" * 5_000, value="v" * 5_000)
    (issue,) = report.errors
    assert (len(issue.message), len(issue.value)) == (1_000, 200)


def test_long_texts_are_shown_around_what_differs():
    report = Report()
    before, after = "a" * 30_000 + "b" * 30_000, "a" * 30_000 + "c" * 30_000
    report.change(Change("IQ-1", "sources", before=before, after=after))
    (change,) = report.changes
    assert len(change.before) < 2_100
    assert "ab" in change.before
    assert "ac" in change.after


def test_the_digest_depends_on_every_letter_of_a_change():
    def digest(text):
        report = Report()
        report.change(Change("IQ-1", "sources", before="", after=text))
        return report.digest

    assert digest("a" * 60_000) == digest("a" * 60_000)
    assert digest("a" * 60_000) != digest("a" * 59_999 + "b")


def test_the_digest_does_not_depend_on_how_a_change_is_shown():
    one, other = Report(), Report()
    one.change(Change("IQ-1", "visits", before=1, after=2, label="visits", shown_before="1"))
    other.change(Change("IQ-1", "visits", before=1, after=2, label="الزيارات", shown_before="١"))
    assert one.digest == other.digest


def test_what_stays_the_same_is_no_part_of_the_digest():
    one, other = Report(), Report()
    other.count("unchanged", "IQ-1")
    assert one.digest == other.digest
    other.count("created", "IQ-2")
    assert one.digest != other.digest


def test_a_refused_file_did_nothing(tmp_path):
    report = Report(folder=tmp_path)
    report.count("created", "IQ-1")
    report.change(Change("IQ-1", "title", after="x"))
    report.error("wrong", "Wrong.")
    report.forget_outcomes()
    assert (report.created, report.changes, report.counts["created"]) == ([], [], 0)
    assert report.finish().lists.keys() == {"issues"}


def test_a_finished_report_travels_between_processes(tmp_path):
    report = Report("file.csv", folder=tmp_path, locate=lambda item, name: None)
    report.count("created", "IQ-1")
    report.error("wrong", "Wrong.")
    report.finish()
    other = pickle.loads(pickle.dumps(report))
    assert (other.created, other.errors, other.digest) == (report.created, report.errors, report.digest)


@pytest.mark.parametrize("listed", [True, False])
def test_the_json_file_holds_the_full_lists_where_there_are_any(tmp_path, listed):
    report = Report("file.csv", kind="groups", folder=tmp_path if listed else None)
    for number in range(1_500):
        report.change(Change(f"IQ-{number}", "title", "ar", None, "عنوان"))
    report.warn("odd", "غريب", place=Place(line=3))
    report.count("created", "IQ-1")
    report.finish().write_json(tmp_path / "report.json")
    text = (tmp_path / "report.json").read_text(encoding="utf-8")
    found = json.loads(text)
    assert "عنوان" in text
    assert len(found["changes"]) == (1_500 if listed else 1_000)
    assert found["counts"]["changes"] == 1_500
    assert [each["line"] for each in found["warnings"]] == [3]
    assert (found["refused"], found["created"]) == ([], ["IQ-1"])

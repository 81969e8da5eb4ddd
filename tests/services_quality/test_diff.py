"""What differs between two published documents, without a database."""

import copy
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_cms.services.publishing.fact_changes import diff
from egov_cms.services.quality.reviews import add_months


def fee(key="F1", **values):
    return {
        "key": key, "kind": "fixed", "amount_minor": 25_000, "amount_max_minor": None, "percent": None,
        "currency": "IQD", "case_tag": "", "conditional": False, "channel": "", "methods": ["cash"],
        "valid_from": None, "valid_to": None, "label": {"ar": "رسم", "en": "Fee"},
    } | values  # fmt: skip


def paper(key="D1", **values):
    return {
        "key": key, "document_type": {"code": "photo", "name": {"ar": "صورة"}}, "originals": 1, "copies": 0,
        "attestation": "none", "case_tag": "", "conditional": False, "alternative_group": "",
    } | values  # fmt: skip


def channel(key="C1", **values):
    return {
        "key": key, "kind": "online", "url": "https://ur.gov.iq/", "phone": "", "offices_rule": "unit",
        "office_kind": "", "sign_in": "none", "languages": ["ar"], "duration_min": None, "duration_max": None,
        "duration_unit": "",
    } | values  # fmt: skip


def document(**values):
    return {
        "fees": [fee()], "documents": [paper()], "channels": [channel()], "offerings": [], "visits": 2,
        "signatures": 1, "status": "available", "is_free": False, "needs_no_documents": False,
        "duration_min": 1, "duration_max": 5, "duration_unit": "working_day",
    } | values  # fmt: skip


@pytest.mark.parametrize(
    ("change", "what", "row", "field"),
    [
        ({"fees": [fee(amount_minor=30_000)]}, "fee", "F1", "amount"),
        ({"fees": [fee(amount_minor=30_000, kind="per_unit")]}, "fee", "F1", ""),
        ({"fees": [fee(), fee("F2")]}, "fee", "F2", ""),
        ({"fees": []}, "fee", "F1", ""),
        ({"is_free": True}, "fee", "", "free"),
        ({"documents": [paper(copies=2)]}, "document", "D1", "copies"),
        ({"duration_max": 9}, "duration", "", ""),
        ({"channels": [channel(duration_max=3, duration_unit="hour")]}, "duration", "C1", ""),
        ({"visits": 1}, "visits", "", "visits"),
        ({"signatures": 2}, "other", "", "signatures"),
        ({"channels": [channel(url="https://ur.gov.iq/new")]}, "channel", "C1", "url"),
        ({"status": "limited"}, "status", "", "status"),
    ],
)
def test_each_kind_of_change_is_one_row(change, what, row, field):
    (found,) = diff(document(), document(**change))
    assert (found.what, found.row_key, found.field) == (what, row, field)
    (back,) = diff(document(**change), document())
    assert (back.before, back.after) == (found.after, found.before)


def test_amounts_are_decimal_strings_with_their_currency():
    (found,) = diff(document(), document(fees=[fee(amount_minor=1050, currency="USD")]))
    assert (found.before["amount"], found.after["amount"], found.after["currency"]) == (
        "25000",
        "10.50",
        "USD",
    )


def test_words_are_no_facts():
    reworded = document(
        fees=[fee(label={"ar": "رسم الإصدار"})],
        documents=[paper(document_type={"code": "photo", "name": {"ar": "صورة شخصية"}})],
    )
    assert diff(document(), reworded) == []


rows = st.lists(
    st.builds(fee, st.sampled_from(["F1", "F2", "F3"]), amount_minor=st.none() | st.integers(0, 10**12)),
    max_size=3,
    unique_by=lambda row: row["key"],
)
documents = st.builds(
    document,
    fees=rows,
    visits=st.none() | st.integers(0, 9),
    duration_max=st.none() | st.integers(1, 90),
    status=st.sampled_from(["available", "limited"]),
)


@given(documents, documents)
def test_nothing_differs_from_itself_and_both_ways_tell_the_same(before, after):
    assert diff(before, copy.deepcopy(before)) == []
    there, back = diff(before, after), diff(after, before)
    assert sorted((c.what, c.row_key, c.field) for c in there) == sorted(
        (c.what, c.row_key, c.field) for c in back
    )
    assert all(change.before != change.after for change in there)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ((2026, 1, 31), 1, (2026, 2, 28)),
        ((2024, 1, 31), 1, (2024, 2, 29)),
        ((2026, 11, 23), 12, (2027, 11, 23)),
        ((2026, 12, 1), 3, (2027, 3, 1)),
        ((2026, 5, 31), -3, (2026, 2, 28)),
    ],
)
def test_months_end_with_their_last_day(day, months, expected):
    assert add_months(dt.date(*day), months) == dt.date(*expected)


@given(st.dates(dt.date(1900, 1, 1), dt.date(2200, 1, 1)), st.integers(1, 48))
def test_a_later_month_is_later(day, months):
    later = add_months(day, months)
    assert later > day
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months

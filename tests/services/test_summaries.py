"""Fees and times as one line of text, in three languages."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from egov_cms.services.snapshots import summaries

DAY = datetime.date(2026, 11, 23)


@dataclass
class Fee:
    kind: str = "fixed"
    amount_minor: int | None = None
    amount_max_minor: int | None = None
    percent: Decimal | None = None
    unit: str = ""
    currency: str = "IQD"
    exponent: int = 0
    conditional: bool = False
    valid_from: datetime.date | None = None
    valid_to: datetime.date | None = None


def summary(*fees, free=False, language="en"):
    with translation.override(language):
        text, note = summaries.fee_summary(fees, free, DAY)
    return text.replace("\u00a0", " "), note.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("fees", "text", "note"),
    [
        ([Fee(amount_minor=50_000), Fee(amount_minor=10_000)], "60,000 IQD", ""),
        (
            [Fee(amount_minor=10_000), Fee(amount_minor=25_000, conditional=True)],
            "10,000 IQD",
            "in some cases also 25,000 IQD",
        ),
        ([Fee("range", 1_000, 5_000), Fee(amount_minor=500)], "1,500 to 5,500 IQD", ""),
        ([Fee("percent", percent=Decimal("3.00"))], "3%", ""),
        ([Fee("percent", percent=Decimal("2.5")), Fee(amount_minor=5_000)], "5,000 IQD + 2.5%", ""),
        ([Fee("per_unit", 500, unit="per square metre")], "500 IQD per square metre", ""),
        ([Fee("per_unit", 500)], "500 IQD for each", ""),
        ([Fee("varies")], "Varies", ""),
        ([Fee("varies"), Fee(amount_minor=3_000)], "from 3,000 IQD", ""),
        (
            [Fee(amount_minor=9_000, conditional=True)],
            "Free of charge in most cases",
            "in some cases: 9,000 IQD",
        ),
        ([Fee(amount_minor=1_250, currency="USD", exponent=2)], "12.50 USD", ""),
        ([], "", ""),
        (
            [Fee(amount_minor=5_000, valid_to=datetime.date(2026, 1, 1)), Fee(amount_minor=7_000)],
            "7,000 IQD",
            "",
        ),
        (
            [Fee(amount_minor=5_000, valid_from=datetime.date(2027, 1, 1)), Fee(amount_minor=7_000)],
            "7,000 IQD",
            "",
        ),
    ],
)
def test_fee_summary(fees, text, note):
    assert summary(*fees) == (text, note)


def test_fee_summary_in_arabic_and_sorani():
    fees = [Fee(amount_minor=25_000_000)]
    assert summary(*fees, language="ar") == ("25,000,000 د.ع", "")
    assert summary(*fees, language="ckb") == ("25,000,000 د.ع", "")
    assert summary(free=True, language="ar") == ("مجاناً", "")
    assert summary(free=True, language="ckb") == ("بەخۆڕایی", "")
    extra = [Fee(amount_minor=10_000), Fee(amount_minor=25_000, conditional=True)]
    assert summary(*extra, language="ar")[1] == "وفي بعض الحالات أيضاً 25,000 د.ع"


@given(
    st.lists(
        st.builds(
            Fee,
            kind=st.sampled_from(["fixed", "range", "percent", "per_unit", "varies"]),
            amount_minor=st.none() | st.integers(0, 2**53),
            amount_max_minor=st.none() | st.integers(0, 2**53),
            percent=st.decimals(0, 100, places=2),
            conditional=st.booleans(),
        ),
        max_size=6,
    ),
    st.booleans(),
    st.sampled_from(["ar", "ckb", "en"]),
)
def test_any_fees_have_a_summary(fees, free, language):
    text, _note = summary(*fees, free=free, language=language)
    assert bool(text) == (free or bool(fees))


@pytest.mark.parametrize(
    ("language", "visits", "text"),
    [
        ("en", 0, "No visit needed"),
        ("en", 1, "1 visit"),
        ("en", 3, "3 visits"),
        ("ar", 0, "بلا مراجعة"),
        ("ar", 1, "مراجعة واحدة"),
        ("ar", 2, "مراجعتان"),
        ("ar", 3, "3 مراجعات"),
        ("ar", 11, "11 مراجعة"),
        ("ckb", 2, "2 سەردان"),
        ("en", None, ""),
    ],
)
def test_visits(language, visits, text):
    with translation.override(language):
        assert summaries.visits_summary(visits) == text


def test_duration_copies_and_validity():
    with translation.override("ar"):
        assert summaries.duration_summary(3, 7, "working_day") == "3 إلى 7 أيام عمل"
        assert summaries.copies_summary(1, 2) == "الأصل + نسختان"
        assert summaries.validity_summary(10, "year") == "10 سنوات"
    with translation.override("en"):
        assert summaries.duration_summary(3, 7, "working_day") == "3 to 7 working days"
        assert summaries.duration_summary(None, None, "") == ""
        assert summaries.copies_summary(1, 0) == "Original"
        assert summaries.copies_summary(0, 4) == "4 copies"
        assert summaries.copies_summary(2, 1) == "2 originals + 1 copy"
        assert summaries.validity_summary(None, "") == ""

"""Personal data in texts and columns, and what is none although it looks like it."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_cms.tabular.personal_data import (
    ColumnScan,
    PersonalKind,
    hidden,
    inspect_column,
    inspect_text,
    kind_of_value,
    mask,
)
from egov_cms.tabular.personal_headings import kinds_promised


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("07701234567", "phone"),
        ("٠٧٧٠١٢٣٤٥٦٧", "phone"),
        ("0770 123 4567", "phone"),
        ("+964 770 123 4567", "phone"),
        ("00964 (0)770-123-4567", "phone"),
        ("+81 3 1234 5678", "phone"),
        ("7701234567", "phone"),
        ("199012345678", "national_id"),
        ("۱۹۹۰۱۲۳۴۵۶۷۸", "national_id"),
        ("A12345678", "passport"),
        ("a.b@example.com", "email"),
        ("IQ98NBIQ850123456789012", "iban"),
        ("GB82 WEST 1234 5698 7654 32", "iban"),
        ("GB82 WEST 1234 5698 7654 33", None),
        ("4111 1111 1111 1111", "card"),
        ("4111 1111 1111 1112", None),
        ("25000", None),
        ("25,000,000", None),
        ("2026-01-31", None),
        ("بغداد", None),
        ("IQ-MOI-004", None),
        ("W00", None),
        ("", None),
    ],
)
def test_what_a_value_is_by_its_form(value, kind):
    assert kind_of_value(value) == kind


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("الاسم الرباعي", "name"),
        ("اسم الموظف الثلاثي", "name"),
        ("اسم المستفيد", "name"),
        ("اسم الأم", "mother_name"),
        ("تاريخ الميلاد", "birth_date"),
        ("تأريخ الولاده", "birth_date"),
        ("المواليد", "birth_date"),
        ("رقم الهاتف", "phone"),
        ("الموبايل", "phone"),
        ("البريد الإلكتروني", "email"),
        ("رقم البطاقة الوطنية", "national_id"),
        ("رقم جواز السفر", "passport"),
        ("رقم الحساب", "account"),
        ("عنوان السكن", "address"),
        ("الديانة", "sensitive"),
        ("ناوی سیانی", "name"),
        ("ناوی دایک", "mother_name"),
        ("ڕێکەوتی لەدایکبوون", "birth_date"),
        ("ژمارەی مۆبایل", "phone"),
        ("مۆبایلەکەی", "phone"),
        ("ژمارەی کارتی نیشتمانی", "national_id"),
        ("ژمارەی پاسپۆرت", "passport"),
        ("Full name", "name"),
        ("Mother's name", "mother_name"),
        ("date_of_birth", "birth_date"),
        ("dateOfBirth", "birth_date"),
        ("Mobile phones", "phone"),
        ("E-mail", "email"),
        ("national_no", "national_id"),
        ("IBAN", "iban"),
        ("الاسم", None),
        ("اسم المدرسة", None),
        ("العنوان", None),
        ("السنة ميلادي", None),
        ("عدد الطلبة", None),
        ("الدينار", None),
        ("المرحلة", None),
        ("Hotel", None),
        ("name", None),
        ("Account Code", "account"),
        ("", None),
    ],
)
def test_what_a_heading_promises(heading, kind):
    assert kinds_promised(heading)[:1] == ([kind] if kind else [])


def test_a_column_is_found_by_its_values_alone():
    (finding,) = inspect_column([f"0770{number:07}" for number in range(1, 31)], "c3")
    assert (finding.kind, finding.count, finding.of, finding.by_heading) == ("phone", 30, 30, False)
    assert finding.samples == ("07•••01", "07•••02", "07•••03")


def test_a_column_is_found_by_its_heading():
    (finding,) = inspect_column(["زينب علي حسن", "", None], "الاسم الثلاثي")
    assert (finding.kind, finding.count, finding.of, finding.by_heading) == ("name", 1, 1, True)
    (finding,) = inspect_column([dt.date(1990, 1, 1), "1/1/1985", 1971], "تاريخ الميلاد")
    assert (finding.kind, finding.count) == ("birth_date", 3)


def test_one_address_of_mail_in_a_thousand_values_is_a_finding_and_one_long_number_is_not():
    words = ["نص"] * 1000
    assert [each.kind for each in inspect_column([*words, "a@b.iq"])] == [PersonalKind.EMAIL]
    assert inspect_column([*words, "199012345678"]) == []


@pytest.mark.parametrize(
    ("heading", "values"),
    [
        ("المبلغ", [125_000_000_000, 340_000_000_000, 985_250_000_000]),
        ("عدد جوازات السفر", [120, 340, 17]),
        ("passports issued", [1200, 3400, 170]),
        ("الهواتف المحمولة لكل مئة", [95, 97]),
        ("السكان", [5154432, 1234567]),
        ("رقم الهاتف", []),
        ("email", ["", None]),
    ],
)
def test_counts_and_amounts_are_no_persons(heading, values):
    assert inspect_column(values, heading) == []


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("رقم بطاقتي 199012345678 شكراً", "رقم بطاقتي ••• شكراً"),
        ("اتصلوا على ٠٧٧٠١٢٣٤٥٦٧", "اتصلوا على •••"),
        ("اتصل ٠٧٧٠-١٢٣-٤٥٦٧ رجاءً", "اتصل ••• رجاءً"),
        ("+964 770 123 4567", "•••"),
        ("hidden 0770\u200e123\u200e4567 marks", "hidden ••• marks"),
        ("a.b@example.com", "•••"),
        ("جوازي A12345678", "جوازي •••"),
        ("IBAN IQ98 NBIQ 8501 2345 6789 012.", "IBAN •••."),
        ("الرسم 25000 دينار في سنة 2026", "الرسم 25000 دينار في سنة 2026"),
        ("25,000,000", "25,000,000"),
    ],
)
def test_a_text_is_masked(text, masked):
    assert mask(text) == masked


def test_findings_of_a_text():
    found = {each.kind: each.count for each in inspect_text("07701234567, 07801234567, a@b.iq, 199012345678")}
    assert found == {"phone": 2, "email": 1, "national_id": 1}
    assert inspect_text("الرسم 25000 دينار") == []


@given(st.text())
def test_any_text_is_masked_once(text):
    masked = mask(text)
    assert mask(masked) == masked
    assert all(finding.count for finding in inspect_text(text))


@given(st.text(min_size=1))
def test_a_hidden_value_does_not_show_itself(value):
    assert value not in hidden(value) or len(value) <= 2


@given(
    st.text(max_size=20),
    st.lists(st.none() | st.text() | st.integers() | st.floats() | st.dates(), max_size=5),
)
def test_any_column_is_looked_at(heading, values):
    scan = ColumnScan(heading)
    for value in values:
        scan.add(value)
    assert all(0 < each.count <= each.of for each in scan.findings())


def test_every_kind_has_a_name_that_people_read():
    assert len({str(kind.label) for kind in PersonalKind}) == len(PersonalKind)

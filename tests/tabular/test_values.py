"""Typed values as people write them, in cells and in plain values."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from egov_cms.tabular import Cell, InvalidValue, Kind, values
from egov_cms.tabular.texts import clean_words


def code_of(read, *arguments, **options):
    with pytest.raises(InvalidValue) as refused:
        read(*arguments, **options)
    assert str(refused.value)
    return refused.value.code


def cell(value, kind=None, number_format="General", formula=None):
    kinds = {
        str: Kind.TEXT,
        int: Kind.NUMBER,
        Decimal: Kind.NUMBER,
        bool: Kind.BOOLEAN,
        type(None): Kind.EMPTY,
    }
    return Cell(value, kind or kinds[type(value)], 1, 1, number_format, formula)


# Numbers


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (25000, "25000"),
        ("25,000", "25000"),
        ("٢٥٬٠٠٠٫٥", "25000.5"),
        ("۲۵۰۰۰", "25000"),
        ("25 000", "25000"),
        ("25\u00a0000", "25000"),
        (" -5 ", "-5"),
        ("\u22125", "-5"),
        ("(1,234)", "-1234"),
        ("1,234-", "-1234"),
        ("٣-", "-3"),
        ("'-5", "-5"),
        ("1e3", None),
        ("1,5", None),
        ("", None),
        ("abc", None),
        (True, None),
        (None, None),
        ([1], None),
        (float("nan"), None),
        (Decimal("Infinity"), None),
        (0.1, "0.1"),
        (1e22, "1e22"),
    ],
)
def test_numbers_in_any_digits(written, read):
    for value in (written, cell(written)) if isinstance(written, str | int) else (written,):
        if read is None:
            assert code_of(values.number, value) == "not_a_number"
        else:
            assert values.number(value) == Decimal(read)


def test_numbers_with_a_decimal_comma():
    assert values.number("1.234.567,50", decimal_mark=",") == Decimal("1234567.5")
    assert values.number("-2.500,25", decimal_mark=",") == Decimal("-2500.25")
    assert code_of(values.number, "1.234.567,50") == "not_a_number"


@given(st.integers(-(10**18), 10**18))
def test_whole_numbers_survive_any_digits(number):
    grouped = f"{number:,}".translate(str.maketrans("0123456789,", "٠١٢٣٤٥٦٧٨٩٬"))
    if 0 <= number <= values.LARGEST_AMOUNT:
        assert values.whole(grouped) == values.whole(number) == values.whole(cell(number)) == number
    else:
        assert code_of(values.whole, grouped) in ("negative", "too_high")
    assert values.whole(grouped, None, None) == number


@pytest.mark.parametrize(
    ("value", "bounds", "code"),
    [
        (-1, (0, 9), "negative"),
        (1, (2, 9), "too_low"),
        (10, (0, 9), "too_high"),
        (Decimal("2.5"), (0, 9), "not_whole"),
        ("4%", (0, 9), "percentage"),
        (cell(Decimal("0.04"), number_format="0%"), (0, 9), "percentage"),
    ],
)
def test_whole_numbers_within_bounds(value, bounds, code):
    assert code_of(values.whole, value, *bounds) == code


def test_money_in_minor_units():
    assert values.money("25,000") == 25000
    assert values.money("25.5", 2, currency="USD") == 2550
    assert values.money(cell(Decimal("0.125")), 3) == 125
    assert values.money("-5", lowest=None) == -5
    assert values.money("198910343729000.123", 3, highest=2**63 - 1) == 198910343729000123
    assert code_of(values.money, "25.5") == "not_whole"
    assert code_of(values.money, "25.555", 2, currency="USD") == "decimals"
    assert code_of(values.money, "-5") == "negative"


@pytest.mark.parametrize(
    "value",
    [
        4,
        "4",
        "4%",
        "4 %",
        "٤٪",
        Decimal("4.00"),
        cell("4%"),
        cell(4),
        cell(Decimal("0.04"), number_format="0%"),
    ],
)
def test_four_percent_however_it_is_written(value):
    assert values.percent(value) == "4.00"


@pytest.mark.parametrize("value", [0, 101, "1.234", -1, cell(2, number_format="0%")])
def test_percentages_out_of_bounds(value):
    assert code_of(values.percent, value) == "percent"
    assert values.percent(0, allow_zero=True) == "0.00"


# Texts


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (None, ""),
        ("\u200fنص\u200f ", "نص"),
        (712, "712"),
        (Decimal("2.50"), "2.5"),
        (dt.date(2026, 1, 31), "2026-01-31"),
        (dt.datetime(2026, 1, 31), "2026-01-31"),
        (dt.time(8, 30), "08:30"),
        (cell("'=1"), "=1"),
        ("= بند", "= بند"),
        (" a\n  b ", "a\n  b"),
        (cell(" a \r\n  b "), "a\nb"),
        (cell(712, number_format="00000"), "00712"),
        (cell(Decimal("0.04"), number_format="0.0%"), "4%"),
        (1e22, "10000000000000000000000"),
    ],
)
def test_texts(value, read):
    assert values.text(value) == read


@pytest.mark.parametrize(
    ("value", "longest", "code"),
    [
        (True, 0, "not_text"),
        ([1], 0, "not_text"),
        ({}, 0, "not_text"),
        ("abcd", 3, "too_long"),
        (cell("=1"), 0, "formula"),
    ],
)
def test_what_is_no_text(value, longest, code):
    assert code_of(values.text, value, longest) == code


@given(st.text())
def test_clean_words_are_clean(text):
    clean = clean_words(text)
    assert clean_words(clean) == clean == clean.strip()


def test_empty_cells_are_nothing():
    assert values.plain(cell(None)) is values.plain(cell("  ")) is values.plain(cell("\u200f")) is None
    assert values.plain("'=1") == "'=1" and values.plain(cell("'=1")) == "=1"


# Days, times, yes and no


@pytest.mark.parametrize(
    "value",
    [
        "2026-01-31",
        "2026/1/31",
        "31/1/2026",
        "31.01.2026",
        "31-1-2026",
        "٣١/١/٢٠٢٦",
        "2026-01-31 00:00:00",
        "2026-01-31T00:00:00",
        46053,
        dt.date(2026, 1, 31),
        dt.datetime(2026, 1, 31, 8, 30),
        cell(dt.date(2026, 1, 31), Kind.DATE),
    ],
)
def test_days(value):
    assert values.date(value) == dt.date(2026, 1, 31)


@pytest.mark.parametrize(
    "value", ["31/13/2026", "30/2/2026", "1/31/2026", "قريباً", "", None, True, 5, "2026", 2.5, [1]]
)
def test_what_is_no_day(value):
    assert code_of(values.date, value) == "not_a_date"


def test_a_year_of_the_hijri_calendar_is_no_day_of_the_middle_ages():
    assert code_of(values.date, "1445-07-19") == code_of(values.date, "19/7/1445") == "year"
    assert values.date("1445-07-19", earliest=1) == dt.date(1445, 7, 19)


@pytest.mark.parametrize(
    "value",
    [
        "8:30",
        "08:30",
        "٨:٣٠",
        "8:30 am",
        "8:30 ص",
        "8:30 پ.ن",
        "08:30:00",
        dt.time(8, 30),
        dt.timedelta(hours=8.5),
    ],
)
def test_times(value):
    assert values.time(value) == dt.time(8, 30)


def test_times_of_the_afternoon():
    assert [
        values.time(f"{hour} {half}").hour for hour, half in (("12:00", "م"), ("12:00", "ص"), ("1:00", "pm"))
    ] == [12, 0, 13]


@pytest.mark.parametrize("value", ["25:00", "8", "13:00 pm", "8:30 xx", None, 8, dt.timedelta(hours=24), ""])
def test_what_is_no_time(value):
    assert code_of(values.time, value) == "not_a_time"


@pytest.mark.parametrize("value", ["yes", "YES", "نعم", "نَعَم", "بەڵێ", "1", 1, True, "true", cell(True)])
def test_yes(value):
    assert values.yes_no(value) is True


@pytest.mark.parametrize("value", ["no", "لا", "كلا", "نەخێر", "0", 0, False, "false"])
def test_no(value):
    assert values.yes_no(value) is False


@pytest.mark.parametrize("value", ["perhaps", "", None, 2, "ربما"])
def test_neither_yes_nor_no(value):
    assert code_of(values.yes_no, value) == "not_boolean"


def test_yaml_says_true_or_false_only():
    assert values.true_false(True) is True
    assert code_of(values.true_false, "yes") == "not_boolean"


# Choices and addresses


def test_choices_by_code_and_name():
    names = {"مقيم": "resident", "مواطن": "citizen"}
    assert values.choice("citizen", ["citizen", "resident"]) == "citizen"
    assert values.choice(" Citizen ", ["citizen", "resident"]) == "citizen"
    assert values.choice("مُقيم", ["citizen", "resident"], names) == "resident"
    assert values.choice(2, [1, 2]) == 2
    assert values.choice("2", [1, 2]) == 2
    with pytest.raises(InvalidValue, match="resident") as refused:
        values.choice("residnt", ["citizen", "resident"])
    assert refused.value.code == "unknown_code"
    assert code_of(values.choice, None, ["a"]) == code_of(values.choice, True, [1]) == "unknown_code"


def test_the_nearest_code_is_proposed():
    assert "national_id" in values.nearest("national_ld", ["national_id", "passport"])
    assert "resident" in values.nearest("مقيمم", ["resident", "مقيم"], {"مقيم": "resident"})
    assert values.nearest("zzz", ["national_id"]) == ""


def test_https_addresses():
    assert values.https(" https://ur.gov.iq/ ") == "https://ur.gov.iq/"
    for wrong in ("http://ur.gov.iq", "ur.gov.iq", "javascript:1", "", None):
        assert code_of(values.https, wrong) == "not_https"


READERS = [
    values.plain,
    values.text,
    values.number,
    values.whole,
    values.money,
    values.percent,
    values.date,
    values.time,
    values.yes_no,
    values.true_false,
    values.https,
    lambda value: values.choice(value, ["a", 1]),
]
ANY = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.text()
    | st.dates()
    | st.times()
)
ANY |= (
    st.text("0123456789٠١٢٣٤٥٦٧٨٩.,:/-+%()= \u200f'", max_size=12)
    | st.lists(st.integers(), max_size=2)
    | st.timedeltas()
)


@given(st.sampled_from(READERS), ANY)
def test_any_value_is_read_or_refused(read, value):
    try:
        read(value)
    except InvalidValue as refused:
        assert str(refused) and refused.code


def test_messages_are_in_the_language_of_the_reader():
    said = set()
    for language in ("ar", "ckb", "en"):
        with override(language), pytest.raises(InvalidValue) as refused:
            values.whole("كثير")
        said.add(str(refused.value))
    assert len(said) == 3

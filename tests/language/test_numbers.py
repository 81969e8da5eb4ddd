"""Parsing and formatting of digits, numbers, percentages, money and durations."""

import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_cms.language import (
    format_count,
    format_duration,
    format_money,
    format_money_words,
    format_number,
    format_percent,
    localise_digits,
    parse_number,
    plural_category,
    to_ascii_digits,
)

LOCALES = ("ar", "ckb", "en")
amounts = st.integers(min_value=-(10**18), max_value=10**18)


@pytest.fixture
def arabic_digits(settings):
    settings.EGOV = {"DIGITS": "arab"}


def plain(text):
    return text.replace("\u00a0", " ").replace("\u200e", "")


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("25000", "25000"),
        ("25,000", "25000"),
        ("٢٥٬٠٠٠", "25000"),
        ("٢٥،٠٠٠", "25000"),
        ("۲۵۰۰۰", "25000"),
        ("٢٥٫٥", "25.5"),
        ("1,234,567.25", "1234567.25"),
        ("1 234 567", "1234567"),
        (" -5 ", "-5"),
        ("\u22125", "-5"),
        ("\u200f٥\u200f", "5"),
        ("+7", "7"),
        (".5", "0.5"),
    ],
)
def test_common_spellings_of_numbers_are_parsed(written, number):
    assert parse_number(written) == Decimal(number)


@pytest.mark.parametrize(
    "written",
    [
        "",
        " ",
        "abc",
        "1,5",
        "١٫٥٫٢",
        "1.234.567",
        "12,34,567",
        ",000",
        "1,000,00",
        "5-",
        "1e5",
        "NaN",
        "∞",
        "٢٥ دينار",
        "9" * 65,
        "--5",
        "½",
    ],
)
def test_other_and_ambiguous_text_is_refused_as_a_number(written):
    with pytest.raises(ValueError, match="Not a number"):
        parse_number(written)


@given(amounts, st.sampled_from(LOCALES), st.sampled_from(["latn", "arab", "arabext"]))
def test_a_formatted_number_can_be_parsed(amount, locale, digits):
    assert parse_number(localise_digits(format_number(amount, locale), digits)) == amount


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=4))
def test_decimals_are_kept_exactly(number):
    assert parse_number(format_number(number, "ar")) == number


@given(st.text())
def test_any_text_is_a_number_or_a_value_error(text):
    with contextlib.suppress(ValueError):
        assert parse_number(text).is_finite()


@given(st.text())
def test_converting_to_ascii_digits_is_idempotent(text):
    once = to_ascii_digits(text)
    assert to_ascii_digits(once) == once
    assert len(once) == len(text)


@pytest.mark.parametrize("locale", LOCALES)
def test_large_numbers_are_grouped_in_every_language(locale):
    assert format_number(25_000_000, locale) == "25,000,000"
    assert format_number(Decimal("1234567.50"), locale) == "1,234,567.5"
    assert format_number(2.675, locale, places=2) == "2.68"
    assert format_number("٢٥٠٠٠", locale) == "25,000"
    assert format_number(None, locale) == ""
    assert format_number(-0.4, locale, places=0) == "0"


def test_a_minus_stays_before_its_number_in_right_to_left_text():
    assert format_number(-5, "ar") == "\u200e-5"
    assert format_number(-5, "en") == "-5"


@pytest.mark.parametrize("value", [float("nan"), Decimal("Infinity"), "abc"])
def test_a_value_that_is_not_a_finite_number_is_refused(value):
    with pytest.raises(ValueError, match="Not a"):
        format_number(value)


def test_arabic_digits_are_not_used_in_english(arabic_digits):
    assert format_number(1234567.5, "ar") == "١٬٢٣٤٬٥٦٧٫٥"
    assert format_number(1234567.5, "ckb") == "١٬٢٣٤٬٥٦٧٫٥"
    assert format_number(1234567.5, "en") == "1,234,567.5"
    assert format_percent(15.5, "ar") == "١٥٫٥٪"
    assert format_duration(1, locale="ckb") == "١ ڕۆژی کار"


def test_separators_of_dates_and_lists_are_not_converted():
    assert localise_digits("05.07.2026 127.0.0.1 1,2", "arab") == "٠٥.٠٧.٢٠٢٦ ١٢٧.٠.٠.١ ١,٢"
    assert localise_digits("1,234.5", "arabext") == "۱٬۲۳۴٫۵"


def test_percentages():
    assert format_percent(15, "en") == "15%"
    assert format_percent(Decimal("2.50"), "ar") == "2.5%"
    assert format_percent(33.3333, "en") == "33.33%"
    assert format_percent(33.3333, "en", places=0) == "33%"


@pytest.mark.parametrize(
    ("locale", "shown"), [("ar", "25,000 د.ع"), ("ckb", "25,000 د.ع"), ("en", "25,000 IQD")]
)
def test_the_dinar_has_no_decimals_and_follows_the_number(locale, shown):
    assert plain(format_money(25_000, locale=locale)) == shown
    assert "\u00a0" in format_money(25_000, locale=locale)


def test_minor_units_are_scaled_by_the_exponent():
    assert plain(format_money(1250, "USD", 2, "en")) == "12.50 USD"
    assert plain(format_money(1200, "USD", 2, "en")) == "12 USD"
    assert plain(format_money(25_000_500, "IQD", 3, "en")) == "25,000.500 IQD"
    assert plain(format_money(9_007_199_254_740_993, locale="en")) == "9,007,199,254,740,993 IQD"
    assert plain(format_money(1, "XAU", 0, "ar")) == "1 XAU"


@pytest.mark.parametrize(
    ("amount", "ar", "ckb", "en"),
    [
        (1_840_000_000_000, "1.84 ترليون د.ع", "1.84 تریلیۆن د.ع", "1.84 trillion IQD"),
        (25_000_000_000, "25 مليار د.ع", "25 ملیار د.ع", "25 billion IQD"),
        (5_000_000, "5 ملايين د.ع", "5 ملیۆن د.ع", "5 million IQD"),
        (999_999_999, "1 مليار د.ع", "1 ملیار د.ع", "1 billion IQD"),
        (999_000, "999,000 د.ع", "999,000 د.ع", "999,000 IQD"),
        (-3_000_000, "-3 ملايين د.ع", "-3 ملیۆن د.ع", "-3 million IQD"),
        (2_500_000_000_000_000, "2,500 ترليون د.ع", "2,500 تریلیۆن د.ع", "2,500 trillion IQD"),
    ],
)
def test_large_amounts_in_words(amount, ar, ckb, en):
    shown = [plain(format_money_words(amount, locale=locale)) for locale in LOCALES]
    assert shown == [ar, ckb, en]


@given(amounts, st.sampled_from(LOCALES))
def test_an_amount_in_words_uses_the_largest_scale(amount, locale):
    shown = plain(format_money_words(amount, locale=locale))
    number = abs(parse_number(shown.split(" ")[0]))
    assert number < 1000 or abs(amount) < 10**6 or abs(amount) >= 10**15 - 10**10


@pytest.mark.parametrize(
    ("count", "category"),
    [
        (0, "zero"),
        (1, "one"),
        (2, "two"),
        (3, "few"),
        (10, "few"),
        (11, "many"),
        (99, "many"),
        (100, "other"),
        (102, "other"),
        (103, "few"),
        (111, "many"),
    ],
)
def test_arabic_has_six_plural_forms(count, category):
    assert plural_category(count, "ar") == category


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (1, "يوم واحد"),
        (2, "يومان"),
        (3, "3 أيام"),
        (10, "10 أيام"),
        (11, "11 يوماً"),
        (100, "100 يوم"),
        (103, "103 أيام"),
    ],
)
def test_counted_days_agree_in_arabic(count, shown):
    assert format_count(count, "day", "ar") == shown


def test_durations():
    assert format_duration(3, 7, locale="ar") == "3 إلى 7 أيام عمل"
    assert format_duration(3, 7, locale="ckb") == "3 بۆ 7 ڕۆژی کار"
    assert format_duration(3, 7, locale="en") == "3 to 7 working days"
    assert format_duration(0, locale="ar") == "في اليوم نفسه"
    assert format_duration(None, 2, "day", "ar") == "حتى يومين"
    assert format_duration(1, 1, "hour", "en") == "1 hour"
    assert format_duration(5, 15, locale="ar") == "5 إلى 15 يوم عمل"
    assert format_duration(None, None) == ""

"""Dates and times in the conventions of Iraq."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from egov_cms.language import (
    format_date,
    format_datetime,
    format_hijri,
    format_range,
    format_relative,
    format_time,
)

LOCALES = ("ar", "ckb", "en")
JANUARY = dt.date(2026, 1, 5)
BAGHDAD = ZoneInfo("Asia/Baghdad")
dates = st.dates(min_value=dt.date(1, 1, 1))


@pytest.mark.parametrize(
    ("locale", "long", "month", "weekday", "near"),
    [
        (
            "ar",
            "5 كانون الثاني 2026",
            "كانون الثاني 2026",
            "الاثنين 5 كانون الثاني 2026",
            "الاثنين 5 كانون الثاني",
        ),
        (
            "ckb",
            "5ی کانوونی دووەمی 2026",
            "کانوونی دووەمی 2026",
            "دووشەممە، 5ی کانوونی دووەمی 2026",
            "دووشەممە، 5ی کانوونی دووەم",
        ),
        ("en", "5 January 2026", "January 2026", "Monday 5 January 2026", "Monday 5 January"),
    ],
)
def test_january_has_its_iraqi_name(locale, long, month, weekday, near):
    assert format_date(JANUARY, locale) == long
    assert format_date(JANUARY, locale, "month") == month
    assert format_date(JANUARY, locale, "weekday") == weekday
    assert format_date(JANUARY, locale, "near") == near
    assert format_date(JANUARY, locale, "short") == "05/01/2026"


def test_names_of_months_and_weekdays_equal_the_reference_data(reference_data):
    reference = (reference_data / "reference" / "iraq_reference.yaml").read_text()
    calendar = yaml.safe_load(reference)["calendar"]
    for locale in LOCALES:
        shown = [format_date(dt.date(2026, month, 1), locale, "month") for month in range(1, 13)]
        for name, text in zip(calendar["months"][locale], shown, strict=True):
            assert text.startswith(name)
        sunday = dt.date(2026, 1, 4)
        for after, name in enumerate(calendar["weekdays_from_sunday"][locale]):
            assert format_date(sunday + dt.timedelta(after), locale, "weekday").startswith(name)


@given(dates, st.sampled_from(LOCALES), st.sampled_from(["long", "month", "short", "weekday"]))
def test_every_style_except_near_contains_the_year(day, locale, style):
    assert str(day.year) in format_date(day, locale, style)


def test_a_datetime_is_shown_in_the_time_zone_of_baghdad():
    late = dt.datetime(2026, 1, 4, 22, 30, tzinfo=dt.UTC)
    assert format_date(late, "en") == "5 January 2026"
    assert format_datetime(late, "en") == "5 January 2026 at 1:30 am"
    assert format_datetime(late, "ar") == "5 كانون الثاني 2026، الساعة 1:30 ليلاً"


@pytest.mark.parametrize(
    ("hour", "ar", "ckb", "en"),
    [
        (0, "12:00 ليلاً", "12:00ی شەو", "12:00 am"),
        (8, "8:00 صباحاً", "8:00ی بەیانی", "8:00 am"),
        (12, "12:00 ظهراً", "12:00ی نیوەڕۆ", "12:00 pm"),
        (14, "2:00 بعد الظهر", "2:00ی دوای نیوەڕۆ", "2:00 pm"),
        (19, "7:00 مساءً", "7:00ی ئێوارە", "7:00 pm"),
    ],
)
def test_times_have_the_part_of_the_day(hour, ar, ckb, en):
    assert [format_time(dt.time(hour), locale) for locale in LOCALES] == [ar, ckb, en]


@given(st.times(), st.sampled_from(LOCALES))
def test_times_twelve_hours_apart_are_shown_differently(time, locale):
    other = time.replace(hour=(time.hour + 12) % 24)
    assert format_time(time, locale) != format_time(other, locale)


def test_hijri_follows_umm_al_qura():
    # Published dates of the Umm al-Qura calendar: 1 Muharram 1447, 1 Ramadan 1446, 1 Shawwal 1445.
    assert format_hijri(dt.date(2025, 6, 26), "ar") == "1 محرم 1447 هـ"
    assert format_hijri(dt.date(2025, 3, 1), "en") == "1 Ramadan 1446 AH"
    assert format_hijri(dt.date(2024, 4, 10), "ckb") == "1ی شەوالی 1445ی کۆچی"


@given(dates, st.sampled_from(LOCALES))
def test_hijri_is_empty_outside_its_calendar_and_never_fails(day, locale):
    assert bool(format_hijri(day, locale)) == (dt.date(1924, 8, 1) <= day <= dt.date(2077, 11, 16))


@pytest.mark.parametrize(
    ("days", "ar", "ckb", "en"),
    [
        (0, "اليوم", "ئەمڕۆ", "today"),
        (-1, "أمس", "دوێنێ", "yesterday"),
        (1, "غداً", "سبەینێ", "tomorrow"),
        (-2, "قبل يومين", "پێش 2 ڕۆژ", "2 days ago"),
        (-3, "قبل 3 أيام", "پێش 3 ڕۆژ", "3 days ago"),
        (11, "بعد 11 يوماً", "دوای 11 ڕۆژ", "in 11 days"),
        (-14, "قبل أسبوعين", "پێش 2 هەفتە", "2 weeks ago"),
        (-61, "قبل شهرين", "پێش 2 مانگ", "2 months ago"),
        (-365, "قبل سنة واحدة", "پێش 1 ساڵ", "1 year ago"),
        (366 * 3, "بعد 3 سنوات", "دوای 3 ساڵ", "in 3 years"),
    ],
)
def test_relative_days(days, ar, ckb, en):
    shown = [format_relative(JANUARY + dt.timedelta(days), JANUARY, locale) for locale in LOCALES]
    assert shown == [ar, ckb, en]


@pytest.mark.parametrize(
    ("seconds", "ar", "en"),
    [
        (-30, "الآن", "just now"),
        (-60, "قبل دقيقة واحدة", "1 minute ago"),
        (-600, "قبل 10 دقائق", "10 minutes ago"),
        (7200, "بعد ساعتين", "in 2 hours"),
        (-90000, "أمس", "yesterday"),
    ],
)
def test_relative_datetimes(seconds, ar, en):
    now = dt.datetime(2026, 1, 5, 12, 0, tzinfo=BAGHDAD)
    value = now + dt.timedelta(seconds=seconds)
    assert format_relative(value, now, "ar") == ar
    assert format_relative(value, now, "en") == en


@given(
    st.datetimes(min_value=dt.datetime(1900, 1, 1), max_value=dt.datetime(2200, 1, 1)),
    st.sampled_from(LOCALES),
)
def test_a_relative_time_never_shows_zero(moment, locale):
    shown = format_relative(moment, dt.datetime(2026, 1, 5, 12, 0), locale)
    assert shown
    assert " 0 " not in f" {shown} "


@pytest.mark.parametrize(
    ("low", "high", "ar", "ckb", "en"),
    [
        (3, 5, "3 إلى 5", "3 بۆ 5", "3 to 5"),
        (5, 5, "5", "5", "5"),
        (None, 5, "حتى 5", "تا 5", "up to 5"),
        (1000, None, "1,000 فأكثر", "1,000 و زیاتر", "1,000 or more"),
        (
            JANUARY,
            dt.date(2026, 1, 9),
            "5 إلى 9 كانون الثاني 2026",
            "5 بۆ 9ی کانوونی دووەمی 2026",
            "5 to 9 January 2026",
        ),
        (
            JANUARY,
            dt.date(2026, 3, 9),
            "5 كانون الثاني إلى 9 آذار 2026",
            "5ی کانوونی دووەم بۆ 9ی ئازاری 2026",
            "5 January to 9 March 2026",
        ),
        (
            JANUARY,
            dt.date(2027, 1, 5),
            "5 كانون الثاني 2026 إلى 5 كانون الثاني 2027",
            "5ی کانوونی دووەمی 2026 بۆ 5ی کانوونی دووەمی 2027",
            "5 January 2026 to 5 January 2027",
        ),
        (JANUARY, None, "من 5 كانون الثاني 2026", "لە 5ی کانوونی دووەمی 2026ەوە", "from 5 January 2026"),
        (None, JANUARY, "حتى 5 كانون الثاني 2026", "تا 5ی کانوونی دووەمی 2026", "until 5 January 2026"),
        (dt.time(8), dt.time(11), "8:00 إلى 11:00 صباحاً", "8:00 بۆ 11:00ی بەیانی", "8:00 to 11:00 am"),
        (
            dt.time(8),
            dt.time(14),
            "8:00 صباحاً إلى 2:00 بعد الظهر",
            "8:00ی بەیانی بۆ 2:00ی دوای نیوەڕۆ",
            "8:00 am to 2:00 pm",
        ),
        (None, None, "", "", ""),
    ],
)
def test_ranges_are_joined_by_words(low, high, ar, ckb, en):
    assert [format_range(low, high, locale) for locale in LOCALES] == [ar, ckb, en]


def test_none_is_shown_as_an_empty_text():
    assert format_date(None) == format_time(None) == format_datetime(None) == format_hijri(None) == ""
    assert format_relative(None) == ""


def test_midnight_is_not_treated_as_empty():
    assert format_time(dt.time(0, 0), "en") == "12:00 am"


def test_arabic_digits_are_used_when_set(settings):
    settings.EGOV = {"DIGITS": "arab"}
    assert format_date(JANUARY, "ar") == "٥ كانون الثاني ٢٠٢٦"
    assert format_date(JANUARY, "ar", "short") == "٠٥/٠١/٢٠٢٦"
    assert format_relative(JANUARY, JANUARY + dt.timedelta(5), "ar") == "قبل ٥ أيام"
    assert format_time(dt.time(8, 30), "ar") == "٨:٣٠ صباحاً"
    assert format_date(JANUARY, "en") == "5 January 2026"

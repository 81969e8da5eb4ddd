"""The template library `egov_language`: each filter and tag, in the active language."""

import datetime as dt

import pytest
from django.template import Context, Template
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

FILTERS = (
    "number",
    "percent",
    "money",
    "money_words",
    "day",
    "clock",
    "moment",
    "relative",
    "hijri",
    "duration",
    "digits",
    "phone",
)


def show(source, locale="ar", **context):
    with override(locale):
        return Template("{% load egov_language %}" + source).render(Context(context)).replace("\u00a0", " ")


def filtered(name):
    return f"{{{{ value|{name} }}}}"


@pytest.mark.parametrize(
    ("source", "value", "ar", "en"),
    [
        ("{{ value|number }}", 25000000, "25,000,000", "25,000,000"),
        ("{{ value|number:2 }}", 2.5, "2.50", "2.50"),
        ("{{ value|percent }}", 15.5, "15.5%", "15.5%"),
        ("{{ value|money }}", 25000, "25,000 د.ع", "25,000 IQD"),
        ('{{ value|money:"USD,2" }}', 1250, "12.50 دولار أمريكي", "12.50 USD"),
        ("{{ value|money_words }}", 1_840_000_000_000, "1.84 ترليون د.ع", "1.84 trillion IQD"),
        ("{{ value|day }}", dt.date(2026, 1, 5), "5 كانون الثاني 2026", "5 January 2026"),
        ('{{ value|day:"month" }}', dt.date(2026, 1, 5), "كانون الثاني 2026", "January 2026"),
        ("{{ value|clock }}", dt.time(8, 30), "8:30 صباحاً", "8:30 am"),
        (
            "{{ value|moment }}",
            dt.datetime(2026, 1, 5, 8, 30),
            "5 كانون الثاني 2026، الساعة 8:30 صباحاً",
            "5 January 2026 at 8:30 am",
        ),
        ("{{ value|until:7 }}", 3, "3 إلى 7", "3 to 7"),
        ("{{ value|duration }}", 3, "3 أيام عمل", "3 working days"),
        ('{{ value|duration:"month" }}', 2, "شهران", "2 months"),
        ("{{ value|phone }}", "+9647701234567", "+964 770 123 4567", "+964 770 123 4567"),
        ("{% ltr value %}", "B-12/<3", '<bdi dir="ltr">B-12/&lt;3</bdi>', '<bdi dir="ltr">B-12/&lt;3</bdi>'),
        ("{% bdi value %}", "C++ & وزارة", "<bdi>C++ &amp; وزارة</bdi>", "<bdi>C++ &amp; وزارة</bdi>"),
        ("{% bdi value|number %}", 1000, "<bdi>1,000</bdi>", "<bdi>1,000</bdi>"),
        ("{{ value|direction }} {{ value|native_name }}", "ckb", "rtl کوردی", "rtl کوردی"),
    ],
)
def test_filters_follow_the_active_language(source, value, ar, en):
    assert show(source, "ar", value=value) == ar
    assert show(source, "en", value=value) == en


def test_relative_is_relative_to_now(time_machine):
    time_machine.move_to(dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC), tick=False)
    assert show("{{ value|relative }}", value=dt.date(2026, 1, 2)) == "قبل 3 أيام"


def test_hijri_is_empty_unless_the_setting_is_on(settings):
    assert show("{{ value|hijri }}", value=dt.date(2026, 1, 5)) == ""
    settings.EGOV = {"CALENDAR_HIJRI": True}
    assert show("{{ value|hijri }}", value=dt.date(2026, 1, 5)) == "16 رجب 1447 هـ"


def test_digits_follow_the_setting(settings):
    settings.EGOV = {"DIGITS": "arab"}
    assert show("{{ value|digits }}", value="B-12") == "B-١٢"
    assert show("{{ value|digits }}", "en", value="B-12") == "B-12"


@pytest.mark.parametrize("name", FILTERS)
def test_none_is_shown_as_empty_and_invalid_values_unchanged(name):
    assert show(filtered(name), value=None) == ""
    assert show(filtered(name), value="") == ""
    assert show(filtered(name), value="<x>") in ("&lt;x&gt;", "")


@given(
    st.sampled_from(FILTERS),
    st.one_of(st.text(), st.integers(), st.floats(), st.dates(), st.times(), st.lists(st.integers())),
)
def test_no_value_raises_an_error(name, value):
    assert isinstance(show(filtered(name), value=value), str)

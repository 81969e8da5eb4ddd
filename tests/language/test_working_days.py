"""Working days: Sunday to Thursday, except the given holidays."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_cms.language import add_working_days, is_working_day, working_days_between

THURSDAY = dt.date(2026, 1, 1)
DAYS = st.dates(min_value=dt.date(2000, 1, 1), max_value=dt.date(2100, 1, 1))
HOLIDAYS = st.frozensets(st.dates(min_value=dt.date(2026, 1, 1), max_value=dt.date(2026, 6, 1)), max_size=20)
NEAR = st.dates(min_value=dt.date(2025, 12, 1), max_value=dt.date(2026, 7, 1))


def test_friday_and_saturday_are_the_weekend():
    week = [is_working_day(dt.date(2026, 1, 4) + dt.timedelta(after)) for after in range(7)]
    assert week == [True, True, True, True, True, False, False]
    assert not is_working_day(THURSDAY, {THURSDAY})


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (THURSDAY, 0, THURSDAY),
        (THURSDAY, 1, dt.date(2026, 1, 4)),
        (dt.date(2026, 1, 2), 0, dt.date(2026, 1, 4)),
        (dt.date(2026, 1, 4), 5, dt.date(2026, 1, 11)),
        (dt.date(2026, 1, 4), -1, THURSDAY),
    ],
)
def test_adding_working_days(start, days, end):
    assert add_working_days(start, days) == end


def test_holidays_are_skipped():
    army_day = dt.date(2026, 1, 6)
    assert add_working_days(dt.date(2026, 1, 5), 1, {army_day}) == dt.date(2026, 1, 7)
    assert working_days_between(dt.date(2026, 1, 4), dt.date(2026, 1, 8), [army_day]) == 3


@given(NEAR, st.integers(min_value=1, max_value=120), HOLIDAYS)
def test_counting_is_the_inverse_of_adding(start, days, holidays):
    end = add_working_days(start, days, holidays)
    assert is_working_day(end, holidays)
    assert working_days_between(start, end, holidays) == days


@given(NEAR, NEAR, HOLIDAYS)
def test_counting_equals_counting_day_by_day(start, end, holidays):
    low, high = sorted([start, end])
    days = [low + dt.timedelta(after) for after in range((high - low).days + 1)]
    expected = sum(is_working_day(day, holidays) for day in days if day != start)
    assert working_days_between(start, end, holidays) == (expected if end >= start else -expected)

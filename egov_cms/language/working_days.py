"""Counting working days. The weekend is Friday and Saturday; holidays are passed in by who knows them."""

import datetime as dt

WEEKEND = frozenset({4, 5})  # as date.weekday() counts
WORKING_DAYS_A_WEEK = 7 - len(WEEKEND)


def is_working_day(day, holidays=frozenset()):
    """Whether offices work on this date. holidays: a container of dates."""
    return day.weekday() not in WEEKEND and day not in holidays


def add_working_days(start, days, holidays=frozenset()):
    """The date `days` working days after `start` (before it, when negative); the day of `start` is not
    counted.

    Zero gives `start`, or the first working day after it when nobody works on it. OverflowError beyond year
    9999.
    """
    step = dt.timedelta(days=-1 if days < 0 else 1)
    day = start
    for _count in range(abs(days)):
        day += step
        while not is_working_day(day, holidays):
            day += step
    while not is_working_day(day, holidays):
        day += step
    return day


def working_days_between(start, end, holidays=frozenset()):
    """How many working days follow `start` up to and with `end`; negative when `end` is before `start`.

    So `working_days_between(start, add_working_days(start, n)) == n`.
    """
    if end < start:
        # Counted backwards: from the day before `start` down to `end`.
        return -_count(end - dt.timedelta(days=1), start - dt.timedelta(days=1), holidays)
    return _count(start, end, holidays)


def _count(after, last, holidays):
    weeks, rest = divmod((last - after).days, 7)
    days = [last - dt.timedelta(days=back) for back in range(rest)]
    on_weekdays = weeks * WORKING_DAYS_A_WEEK + sum(day.weekday() not in WEEKEND for day in days)
    return on_weekdays - sum(after < day <= last and day.weekday() not in WEEKEND for day in set(holidays))

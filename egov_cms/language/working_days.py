"""Counts working days. The weekend is Friday and Saturday; the caller passes the holidays."""

import datetime as dt

WEEKEND = frozenset({4, 5})  # as date.weekday() counts
WORKING_DAYS_A_WEEK = 7 - len(WEEKEND)


def is_working_day(day, holidays=frozenset()):
    """Whether this date is a working day. holidays: a container of dates."""
    return day.weekday() not in WEEKEND and day not in holidays


def add_working_days(start, days, holidays=frozenset()):
    """The date `days` working days after `start` (before it, when negative); `start` itself is not counted.

    Zero gives `start`, or the next working day when it is not one. OverflowError after the year 9999.
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
    """The number of working days after `start`, up to and including `end`; negative when `end` is before `start`.

    So `working_days_between(start, add_working_days(start, n)) == n`.
    """
    if end < start:
        # Counted backwards, from the day before `start` to `end`.
        return -_count(end - dt.timedelta(days=1), start - dt.timedelta(days=1), holidays)
    return _count(start, end, holidays)


def _count(after, last, holidays):
    weeks, rest = divmod((last - after).days, 7)
    days = [last - dt.timedelta(days=back) for back in range(rest)]
    on_weekdays = weeks * WORKING_DAYS_A_WEEK + sum(day.weekday() not in WEEKEND for day in days)
    return on_weekdays - sum(after < day <= last and day.weekday() not in WEEKEND for day in set(holidays))

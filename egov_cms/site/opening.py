"""Computes when an office is open: functions over plain values, in Asia/Baghdad (UTC+3, no daylight saving)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

BAGHDAD = ZoneInfo("Asia/Baghdad")
MIDNIGHT = dt.time(0)
# An office that does not open within this many days is closed until further notice.
HORIZON_DAYS = 92


@dataclass(frozen=True)
class Span:
    """From `opens` to `closes` within one day; `closes` at 00:00 is the midnight that ends the day."""

    opens: dt.time
    closes: dt.time


@dataclass(frozen=True)
class Special:
    """Other hours from `first` to `last`, both included. No spans: closed.

    `every_day`: also on days on which the office is usually closed.
    """

    first: dt.date
    last: dt.date
    spans: tuple[Span, ...] = ()
    every_day: bool = False


@dataclass(frozen=True)
class OpenState:
    """`until`: when an open office closes (None: not within the horizon).

    `next_opening`: when a closed one opens.
    """

    open: bool
    until: dt.datetime | None = None
    next_opening: dt.datetime | None = None


def spans_on(
    day: dt.date,
    weekly: dict[int, Sequence[Span]],
    specials: Sequence[Special] = (),
    holidays: frozenset[dt.date] = frozenset(),
) -> tuple[Span, ...]:
    """The spans in which an office is open on a day.

    `weekly` is keyed by `date.isoweekday() % 7` (Sunday is 0). The shortest of overlapping special periods
    applies. On a holiday the office is closed, unless a special period has `every_day`.
    """
    usual = tuple(weekly.get(day.isoweekday() % 7, ()))
    covering = [special for special in specials if special.first <= day <= special.last]
    special = min(covering, key=lambda each: (each.last - each.first, -each.first.toordinal()), default=None)
    if special is not None and special.every_day:
        return special.spans
    if day in holidays or not usual:
        return ()
    return usual if special is None else special.spans


def opening(
    now: dt.datetime,
    weekly: dict[int, Sequence[Span]],
    specials: Sequence[Special] = (),
    holidays: frozenset[dt.date] = frozenset(),
) -> OpenState:
    """Whether an office is open at `now` (aware), until when, or when it opens next.

    An opening time belongs to its span, a closing time does not.
    """
    now = now.astimezone(BAGHDAD)
    for start, end in _intervals(now.date(), weekly, specials, holidays):
        if end is not None and end <= now:
            continue
        if start <= now:
            return OpenState(True, until=end)
        return OpenState(False, next_opening=start)
    return OpenState(False)


def _intervals(today, weekly, specials, holidays) -> Iterator[tuple[dt.datetime, dt.datetime | None]]:
    """Open intervals in order; adjacent spans are joined. The end is None when it is past the horizon.

    An office that is open day and night has one interval.
    """
    start = end = None
    for offset in range(HORIZON_DAYS + 1):
        day = today + dt.timedelta(days=offset)
        for span in sorted(spans_on(day, weekly, specials, holidays), key=lambda each: each.opens):
            opens = dt.datetime.combine(day, span.opens, BAGHDAD)
            closes = dt.datetime.combine(day, span.closes, BAGHDAD)
            if span.closes == MIDNIGHT:
                closes += dt.timedelta(days=1)
            if end is not None and opens <= end:
                end = max(end, closes)
                continue
            if start is not None:
                yield start, end
            start, end = opens, closes
    if start is not None:
        beyond = dt.datetime.combine(today + dt.timedelta(days=HORIZON_DAYS + 1), MIDNIGHT, BAGHDAD)
        yield start, None if end >= beyond else end

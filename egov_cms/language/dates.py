"""Formats dates and times in the conventions of Iraq: Iraqi month names, day first, twelve-hour times with the part of
the day.
"""

import datetime as dt

from django.utils import timezone
from hijridate import Gregorian

from egov_cms.language.vocabulary import vocabulary

from .digits import localise_digits, shown_digits
from .numbers import format_count, format_number

STYLES = ("long", "month", "short", "weekday", "near")
DAYS_PER_MONTH = 30.44


def format_date(value, locale=None, style="long"):
    """A date, or the local date of a datetime; "" for None.

    style: "long" (5 كانون الثاني 2026), "month" (كانون الثاني 2026), "short" (05/01/2026), "weekday" (long, with the
    weekday), "near" (with the weekday and without the year, for days of this or the next week).
    """
    if not value:
        return ""
    if style not in STYLES:
        raise ValueError(f"style must be one of {STYLES}, not {style!r}")
    day = _local_date(value)
    if style == "short":
        text = f"{day.day:02}/{day.month:02}/{day.year:04}"
    else:
        text = _pattern(day, locale, style)
    return localise_digits(text, shown_digits(locale))


def format_time(value, locale=None):
    """A twelve-hour time with the part of the day: "8:00 صباحاً", "2:30ی دوای نیوەڕۆ", "8:00 am"."""
    if value is None or value == "":
        return ""
    clock, period = _clock(value, locale)
    return vocabulary(locale).clock.format(time=clock, period=period)


def format_datetime(value, locale=None):
    """Date and time of day, in the current time zone (Asia/Baghdad by default)."""
    if not value:
        return ""
    return vocabulary(locale).moment.format(date=format_date(value, locale), time=format_time(value, locale))


def format_hijri(value, locale=None):
    """The Hijri date of a Gregorian date, in the Umm al-Qura calendar (library hijridate; 1343-1500 AH).

    In Iraq months are announced by sighting, so the day can differ by one. "" outside the years of the calendar.
    """
    if not value:
        return ""
    day = _local_date(value)
    try:
        hijri = Gregorian(day.year, day.month, day.day).to_hijri()
    except OverflowError:
        return ""
    table = vocabulary(locale)
    text = table.hijri.format(day=hijri.day, month=table.hijri_months[hijri.month - 1], year=hijri.year)
    return localise_digits(text, shown_digits(locale))


def format_relative(value, now=None, locale=None):
    """The time from `now`: "قبل 3 أيام", "غداً", "الآن". The smallest unit is a day for dates, a minute for datetimes."""
    if not value:
        return ""
    now = _aware(now) if isinstance(now, dt.datetime) else now
    if isinstance(value, dt.datetime):
        moment = _aware(value)
        seconds = (moment - (now or timezone.now())).total_seconds()
        if abs(seconds) < 60:
            return vocabulary(locale).now
        if abs(seconds) < 3600:
            return _ago_or_ahead(int(seconds / 60), "minute", locale)
        if abs(seconds) < 86400:
            return _ago_or_ahead(int(seconds / 3600), "hour", locale)
    today = _local_date(now or timezone.now())
    return _relative_days((_local_date(value) - today).days, locale)


def format_range(minimum, maximum, locale=None):
    """Two numbers, dates, datetimes or times joined by words ("3 إلى 5"), because the order around a dash is reversed
    in Arabic text.

    Parts that both have are written once ("5 إلى 10 آذار 2026"). If one is None: "up to 5", "5 or more"; for dates
    "until …", "from …". Equal values are written once; both None gives "".
    """
    table = vocabulary(locale)
    if minimum is None and maximum is None:
        return ""
    timely = isinstance(minimum if minimum is not None else maximum, dt.date | dt.time)
    if minimum is None:
        return (table.until if timely else table.at_most).format(_one(maximum, locale))
    if maximum is None:
        return (table.since if timely else table.at_least).format(_one(minimum, locale))
    low, high = _one(minimum, locale), _one(maximum, locale)
    if low == high:
        return low
    if isinstance(minimum, dt.time) and isinstance(maximum, dt.time):
        clock, period = _clock(minimum, locale)
        low = clock if period == _clock(maximum, locale)[1] else low
    elif timely and not isinstance(minimum, dt.datetime) and minimum.year == maximum.year:
        style = "day" if minimum.month == maximum.month else "day_month"
        low = localise_digits(_pattern(minimum, locale, style), shown_digits(locale))
    return table.between.format(low=low, high=high)


def _one(value, locale):
    if isinstance(value, dt.datetime):
        return format_datetime(value, locale)
    if isinstance(value, dt.date):
        return format_date(value, locale)
    if isinstance(value, dt.time):
        return format_time(value, locale)
    return format_number(value, locale)


def _pattern(day, locale, style):
    table = vocabulary(locale)
    return table.date[style].format(
        day=day.day, month=table.months[day.month - 1], year=day.year, weekday=table.weekdays[day.weekday()]
    )


def _clock(value, locale):
    time = timezone.localtime(_aware(value)).time() if isinstance(value, dt.datetime) else value
    period = [name for first_hour, name in vocabulary(locale).periods if time.hour >= first_hour][-1]
    clock = f"{time.hour % 12 or 12}:{time.minute:02}"
    return localise_digits(clock, shown_digits(locale)), period


def _relative_days(days, locale):
    if abs(days) <= 1:
        return vocabulary(locale).days[days]
    if abs(days) < 14:
        return _ago_or_ahead(days, "day", locale)
    if abs(days) < 60:
        return _ago_or_ahead(int(days / 7), "week", locale)
    if abs(days) < 365:
        return _ago_or_ahead(int(days / DAYS_PER_MONTH), "month", locale)
    return _ago_or_ahead(int(days / 365.25) or (1 if days > 0 else -1), "year", locale)


def _ago_or_ahead(count, unit, locale):
    pattern = vocabulary(locale).ahead if count > 0 else vocabulary(locale).ago
    return pattern.format(format_count(abs(count), unit, locale, alone=False))


def _local_date(value):
    return timezone.localtime(_aware(value)).date() if isinstance(value, dt.datetime) else value


def _aware(moment):
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment

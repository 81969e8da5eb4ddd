"""Parses opening hours written in spreadsheets: "sunday-thursday 08:00-12:00, 13:00-15:00"."""

from __future__ import annotations

import datetime as dt
import re

from django.utils.translation import gettext as _

from egov_cms.language import fold, to_ascii_digits

from .models import Weekday

DAYS = [day.name.lower() for day in Weekday]

_SPAN = re.compile(r"(\d{1,2})[:.](\d{2})\s*(?:-|–|to|الى|إلى|تا|بۆ)\s*(\d{1,2})[:.](\d{2})")
_DAY_NAMES = {fold(name): number for number, name in enumerate(DAYS)}
_DAY_NAMES |= {fold(name[:3]): number for number, name in enumerate(DAYS)}
_DAY_NAMES |= {
    fold(name): number
    for names in (
        ["الأحد", "الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت"],
        ["یەکشەممە", "دووشەممە", "سێشەممە", "چوارشەممە", "پێنجشەممە", "هەینی", "شەممە"],
    )
    for number, name in enumerate(names)
}


def parse_spans(text: str) -> list[tuple[dt.time, dt.time]]:
    """One or two spans from "08:00-12:00, 13:00-15:00"; none for "closed". ValueError for any other text."""
    text = to_ascii_digits(text).strip()
    if fold(text) in {fold(word) for word in ("closed", "-", "مغلق", "عطلة", "داخراوە")}:
        return []
    parts = [part for part in re.split(r"[,،;؛]", text) if part.strip()]
    spans = []
    for part in parts:
        match = _SPAN.fullmatch(part.strip())
        if not match:
            raise ValueError(_("“%s” are no opening hours. Write 08:00-12:00, 13:00-15:00.") % text[:60])
        first, second = match.groups()[:2], match.groups()[2:]
        spans.append((_time(*first), _time(*second)))
    if not 1 <= len(spans) <= 2:
        raise ValueError(_("A day has one or two spans."))
    return spans


def _time(hour: str, minute: str) -> dt.time:
    if (hour, minute) == ("24", "00"):
        return dt.time(0)
    try:
        return dt.time(int(hour), int(minute))
    except ValueError:
        raise ValueError(
            _("“%(hour)s:%(minute)s” is no time of day.") % {"hour": hour, "minute": minute}
        ) from None


def parse_week(text: str) -> dict[int, list[tuple[dt.time, dt.time]]]:
    """Spans by Weekday from "sunday-thursday 08:00-15:00 | saturday 09:00-12:00".

    ValueError that quotes the part that cannot be parsed.
    """
    days = {}
    for part in filter(None, (part.strip() for part in re.split(r"[|\n]", text))):
        match = re.match(r"([^\d٠-٩۰-۹]+?)\s+(?=[\d٠-٩۰-۹])(.+)", part)
        names = (
            [fold(name) for name in re.split(r"\s*[-–]\s*|\s+(?:to|الى|إلى|تا)\s+", match[1].strip())]
            if match
            else []
        )
        if not names or len(names) > 2 or any(name not in _DAY_NAMES for name in names):
            raise ValueError(_("“%s” is not understood. Write sunday-thursday 08:00-15:00.") % part[:60])
        first, last = _DAY_NAMES[names[0]], _DAY_NAMES[names[-1]]
        spans = parse_spans(match[2])
        for offset in range((last - first) % 7 + 1):
            days[(first + offset) % 7] = spans
    return days

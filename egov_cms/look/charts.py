"""Charts as SVG, made on the server: plain functions from numbers to drawings, in both reading directions.

x is in percent of the width and y in pixels, so that shapes stretch and letters never do: one drawing serves every
screen. What begins at the start side begins at the right in Arabic and Sorani; that is decided in one place (`_box`,
`_text`). Colours and weights are classes of the stylesheet; there are no style attributes and no scripts.

    charts.bar(visits, highest)                  a bar for the cell of a table, whose number stands beside it
    charts.bar_chart([Bar("Salaries", 610), …])  up to six bars with their names; `egov/components/chart.html` adds the table

More than six, or names that do not fit: a table with bars. It needs no second table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from egov_cms.language import direction, format_number

Number = int | float | Decimal
BAR_HEIGHT = 22
ROW_HEIGHT = 56
# Of the width; the rest is for the figure at the end of the longest bar.
LONGEST_BAR = 70
# What fits at 288 pixels, the smallest width of a chart.
LONGEST_NAME = 30
HIDDEN = mark_safe('aria-hidden="true"')
_NUMBER = re.compile(r"(?<![\d.,:/\u200e+-])(?=[+-]?\d)")


@dataclass(frozen=True)
class Bar:
    """One bar of a chart. `value` is None where nothing is known, and `text` says so in words; otherwise it is the figure
    as people read it, made of the value when left out.
    """

    name: str
    value: Number | None
    text: str = ""


def bar(value: Number | None, highest: Number, words: str = "", locale: str | None = None) -> SafeString:
    """A bar as long as `value` is of `highest`; None is no bar. ValueError for a negative value.

    Without `words` it is hidden from screen readers, because its number stands beside it; otherwise they are what they say.
    """
    drawn = _bar(share(value, highest), 3, BAR_HEIGHT - 6, locale) if value is not None else ""
    return _svg(drawn, BAR_HEIGHT, locale, "spark", words)


def bar_chart(bars: Iterable[Bar], locale: str | None = None) -> SafeString:
    """Bars below their names, with their figures at the end. Hidden from screen readers: the chart's table says it all."""
    bars = list(bars)
    highest = max((each.value for each in bars if each.value is not None), default=0)
    rows = [_row(each, place * ROW_HEIGHT, highest, locale) for place, each in enumerate(bars)]
    return _svg(format_html_join("", "{}", ((row,) for row in rows)), ROW_HEIGHT * len(bars), locale)


def share(value: Number, highest: Number) -> float:
    """`value` in hundredths of `highest`, 100 at most. ValueError for a negative value: a bar begins at zero."""
    if value < 0:
        raise ValueError("A bar cannot show a negative value.")
    return min(100.0, float(value * 100 / highest)) if highest > 0 else 0.0


def _row(each, top, highest, locale):
    name = _text(0, top + 17, shortened(each.name), locale)
    if each.value is None:
        return format_html("{}{}", name, _text(0, top + 41, each.text, locale, "soft"))
    length = share(each.value, highest) * LONGEST_BAR / 100
    figure = each.text or format_number(each.value, locale)
    return format_html(
        "{}{}{}",
        name,
        _bar(length, top + 26, 18, locale),
        _text(length, top + 41, figure, locale, "soft", gap=8),
    )


def shortened(name: str) -> str:
    """A name that fits; a longer one ends in “…” after a whole word where there is one."""
    if len(name) <= LONGEST_NAME:
        return name
    cut = name[: LONGEST_NAME - 1]
    return (cut.rpartition(" ")[0] or cut).rstrip() + "…"


def _bar(length, y, height, locale):
    return _box(0, length, y, height, "bar", locale)


def _box(start, length, y, height, classes, locale):
    """A rectangle by shares of the width, counted from the start side."""
    x = 100 - start - length if direction(locale) == "rtl" else start
    return format_html(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>',
        classes,
        _percent(x),
        y,
        _percent(length),
        height,
    )


def _text(start, y, words, locale, classes="", gap=0):
    """A line whose start edge stands at a share of the width from the start side, and `gap` pixels further."""
    rtl = direction(locale) == "rtl"
    # Without the mark a number that follows Arabic letters would lose its sign to its other side.
    words = _NUMBER.sub("\u200e", words) if rtl else words
    name = format_html(' class="{}"', classes) if classes else ""
    step = format_html(' dx="{}"', -gap if rtl else gap) if gap else ""
    x = _percent(100 - start if rtl else start)
    return format_html('<text{} x="{}"{} y="{}">{}</text>', name, x, step, y, words)


def _percent(number):
    return f"{number:.2f}".rstrip("0").rstrip(".") + "%"


def _svg(drawn, height, locale, classes="", words=""):
    name = format_html(' class="{}"', classes) if classes else ""
    said = format_html('role="img" aria-label="{}"', words) if words else HIDDEN
    return format_html(
        '<svg{} width="100%" height="{}" direction="{}" {}>{}</svg>',
        name,
        height,
        direction(locale),
        said,
        drawn,
    )

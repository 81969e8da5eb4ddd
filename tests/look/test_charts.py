"""Bars are as long as their numbers say, begin at the reader's start side, and say what they show."""

import re
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from egov_cms.look import charts
from egov_cms.look.charts import Bar, bar, bar_chart, shortened

RECT = re.compile(r'<rect class="bar" x="([\d.]+)%" y="[\d.]+" width="([\d.]+)%" height="\d+"/>')
TEXT = re.compile(r'<text(?: class="\w+")? x="([\d.]+)%"(?: dx="-?8")? y="(\d+)">([^<]*)</text>')
SPENT = [Bar("Projects", 880), Bar("Salaries", 610), Bar("Services", 0)]


def boxes(svg):
    return [(float(x), float(width)) for x, width in RECT.findall(svg)]


@given(st.integers(0, 10**15), st.integers(1, 10**15))
def test_a_bar_is_as_long_as_its_share_and_begins_at_the_start_side(value, highest):
    ((x, width),) = boxes(bar(value, highest, locale="en"))
    assert x == 0
    assert width == pytest.approx(min(100, 100 * value / highest), abs=0.01)
    ((x_arabic, width_arabic),) = boxes(bar(value, highest, locale="ar"))
    assert width_arabic == width
    assert x_arabic + width_arabic == pytest.approx(100, abs=0.02)


@pytest.mark.parametrize(
    ("value", "highest", "width"), [(0, 0, 0), (5, 0, 0), (Decimal("2.5"), 10, 25), (12, 10, 100)]
)
def test_bars_at_the_edges_of_the_scale(value, highest, width):
    assert boxes(bar(value, highest, locale="en")) == [(0, width)]


def test_what_is_not_known_has_no_bar_and_is_no_zero():
    assert boxes(bar(None, 10, locale="en")) == []
    svg = bar_chart([Bar("Projects", 880), Bar("Oil", None, "not published yet")], "en")
    assert len(boxes(svg)) == 1
    assert [words for _x, _y, words in TEXT.findall(svg)] == ["Projects", "880", "Oil", "not published yet"]


@pytest.mark.parametrize("draw", [lambda: bar(-1, 10), lambda: bar_chart([Bar("a", 1), Bar("b", -1)])])
def test_a_negative_value_is_no_bar(draw):
    with pytest.raises(ValueError, match="negative"):
        draw()


def test_a_bar_beside_its_number_is_hidden_from_screen_readers_and_one_alone_speaks():
    assert 'aria-hidden="true"' in bar(1, 2, locale="en")
    alone = bar(1, 2, "Half of <all>", locale="en")
    assert 'role="img" aria-label="Half of &lt;all&gt;"' in alone
    assert "aria-hidden" not in alone


def test_the_longest_bar_of_a_chart_leaves_room_for_its_figure():
    svg = bar_chart(SPENT, "en")
    assert boxes(svg) == [(0, 70), (0, 48.52), (0, 0)]
    figures = [(float(x), words) for x, _y, words in TEXT.findall(svg)][1::2]
    assert figures == [(70, "880"), (48.52, "610"), (0, "0")]
    assert f'height="{3 * charts.ROW_HEIGHT}"' in svg


@pytest.mark.parametrize("locale", ["ar", "ckb"])
def test_a_chart_is_mirrored_for_readers_from_the_right(locale):
    svg, latin = bar_chart(SPENT, locale), bar_chart(SPENT, "en")
    assert 'direction="rtl"' in svg
    assert svg.count('dx="-8"') == latin.count('dx="8"') == 3
    for (x, width), (x_latin, _width) in zip(boxes(svg), boxes(latin), strict=True):
        assert x + width == pytest.approx(100 - x_latin, abs=0.02)
    assert [float(x) for x, _y, _words in TEXT.findall(svg)] == [
        pytest.approx(100 - float(x)) for x, _y, _words in TEXT.findall(latin)
    ]


def test_a_number_after_arabic_letters_keeps_its_sign():
    svg = bar_chart([Bar("سنة 2026", 5, "زيادة -5%")], "ar")
    assert [words for _x, _y, words in TEXT.findall(svg)] == ["سنة \u200e2026", "زيادة \u200e-5%"]


def test_figures_are_written_as_everywhere():
    assert "1,234,567" in bar_chart([Bar("a", 1234567)], "en")


def test_names_are_escaped_and_long_ones_end_after_a_word():
    svg = bar_chart([Bar("<script>", 1), Bar("The ministry of construction and housing", 2)], "en")
    assert "<script" not in svg
    assert "The ministry of construction…" in svg


@given(st.text(max_size=80))
def test_a_name_is_never_longer_than_fits(name):
    assert len(shortened(name)) <= charts.LONGEST_NAME
    if len(name) <= charts.LONGEST_NAME:
        assert shortened(name) == name


def test_an_empty_chart_is_an_empty_drawing():
    assert boxes(bar_chart([], "ar")) == []


def test_templates_draw_bars_in_the_language_of_the_page():
    with translation.override("ar"):
        svg = Template("{% load egov_look %}{% bar 1 4 %}").render(Context())
    assert boxes(svg) == [(75, 25)]


@pytest.mark.parametrize("svg", [bar(1, 2, locale="ar"), bar_chart(SPENT, "en")])
def test_nothing_that_the_content_security_policy_refuses(svg):
    assert not re.search(r"style=|<script|\son\w+=", svg)

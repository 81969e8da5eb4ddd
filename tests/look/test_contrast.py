import re

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from egov_cms.look.contrast import (
    DARK_SURFACES,
    LIGHT_SURFACES,
    check_ministry_colours,
    contrast_ratio,
    derive_tokens,
    stylesheet,
)

colours = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


def test_the_ratio_equals_the_wcag_definition():
    assert contrast_ratio("#000", "#ffffff") == pytest.approx(21)
    assert contrast_ratio("#fff", "#fff") == 1
    assert contrast_ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@given(colours, colours)
def test_the_ratio_does_not_depend_on_the_order(first, second):
    assert contrast_ratio(first, second) == contrast_ratio(second, first)
    assert 1 <= contrast_ratio(first, second) <= 21


@pytest.mark.parametrize("colour", ["", None, "red", "#12", "#12345", "#gggggg", "#12395b;}", "#fff\n"])
def test_a_value_that_is_not_a_colour_is_refused(colour):
    with pytest.raises(ValueError):
        contrast_ratio(colour, "#fff")
    assert len(check_ministry_colours(colour, "#9a5a1c")) == 1


def test_a_pale_primary_is_refused_with_a_shade_that_passes():
    with translation.override("en"):
        (problem,) = check_ministry_colours("#7fb3d5", "#9a5a1c")
    suggestion = re.search(r"#[0-9a-f]{6}", problem)[0]
    assert "too pale" in problem and "4.5" in problem
    assert check_ministry_colours(suggestion, "#9a5a1c") == []


def test_the_accent_colour_needs_less_contrast_than_the_primary():
    assert check_ministry_colours("#12395b", "#b87a1c") == []
    assert len(check_ministry_colours("#12395b", "#f2d9a0")) == 1


@pytest.mark.parametrize(("locale", "word"), [("ar", "باهت"), ("ckb", "کاڵە")])
def test_messages_are_in_the_active_language(locale, word):
    with translation.override(locale):
        assert word in check_ministry_colours("#cccccc", "#9a5a1c")[0]


@given(colours, colours)
def test_derived_shades_pass_in_both_schemes_for_any_colours(primary, accent):
    schemes = derive_tokens(primary, accent)
    for scheme, surfaces in (("light", LIGHT_SURFACES), ("dark", DARK_SURFACES)):
        shades = schemes[scheme]
        for surface in surfaces.values():
            assert contrast_ratio(shades["--ministry"], surface) >= 4.5
            assert contrast_ratio(shades["--accent"], surface) >= 3
        assert contrast_ratio(shades["--on-bar"], shades["--bar"]) >= 4.5


@given(colours, colours)
def test_colours_that_pass_are_used_unchanged(primary, accent):
    if not check_ministry_colours(primary, accent):
        light = derive_tokens(primary, accent)["light"]
        assert (light["--ministry"], light["--accent"]) == (primary, accent)


@given(colours)
def test_the_suggested_shade_is_accepted(colour):
    for problem in check_ministry_colours(colour, colour):
        for shade in re.findall(r"#[0-9a-f]{6}", problem):
            assert contrast_ratio(shade, "#ffffff") >= 3


def test_the_stylesheet_sets_both_schemes_for_screens_only():
    css = stylesheet("#12395b", "#9a5a1c")
    assert css.count("@media screen") == 2 and "prefers-color-scheme: dark" in css
    assert "--ministry:#12395b;" in css


def test_css_injection_is_refused():
    with pytest.raises(ValueError):
        stylesheet("#fff;}body{display:none", "#9a5a1c")

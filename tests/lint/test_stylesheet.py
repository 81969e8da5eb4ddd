import gzip
import re
from pathlib import Path

import pytest

from egov_cms.look import contrast

STATIC = Path(contrast.__file__).parent / "static" / "egov"
CSS = (STATIC / "egov.css").read_text("utf-8")
RULES = re.sub(r"/\*.*?\*/", "", CSS, flags=re.S)
PHYSICAL = (
    r"(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right|top|bottom)",
    r"border-(?:top|bottom)-(?:left|right)-radius",
    r"(?<![\w-])(?:left|right|top|bottom|width|height|min-width|max-width|min-height|max-height)\s*:(?!\s*[\d.]+rem\))",
    r"(?:float|clear|text-align)\s*:\s*(?:left|right)",
    r"translateX",
)


def tokens(scheme):
    """The custom properties of `:root` with colour values; for "dark" overridden by those of the dark scheme."""
    light = re.search(r":root \{(.*?)\n  \}", CSS, re.S)[1]
    dark = re.search(r"prefers-color-scheme: dark\) \{\s*:root \{(.*?)\n    \}", CSS, re.S)[1]
    colour = r"--([\w-]+): (#[0-9a-f]{3,6})"
    values = dict(re.findall(colour, light))
    return {**values, **dict(re.findall(colour, dark))} if scheme == "dark" else values


@pytest.mark.parametrize("pattern", PHYSICAL)
def test_only_logical_properties(pattern):
    assert re.findall(pattern, RULES) == []


@pytest.mark.parametrize(
    "word", ["letter-spacing", "text-transform", "italic", "justify;", "text-align: justify"]
)
def test_nothing_that_harms_joined_letters(word):
    assert word not in RULES


def test_nothing_floats():
    """Normal flow, flex and grid follow the direction of the text; floats do not."""
    assert not re.search(r"\b(?:float|clear)\s*:", RULES)


def test_no_other_host_and_only_fonts_that_are_shipped():
    addresses = re.findall(r"url\(\"?([^)\"]+)", RULES)
    assert addresses
    assert [address for address in addresses if not (STATIC / address).is_file()] == []
    assert "//" not in RULES and "@import" not in RULES


def test_layers_come_in_the_agreed_order():
    assert "@layer tokens, base, layout, components, print;" in RULES
    assert re.findall(r"@layer (\w+) \{", RULES) == ["tokens", "base", "layout", "components", "print"]


def test_answers_the_reader_s_wishes():
    for feature in (
        "prefers-color-scheme: dark",
        "prefers-contrast: more",
        "forced-colors: active",
        "prefers-reduced-motion: reduce",
        "@media print",
    ):
        assert feature in RULES


def test_weighs_little():
    assert len(gzip.compress(CSS.encode(), 6)) <= 14_000
    assert len((STATIC / "egov.js").read_bytes()) <= 4_000


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("front", "back", "ratio"),
    [
        *(
            (front, back, 4.5)
            for front in ("ink", "ink-soft", "link", "ministry")
            for back in ("paper", "sand")
        ),
        *((front, "paper", 4.5) for front in ("go-ink", "warn", "stop", "info")),
        *((level, f"{level}-bg", 4.5) for level in ("warn", "stop", "info")),
        *(("ink", back, 4.5) for back in ("warn-bg", "stop-bg", "info-bg", "mark")),
        *(("link", back, 4.5) for back in ("warn-bg", "stop-bg", "info-bg")),
        ("on-go", "go", 4.5),
        ("on-bar", "bar", 4.5),
        ("paper", "ministry", 4.5),
        ("edge", "paper", 3.0),
        ("accent", "paper", 3.0),
        ("focus", "bar", 3.0),
    ],
)
def test_tokens_can_be_read(scheme, front, back, ratio):
    values = tokens(scheme)
    assert contrast.contrast_ratio(values[front], values[back]) >= ratio


def test_the_contrast_rules_know_the_surfaces_of_the_stylesheet():
    for scheme, surfaces in (("light", contrast.LIGHT_SURFACES), ("dark", contrast.DARK_SURFACES)):
        for name, value in surfaces.items():
            assert contrast.contrast_ratio(tokens(scheme)[name], value) == 1
    assert tokens("light")["ministry"] == contrast.DEFAULT_PRIMARY
    assert tokens("light")["accent"] == contrast.DEFAULT_ACCENT

"""Checks the contrast of a ministry's two colours, and derives the colour tokens of the light and dark schemes.

Contrast ratios are those of WCAG 2.2 (relative luminance, success criteria 1.4.3 and 1.4.11). Colours are "#rrggbb"
or "#rgb".
"""

import colorsys
import re
from functools import lru_cache

from django.utils.translation import gettext as _

from egov_cms.language import format_number

TEXT_RATIO = 4.5
MARK_RATIO = 3.0
DARK_TEXT_RATIO = 8.0
WHITE = "#ffffff"
# The background colours of egov.css on which the ministry's colours are used.
LIGHT_SURFACES = {"paper": "#ffffff", "sand": "#f7f3ea"}
DARK_SURFACES = {"paper": "#14181c", "sand": "#1d2329"}
DEFAULT_PRIMARY = "#12395b"
DEFAULT_ACCENT = "#9a5a1c"


def contrast_ratio(first, second):
    """From 1.0 (equal colours) to 21.0 (black on white). ValueError when one is not a colour."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def check_ministry_colours(primary, accent):
    """The errors of the two colours, as messages in the active language; an empty list when both pass.

    The primary colour is used for headings, links of the bar and buttons (4.5:1), the accent only for small marks
    (3:1). The dark scheme is not checked, because `derive_tokens` computes shades that pass.
    """
    problems = []
    for colour in (primary, accent):
        if not _HEX.fullmatch(str(colour or "")):
            problems.append(
                _("“%(colour)s” is not a colour: write # and six digits or letters a to f, as in #12395b.")
                % {"colour": str(colour or "")[:20]}
            )
    if problems:
        return problems
    if (ratio := _lowest_ratio(primary, LIGHT_SURFACES)) < TEXT_RATIO:
        problems.append(
            _(
                "The primary colour is too pale to read: its contrast is %(ratio)s to 1, and headings and "
                "buttons need at least %(needed)s to 1. The nearest shade that passes is %(suggestion)s."
            )
            % {
                "ratio": format_number(ratio, places=1),
                "needed": format_number(TEXT_RATIO, places=1),
                "suggestion": _nearest_shade(primary, LIGHT_SURFACES, TEXT_RATIO, towards=0),
            }
        )
    if (ratio := _lowest_ratio(accent, LIGHT_SURFACES)) < MARK_RATIO:
        problems.append(
            _(
                "The accent colour is too pale to see: its contrast is %(ratio)s to 1, and marks need at "
                "least %(needed)s to 1. The nearest shade that passes is %(suggestion)s."
            )
            % {
                "ratio": format_number(ratio, places=1),
                "needed": format_number(MARK_RATIO, places=1),
                "suggestion": _nearest_shade(accent, LIGHT_SURFACES, MARK_RATIO, towards=0),
            }
        )
    return problems


def derive_tokens(primary, accent=DEFAULT_ACCENT):
    """The tokens of egov.css derived from the two colours: {"light": {"--ministry": …}, "dark": {…}}.

    Every shade passes on the surfaces of its scheme, also when the given colours do not.
    """
    ministry = _nearest_shade(primary, LIGHT_SURFACES, TEXT_RATIO, towards=0)
    return {
        "light": {
            "--ministry": ministry,
            "--bar": ministry,
            "--on-bar": WHITE,
            "--accent": _nearest_shade(accent, LIGHT_SURFACES, MARK_RATIO, towards=0),
        },
        "dark": {
            "--ministry": _nearest_shade(primary, DARK_SURFACES, DARK_TEXT_RATIO, towards=1),
            "--bar": _nearest_shade(primary, {"on-bar": WHITE}, 12.0, towards=0),
            "--on-bar": WHITE,
            "--accent": _nearest_shade(accent, DARK_SURFACES, TEXT_RATIO, towards=1),
        },
    }


@lru_cache(maxsize=16)
def stylesheet(primary, accent):
    """The ministry's stylesheet: custom properties for both schemes. ValueError when one is not a colour."""
    schemes = derive_tokens(primary, accent)
    light, dark = ("".join(f"{name}:{value};" for name, value in schemes[key].items()) for key in schemes)
    scheme = "@media screen and (prefers-color-scheme: dark)"
    return f"@media screen{{:root{{{light}}}}}\n{scheme}{{:root{{{dark}}}}}\n"


_HEX = re.compile(r"#(?:[0-9a-fA-F]{3}){1,2}")
_STEPS = 200


def _channels(colour):
    if not _HEX.fullmatch(str(colour)):
        raise ValueError(f"Not a colour: {str(colour)[:20]!r}")
    digits = colour[1:]
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return tuple(int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4))


def _luminance(colour):
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in _channels(colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _lowest_ratio(colour, surfaces):
    return min(contrast_ratio(colour, surface) for surface in surfaces.values())


def _nearest_shade(colour, surfaces, ratio, towards):
    """The shade of the same hue nearest to `colour` that has at least `ratio` on every surface.

    towards: 0 darkens and 1 lightens, in small steps of HSL lightness. When lightening, saturation is reduced, because
    light saturated colours are too bright on a dark page.
    """
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
    for step in range(_STEPS + 1):
        part = step / _STEPS
        shade = "#" + "".join(
            f"{round(value * 255):02x}"
            for value in colorsys.hls_to_rgb(
                hue, lightness + (towards - lightness) * part, saturation * (1 - 0.45 * part * towards)
            )
        )
        if _lowest_ratio(shade, surfaces) >= ratio:
            return shade
    raise ValueError(f"No shade of {colour} has a contrast of {ratio} to 1 there")

"""What the number format of a cell makes of its number: a percentage, a date, a time, a duration, a text, zeros in front."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

GENERAL = "General"
# The formats that XLSX files only name by number (ECMA-376 part 1, 18.8.30), those of East Asian editions included.
BUILTIN = {
    0: GENERAL,
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "mm-dd-yy",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "m/d/yy h:mm",
    37: "#,##0 ;(#,##0)",
    38: "#,##0 ;[Red](#,##0)",
    39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;[Red](#,##0.00)",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mmss.0",
    48: "##0.0E+0",
    49: "@",
    **dict.fromkeys([*range(27, 32), 36, *range(50, 55), 57, 58], "yyyy-mm-dd"),
    **dict.fromkeys([32, 33, 34, 35, 55, 56], "h:mm:ss"),
    **dict.fromkeys(range(71, 82), "yyyy-mm-dd"),
    59: "0",
    60: "0.00",
    61: "#,##0",
    62: "#,##0.00",
    67: "0%",
    68: "0.00%",
    69: "# ?/?",
    70: "# ??/??",
}

# Quoted words, escaped letters, padding (_x) and filling (*x) are shown as they are.
_LITERAL = re.compile(r'"[^"]*"?|\\.|_.|\*.')
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_BRACKETS = re.compile(r"\[[^\]]*\]")
_AM_PM = re.compile(r"am/pm|a/p|上午/下午", re.IGNORECASE)
_DAY = re.compile(r"[yde]|(?<![a-z])g+(?![a-z])|b{2,4}", re.IGNORECASE)
_CLOCK = re.compile(r"[hs]", re.IGNORECASE)
_MONTH = re.compile(r"m+", re.IGNORECASE)


class NumberFormat(NamedTuple):
    """What a format shows. `zeros`: a whole number is filled up with zeros to so many digits (0: it is not)."""

    percent: bool = False
    date: bool = False
    time: bool = False
    elapsed: bool = False
    text: bool = False
    zeros: int = 0

    @property
    def is_calendar(self) -> bool:
        """The number counts days."""
        return self.date or self.time or self.elapsed


@lru_cache(maxsize=5_000)
def describe(code: str) -> NumberFormat:
    """What the format `code` shows. A code that no spreadsheet would accept shows a plain number."""
    if not code or code == GENERAL:
        return NumberFormat()
    first = _first_section(code)
    if first == "@":
        return NumberFormat(text=True)
    bare = _LITERAL.sub("", first)
    if _ELAPSED.search(bare):
        return NumberFormat(elapsed=True)
    bare = _BRACKETS.sub("", bare)
    if "general" in bare.lower() or "E+" in bare or "e+" in bare or "E-" in bare or "e-" in bare:
        return NumberFormat(percent="%" in bare)
    if "#" in bare or "?" in bare:
        return NumberFormat(percent="%" in bare)
    clock = bool(_CLOCK.search(bare) or _AM_PM.search(bare))
    bare = _AM_PM.sub("", bare)
    day = bool(_DAY.search(bare))
    if not day and not clock and _MONTH.search(bare):
        day = True
    if day or clock:
        return NumberFormat(date=day or _names_month(bare), time=clock)
    if "%" in bare:
        return NumberFormat(percent=True)
    return NumberFormat(zeros=len(bare) if len(bare) > 1 and set(bare) == {"0"} else 0)


def _first_section(code):
    """The part for positive numbers: up to the first semicolon that is not quoted or escaped."""
    position = 0
    while position < len(code):
        literal = _LITERAL.match(code, position)
        if literal:
            position = literal.end()
        elif code[position] == ";":
            return code[:position].strip()
        else:
            position += 1
    return code.strip()


def _names_month(bare):
    """“mmm” is the name of a month also beside hours, where a single m counts minutes."""
    return any(len(found.group()) > 2 for found in _MONTH.finditer(bare))

"""Words as a cell gives them back: without marks that nobody sees."""

from __future__ import annotations

import re

from egov_cms.language import strip_bidi

# What no XML may hold, so no cell of a workbook either.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def without_forbidden(text: str) -> str:
    """`text` without the letters that XML cannot hold."""
    return FORBIDDEN.sub("", text)


def clean_words(text: str) -> str:
    """`text` with one kind of line break, no direction marks, no letters that XML forbids, no space at the ends of lines."""
    plain = without_forbidden(strip_bidi(text)).replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(line.strip() for line in plain.split("\n")).strip()

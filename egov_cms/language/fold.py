"""The one way in which letters that people mix up are made equal, for search, sorting and comparison.

Steps 1 and 2 of the search recipe: invisible characters, marks and compatibility forms go; letters that Arabic and
Kurdish keyboards, habits and fonts exchange become one letter; digits become 0-9 and lose their separators.
"""

BIDI_CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_STRIP_BIDI = dict.fromkeys(map(ord, BIDI_CONTROLS))


def strip_bidi(text):
    """`text` without the invisible characters that force a writing direction."""
    return text.translate(_STRIP_BIDI)

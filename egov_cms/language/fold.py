"""Folding: replaces letters that users often confuse by one letter, for search, sorting and comparison.

Invisible characters, marks and compatibility forms are removed. Letters that are interchanged because of Arabic and
Kurdish keyboards, habits and fonts become one letter. Digits become 0-9, without the separators of thousands.
"""

import re
import unicodedata

BIDI_CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
ZWNJ = "\u200c"
# `str.translate` takes a hundred times as long for a text that is not ASCII.
_BIDI = re.compile(f"[{BIDI_CONTROLS}]")

# Characters without meaning for comparison: joiners, soft hyphen, word joiner, byte order mark, tatweel, variation
# selectors.
INVISIBLE = frozenset(BIDI_CONTROLS + ZWNJ + "\u200b\u200d\u2060\u00ad\ufeff\u0640\ufe0e\ufe0f")

LETTERS = str.maketrans(
    {
        **dict.fromkeys("أإآٱٲٳٵ", "ا"),
        **dict.fromkeys("ىیېێۍےۓٸئ", "ي"),
        **dict.fromkeys("کڪ", "ك"),
        **dict.fromkeys("ةەھہۃۀۂ", "ه"),
        **dict.fromkeys("ۆۇؤۊۈٶٷ", "و"),
        **dict.fromkeys("ڕڒ", "ر"),
        **dict.fromkeys("ءٴ", ""),
        "ڵ": "ل",
        "٫": ".",
        "٬": ",",
        "ı": "i",
    }
)
# ئ written as ي and a combining hamza.
_DECOMPOSED = re.compile("[يیى]\u0654")
_YEH_HAMZA_FORMS = frozenset("ئﺉﺊﺋﺌ")
# Removed after the letters are folded: ئ at the start of a Sorani word, where it only carries the vowel (ئۆ = ۆ); the
# comma between thousands, which is followed by exactly three digits; the second of two و.
_REMOVED = re.compile(r"(?<![^\W_])ئ(?=[اوهيئ])|(?<=[0-9])[,،](?=[0-9]{3}(?![0-9]))|(?<=و)و+")


def strip_bidi(text):
    """`text` without the invisible characters that force a writing direction."""
    return _BIDI.sub("", text)


def fold(text):
    """`text` in a form in which variant spellings are equal: fold("إجازة") == fold("اجازه").

    Idempotent. Spaces and punctuation are kept; differences of case, marks, letter variants and digits are removed.
    """
    letters = _DECOMPOSED.sub("ئ\u0654", text).translate(_FOLDED)
    return _REMOVED.sub("", letters).replace("ئ", "ي")


def fold_map(text):
    """(folded, offsets): `offsets[i]` is the index in `text` of the source of folded letter `i`.

    Offsets never decrease, so a match in the folded text can be highlighted in the original.
    """
    pieces = [_FOLDED[ord(letter)] for letter in _DECOMPOSED.sub("ئ\u0654", text)]
    letters = "".join(pieces)
    offsets = [index for index, piece in enumerate(pieces) for _letter in piece]
    removed = {at for match in _REMOVED.finditer(letters) for at in range(*match.span())}
    kept = [at for at in range(len(letters)) if at not in removed]
    return "".join(letters[at] for at in kept).replace("ئ", "ي"), [offsets[at] for at in kept]


class _Folded(dict):
    """Code point → folded letters, computed on first use. ئ is kept, because its folding depends on its position."""

    LARGEST = 20_000  # more than real texts need; limits the memory that a visitor can make us use

    def __missing__(self, code):
        letter = chr(code)
        folded = "ئ" if letter in _YEH_HAMZA_FORMS else _fold_letter(letter)
        if len(self) < self.LARGEST:
            self[code] = folded
        return folded


_FOLDED = _Folded()


def _fold_letter(letter):
    before, after = None, letter
    # Repeated, because the replacement of one can produce another compatibility form, capital or variant ("ﯿ", "İ", "ϔ").
    while after != before:
        before = after
        decomposed = unicodedata.normalize("NFKD", before).casefold()
        after = "".join(map(_digit, filter(is_kept_by_fold, decomposed))).translate(LETTERS)
    return after


def is_kept_by_fold(letter):
    """False for the characters that folding removes: invisible characters, tatweel, harakat and accents."""
    return letter not in INVISIBLE and not (
        "\u0300" <= letter <= "\u036f"  # accents
        or "\u0610" <= letter <= "\u061a"
        or "\u064b" <= letter <= "\u065f"  # harakat, combining hamza
        or letter == "\u0670"
        or ("\u06d6" <= letter <= "\u06ed" and not letter.isalnum())
        or "\u0730" <= letter <= "\u074a"  # Syriac points
    )


def _digit(letter):
    value = unicodedata.decimal(letter, None)
    return letter if value is None else str(value)

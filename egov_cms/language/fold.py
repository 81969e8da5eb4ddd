"""The one way in which letters that people mix up are made equal, for search, sorting and comparison.

Steps 1 and 2 of the search recipe: invisible characters, marks and compatibility forms go; letters that
Arabic and Kurdish keyboards, habits and fonts exchange become one letter; digits become 0-9 and lose their
separators.
"""

import unicodedata
from functools import lru_cache

BIDI_CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
ZWNJ = "\u200c"
_STRIP_BIDI = dict.fromkeys(map(ord, BIDI_CONTROLS))

# Joiners, soft hyphen, word joiner, byte order mark, tatweel and variation selectors carry no sound.
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
HAMZA_ABOVE = "\u0654"
# ئ before a vowel letter at the start of a word only carries the vowel in Sorani: ئۆ is ۆ.
_CARRIED = frozenset("اوهي")
_SEPARATORS = frozenset(",،")


def strip_bidi(text):
    """`text` without the invisible characters that force a writing direction."""
    return text.translate(_STRIP_BIDI)


def fold(text):
    """`text` with everything made equal that a reader takes for the same: fold("إجازة") == fold("اجازه").

    Idempotent. Spaces and punctuation stay; case, marks, letter variants and digit variants do not.
    """
    return fold_map(text)[0]


def fold_map(text):
    """(folded, offsets): `offsets[i]` is the index in `text` of the letter that folded letter `i` came from.

    Offsets never decrease, so a match in the folded text can be marked in the original.
    """
    letters = _without_separators(list(_letters(text)))
    kept = [
        (letter, index)
        for position, (letter, index) in enumerate(letters)
        if not (letter == "و" and position and letters[position - 1][0] == "و")
    ]
    return "".join(letter for letter, _index in kept), [index for _letter, index in kept]


def _letters(text):
    """(folded letter, index) for every letter of `text` that makes a sound."""
    at_word_start = True
    for index, original in enumerate(text):
        pieces = _fold_letter(original)
        if not pieces:
            continue
        if at_word_start and _is_carrier(text, index) and _next_letter(text, index) in _CARRIED:
            at_word_start = False
            continue
        for piece in pieces:
            yield piece, index
        at_word_start = not pieces[-1].isalnum()


@lru_cache(maxsize=8192)
def _fold_letter(letter):
    before, after = None, letter
    # Compatibility forms, case and letter variants can each uncover another ("ﯿ", "İ", "ϔ").
    while after != before:
        before = after
        spread = unicodedata.normalize("NFKD", before).casefold()
        after = "".join(map(_digit, filter(is_sounded, spread))).translate(LETTERS)
    return after


def is_sounded(letter):
    """Whether folding keeps this letter at all: False for invisible characters, tatweel, harakat and
    accents.
    """
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


def _is_carrier(text, index):
    return text[index] in "ئﺉﺊﺋﺌ" or (text[index] in "يیى" and text[index + 1 : index + 2] == HAMZA_ABOVE)


def _next_letter(text, index):
    for following in text[index + 1 :]:
        folded = _fold_letter(following)
        if folded:
            return folded[0]
    return ""


def _without_separators(letters):
    """Less the separators of thousands: a comma after a digit and before exactly three."""

    def is_digit(position):
        return 0 <= position < len(letters) and letters[position][0] in "0123456789"

    return [
        pair
        for position, pair in enumerate(letters)
        if not (
            pair[0] in _SEPARATORS
            and is_digit(position - 1)
            and all(is_digit(position + ahead) for ahead in (1, 2, 3))
            and not is_digit(position + 4)
        )
    ]

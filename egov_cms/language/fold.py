"""The one way in which letters that people mix up are made equal, for search, sorting and comparison.

Steps 1 and 2 of the search recipe: invisible characters, marks and compatibility forms go; letters that
Arabic and Kurdish keyboards, habits and fonts exchange become one letter; digits become 0-9 and lose their
separators.
"""

import re
import unicodedata

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
# ئ written as ي and a combining hamza.
_DECOMPOSED = re.compile("[يیى]\u0654")
_CARRIERS = frozenset("ئﺉﺊﺋﺌ")
# What is left out once letters are folded: ئ that only carries the vowel of a Sorani word's start (ئۆ is ۆ);
# the comma between thousands, which has exactly three digits after it; the second of two و.
_SILENT = re.compile(r"(?<![^\W_])ئ(?=[اوهيئ])|(?<=[0-9])[,،](?=[0-9]{3}(?![0-9]))|(?<=و)و+")


def strip_bidi(text):
    """`text` without the invisible characters that force a writing direction."""
    return text.translate(_STRIP_BIDI)


def fold(text):
    """`text` with everything made equal that a reader takes for the same: fold("إجازة") == fold("اجازه").

    Idempotent. Spaces and punctuation stay; case, marks, letter variants and digit variants do not.
    """
    letters = _DECOMPOSED.sub("ئ\u0654", text).translate(_FOLDED)
    return _SILENT.sub("", letters).replace("ئ", "ي")


def fold_map(text):
    """(folded, offsets): `offsets[i]` is the index in `text` of the letter that folded letter `i` came from.

    Offsets never decrease, so a match in the folded text can be marked in the original.
    """
    pieces = [_FOLDED[ord(letter)] for letter in _DECOMPOSED.sub("ئ\u0654", text)]
    letters = "".join(pieces)
    offsets = [index for index, piece in enumerate(pieces) for _letter in piece]
    silent = {at for match in _SILENT.finditer(letters) for at in range(*match.span())}
    kept = [at for at in range(len(letters)) if at not in silent]
    return "".join(letters[at] for at in kept).replace("ئ", "ي"), [offsets[at] for at in kept]


class _Folded(dict):
    """Code point → folded letters, worked out when first met; ئ stays until its place in a word is known."""

    LARGEST = 20_000  # more than any real text needs; bounds what a visitor can make us keep

    def __missing__(self, code):
        letter = chr(code)
        folded = "ئ" if letter in _CARRIERS else _fold_letter(letter)
        if len(self) < self.LARGEST:
            self[code] = folded
        return folded


_FOLDED = _Folded()


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

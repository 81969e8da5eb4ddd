"""How much a decoded text looks like something people wrote; the wrong code page makes rare letters, drawings and noise."""

from __future__ import annotations

import re
import unicodedata

# Letters of Arabic and Sorani texts by how often they stand there; what is not here is rare.
_FREQUENT = {
    letter: score
    for score, letters in (
        (6, "اليموەی"),
        (5, "نر"),
        (4, "تبة"),
        (3, "عدکێ"),
        (2.5, "سفهۆ"),
        (2, "قكح"),
        (1.5, "جأ"),
        (1, "شصطخىگ"),
        (0.7, "إضذزپئ،"),
        (0.4, "ثغءآؤظچڕڵژڤ؛"),
    )
    for letter in letters
}
_ACCENTED = frozenset("áéíóúñçàèêëîïôöüâäãõåøæßşğıÉÁÍÓÚÑÖÜÄÇİŞĞ")
_FAMILIAR = frozenset("«»“”‘’–—…°©®±×÷·•£€\u00a0\u200c\u200e\u200f")
_OPEN, _CLOSED = ("<initial>", "<medial>"), ("<isolated>", "<final>")
# Letters after which a word is written apart, lam with alif among them.
_NOT_JOINING = frozenset(
    [f"{ord(letter):04X}" for letter in "اأإآدذرزوؤةىء"] + [f"0644 {ord(letter):04X}" for letter in "اأإآ"]
)
_PRESENTATION = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]+")


def plausibility(text: str) -> float:
    """How much `text` looks like something people wrote: the mean over its letters beyond ASCII.

    Common Arabic letters beside Arabic letters, and accented Latin letters beside Latin ones, count for it; rare letters,
    lone ones, box drawings and control characters count against it, and so do shapes of letters at the wrong place.
    """
    total = -6 * _misplaced_shapes(text)
    text = whole_letters(text)
    count = 0
    before = " "
    for index, letter in enumerate(text):
        if letter < "\x80":
            before = letter
            continue
        after = text[index + 1] if index + 1 < len(text) else " "
        count += 1
        total += _score(letter, before, after)
        before = letter
    return total / count if count else 0.0


def _score(letter, before, after):
    if "\u0600" <= letter <= "\u06ff":
        if _is_latin(before) or _is_latin(after):
            return -8
        if unicodedata.combining(letter):
            return 1 if _is_arabic(before) else -8
        alone = not (_is_arabic(before) or _is_arabic(after))
        return -2 if alone else _FREQUENT.get(letter, 0)
    if letter in _FAMILIAR:
        return 0.5
    if letter.isalpha():
        if not _is_latin(letter):
            return -6
        beside = _is_latin(before) or _is_latin(after)
        if letter.isupper() and before.islower():
            return -4
        return (3 if letter in _ACCENTED else 1) if beside else -2
    return -6


def _misplaced_shapes(text):
    """Shapes for the beginning of a word at an end, or the reverse, of letters that have both."""
    found = 0
    for index, letter in enumerate(text):
        shape, _blank, whole = unicodedata.decomposition(letter).partition(" ")
        if shape not in _OPEN + _CLOSED or letter < "\ufe70":
            continue
        after = whole_letters(text[index + 1 : index + 2])[:1]
        goes_on = after.isalpha() and _is_arabic(after)
        if (shape in _OPEN and not goes_on) or (shape in _CLOSED and goes_on and whole not in _NOT_JOINING):
            found += 1
    return found


def _is_arabic(letter):
    return "\u0600" <= letter <= "\u06ff"


def _is_latin(letter):
    return letter.isalpha() and (letter < "\x80" or "\u00c0" <= letter <= "\u024f")


def whole_letters(text: str) -> str:
    """`text` with letters for the shapes of letters that DOS 864 has: ﻣﺪﻳﻨﺔ → مدينة."""
    return _PRESENTATION.sub(lambda found: unicodedata.normalize("NFKC", found.group()), text)

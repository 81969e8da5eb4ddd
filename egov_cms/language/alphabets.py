"""Alphabets, for A-Z pages and for sorting in the order of the language."""

import re
import unicodedata

from .digits import to_ascii_digits
from .fold import fold, is_kept_by_fold
from .locales import base_language, lookup

OTHER = "#"  # the heading for texts that do not begin with a letter of the alphabet
ALPHABETS = {
    "ar": tuple("ابتثجحخدذرزسشصضطظعغفقكلمنهوي"),
    "ckb": tuple("ئابپتجچحخدرڕزژسشعغفڤقکگلڵمنهەوۆیێ"),
    "en": tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    "kmr": tuple("ABCÇDEÊFGHIÎJKLMNOPQRSŞTUÛVWXYZ"),
    "ku": tuple("ABCÇDEÊFGHIÎJKLMNOPQRSŞTUÛVWXYZ"),
    "syr": tuple("ܐܒܓܕܗܘܙܚܛܝܟܠܡܢܣܥܦܨܩܪܫܬ"),
    "tr": tuple("ABCÇDEFGĞHIİJKLMNOÖPRSŞTUÜVYZ"),
}

# Letters of other alphabets and keyboards → the letter under which they are sorted.
VARIANTS = {
    "ar": {
        **dict.fromkeys("أإآٱء", "ا"),
        **dict.fromkeys("ىئیېێ", "ي"),
        **dict.fromkeys("ؤۆۇ", "و"),
        **dict.fromkeys("ةەھہ", "ه"),
        **dict(zip("کگپچژڤڕڵ", "ككبجزفرل", strict=True)),
    },
    "ckb": {
        **dict.fromkeys("أإآٱء", "ئ"),
        **dict.fromkeys("ىي", "ی"),
        **dict(zip("ؤكھہةثذصضطظ", "وکههەسزسزتز", strict=True)),
    },
    "tr": {"i": "İ", "ı": "I"},
}

# Words that begin with ال although it is not the article (verbal nouns of roots with ل, words often written without
# their hamza).
NOT_WITH_ARTICLE = frozenset(
    [
        "التزام",
        "التماس",
        "التحاق",
        "التهاب",
        "التقاط",
        "التفاف",
        "التباس",
        "التفات",
        "التقاء",
        "التئام",
        "الغاء",
        "الزام",
        "القاء",
        "الكترون",
        "الماني",
        "الماس",
    ]
)
ENDINGS = ("اتها", "ات", "يه", "ها", "ه", "ي")


def alphabet(locale=None):
    """The letters of the language in order, in capitals if it has them; the English alphabet for other languages."""
    return list(lookup(ALPHABETS, locale))


def initial(text, locale=None):
    """The letter of `alphabet(locale)` under which `text` is listed in an A-Z; "#" when there is none.

    Arabic skips the article (التقاعد is under ت) and lists أ إ آ under ا. Sorani lists a first ر under ڕ, as it is
    pronounced, and a first ا under ئ.
    """
    letters = lookup(ALPHABETS, locale)
    first = next(iter(_normalised(text, locale)), OTHER)
    return first if first in letters else OTHER


def sort_key(text, locale=None):
    """A key that sorts texts in the order of the language's alphabet, without the Arabic article, and numbers by value
    (2 before 10).

    Texts that differ only in marks or letter variants have a fixed order. Only keys of the same locale can be compared.
    """
    ranks = {letter: rank for rank, letter in enumerate(lookup(ALPHABETS, locale))}
    key = []
    for piece in re.findall(r"[0-9]{1,18}|وو|.", _normalised(text, locale), re.DOTALL):
        if piece == "وو" and "ۆ" in ranks:
            key.append((2, ranks["ۆ"] + 0.5))  # وو is one letter in Sorani, sorted after ۆ
        elif piece[0] in "0123456789":
            key.append((1, int(piece)))
        elif not piece[0].isalnum():
            key.append((0, 0))
        else:
            key.extend((2, ranks[letter]) if letter in ranks else (3, ord(letter)) for letter in piece)
    return tuple(key), text


def _normalised(text, locale):
    """`text` in letters of the language's alphabet, without leading punctuation and without the Arabic article."""
    language = base_language(locale)
    letters = lookup(ALPHABETS, locale)
    bare = "".join(filter(is_kept_by_fold, unicodedata.normalize("NFKC", to_ascii_digits(text))))
    bare = re.sub(r"^[\W_]+", "", bare)
    if language == "ar" and _has_article(bare):
        bare = bare[2:]
    normalised = "".join(_letter(letter, letters, VARIANTS.get(language, {})) for letter in bare)
    if language == "ckb":
        normalised = re.sub(r"^[را]", lambda first: {"ر": "ڕ", "ا": "ئ"}[first[0]], normalised)
    return normalised


def _letter(letter, letters, variants):
    letter = variants.get(letter, letter)
    if letter in letters or letter.upper() in letters:
        return letter if letter in letters else letter.upper()
    plain = unicodedata.normalize("NFKD", letter)[0].upper()
    return plain if plain in letters else letter


def _has_article(text):
    word = re.match(r"\w*", text)[0]
    if not word.startswith("ال") or len(word) < 4:
        return False
    folded = fold(word)
    stems = {folded, *(folded.removesuffix(ending) for ending in ENDINGS)}
    return not stems & FOLDED_NOT_WITH_ARTICLE


FOLDED_NOT_WITH_ARTICLE = frozenset(map(fold, NOT_WITH_ARTICLE))

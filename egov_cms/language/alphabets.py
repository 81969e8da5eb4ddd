"""The alphabets, for A-Z pages and for sorting as a reader of the language expects."""

import re
import unicodedata

from .digits import to_ascii_digits
from .fold import fold, is_sounded
from .locales import base_language, lookup

OTHER = "#"  # the heading for what begins with no letter of the alphabet
ALPHABETS = {
    "ar": tuple("ابتثجحخدذرزسشصضطظعغفقكلمنهوي"),
    "ckb": tuple("ئابپتجچحخدرڕزژسشعغفڤقکگلڵمنهەوۆیێ"),
    "en": tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    "kmr": tuple("ABCÇDEÊFGHIÎJKLMNOPQRSŞTUÛVWXYZ"),
    "ku": tuple("ABCÇDEÊFGHIÎJKLMNOPQRSŞTUÛVWXYZ"),
    "syr": tuple("ܐܒܓܕܗܘܙܚܛܝܟܠܡܢܣܥܦܨܩܪܫܬ"),
    "tr": tuple("ABCÇDEFGĞHIİJKLMNOÖPRSŞTUÜVYZ"),
}

# Letters of other alphabets and keyboards → the letter they stand under.
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

# Words whose ا and ل are their own (verbal nouns from roots in ل; words often written without their hamza).
OWN_LAM = frozenset(
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
    """The letters of the language in order, capitals where there are any. English for a language unknown
    here.
    """
    return list(lookup(ALPHABETS, locale))


def initial(text, locale=None):
    """The letter of `alphabet(locale)` under which `text` stands in an A-Z; "#" when under none.

    Arabic skips the article (التقاعد stands under ت) and puts أ إ آ under ا; Sorani puts a first ر under ڕ,
    as it is always said, and a first ا under ئ.
    """
    letters = lookup(ALPHABETS, locale)
    first = next(iter(_spelt(text, locale)), OTHER)
    return first if first in letters else OTHER


def sort_key(text, locale=None):
    """A key that sorts texts in the order of the language's alphabet, the Arabic article skipped, 2 before
    10.

    Texts that differ only in marks or letter variants keep a fixed order. Keys of one locale compare with
    each other.
    """
    ranks = {letter: rank for rank, letter in enumerate(lookup(ALPHABETS, locale))}
    key = []
    for piece in re.findall(r"[0-9]{1,18}|وو|.", _spelt(text, locale), re.DOTALL):
        if piece == "وو" and "ۆ" in ranks:
            key.append((2, ranks["ۆ"] + 0.5))  # one sound in Sorani, after ۆ
        elif piece[0] in "0123456789":
            key.append((1, int(piece)))
        elif not piece[0].isalnum():
            key.append((0, 0))
        else:
            key.extend((2, ranks[letter]) if letter in ranks else (3, ord(letter)) for letter in piece)
    return tuple(key), text


def _spelt(text, locale):
    """`text` in the letters of the language's alphabet, from its first letter or digit on, without the
    article.
    """
    language = base_language(locale)
    letters = lookup(ALPHABETS, locale)
    bare = "".join(filter(is_sounded, unicodedata.normalize("NFKC", to_ascii_digits(text))))
    bare = re.sub(r"^[\W_]+", "", bare)
    if language == "ar" and _has_article(bare):
        bare = bare[2:]
    spelt = "".join(_letter(letter, letters, VARIANTS.get(language, {})) for letter in bare)
    if language == "ckb":
        spelt = re.sub(r"^[را]", lambda first: {"ر": "ڕ", "ا": "ئ"}[first[0]], spelt)
    return spelt


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
    return not stems & FOLDED_OWN_LAM


FOLDED_OWN_LAM = frozenset(map(fold, OWN_LAM))

"""Light stemmers for folded words: `stem(word, locale)` returns the key under which a word is stored and
looked up.

The suffixes are written in ordinary letters here and folded at import, so that they always match the output of
`fold()`.
"""

import re
import threading
from functools import lru_cache

import snowballstemmer

from egov_cms.language import fold

SHORTEST = 3
DIGIT = re.compile(r"\d")
LATIN = re.compile(r"[a-z]+")


def _folded(words):
    return tuple(sorted({fold(word) for word in words.split()}, key=lambda word: (-len(word), word)))


ARABIC_PREFIXES = _folded("وال فال بال كال ولل لل ال")
ARABIC_SUFFIXES = _folded("ها ان ات ون ين ية ة ي يات يون يين")
SORANI_SUFFIXES = _folded(
    "ەکانمان ەکانتان ەکانیان ەکانی ەکان ەکەی ەکە یەکان یەک ێکی ێک ەوەی ەوە انی ان یان مان تان یی ی ە "
    "تر ترین دا کانی کان کەی کە"
)
SORANI_AFTER_VOWEL = frozenset(_folded("کانی کان کەی کە"))
SORANI_VOWELS = tuple(fold("ا ۆ ی ە").split())
PROCLITICS = tuple(fold("و ف ب ل ك").split())

_local = threading.local()


def stem(word, locale):
    """The key of one folded word in a document of `locale`. Numbers, codes and words of other languages are
    returned unchanged."""
    stemmer = STEMMERS.get(locale)
    if stemmer is None or DIGIT.search(word):
        return word
    return stemmer(word)


@lru_cache(maxsize=65536)
def stem_arabic(word):
    for prefix in ARABIC_PREFIXES:
        rest = word[len(prefix) :]
        # Folding drops the final hamza of ماء, so two letters that end in ا count as three: الماء → ما.
        if word.startswith(prefix) and (len(rest) >= SHORTEST or (len(rest) == 2 and rest[1] == "ا")):
            word = rest
            break
    for suffix in ARABIC_SUFFIXES:
        rest = word[: -len(suffix)]
        if word.endswith(suffix) and len(rest) >= SHORTEST:
            return rest
    return word


@lru_cache(maxsize=65536)
def stem_sorani(word):
    for _pass in range(2):
        shorter = _sorani_pass(word)
        if shorter == word:
            break
        word = shorter
    return word


@lru_cache(maxsize=65536)
def stem_english(word):
    if not LATIN.fullmatch(word):
        return word
    # A snowball stemmer stores the current word in itself, so each thread needs its own.
    if not hasattr(_local, "english"):
        _local.english = snowballstemmer.stemmer("english")
    return _local.english.stemWord(word.replace("licenc", "licens"))


STEMMERS = {"ar": stem_arabic, "ckb": stem_sorani, "en": stem_english}


def without_proclitic(word):
    """The folded word without its prefix و ف ب ل ك, or None when it has none or the rest would be too short."""
    if word.startswith(PROCLITICS) and len(word) > SHORTEST:
        return word[1:]
    return None


def _sorani_pass(word):
    for suffix in SORANI_SUFFIXES:
        rest = word[: -len(suffix)]
        if not word.endswith(suffix) or len(rest) < SHORTEST:
            continue
        if suffix not in SORANI_AFTER_VOWEL or rest.endswith(SORANI_VOWELS):
            return rest
    return word

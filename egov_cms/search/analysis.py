"""From text to keys: the one analysis that index, query, highlight and admin search share.

A *key* is a folded and stemmed word. Keys hold only letters and digits, so they are safe in every engine's
syntax.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from egov_cms.language import fold, fold_map
from egov_cms.search.stemming import STEMMERS, stem, without_proclitic

WORD = re.compile(r"[^\W_]+")
LONGEST_WORD = 40
LATIN = re.compile(r"[A-Za-z]")
SORANI_LETTERS = re.compile("[ەێۆڕڵڤ]|ه\u200c")
STOP_LIST = (
    "من في فى على عن الى إلى مع او أو و ثم هذا هذه ذلك التي الذي ما هو هي هل كيف "
    "اين أين متى لدى عند التى كل "
    "لە بۆ بە کە ئەم ئەو لەگەڵ یان چۆن لەسەر هەر دا "
    "the a an of for to in on and or is are your you how what where with by at from i my s do"
)
STOP_WORDS = frozenset(fold(STOP_LIST).split())
# Folding drops the hamza that parts water (ماء, ئاو) from what (ما) and or (او): here it stays, as the letter
# that phonetics writes for it.
WITH_HAMZA = re.compile(r"(?<!\S)\S{0,8}[ءئ]\S{0,8}(?!\S)")
AS_LETTER = str.maketrans("ءئ", "ɂɂ")
STOP_WORDS_WITH_HAMZA = frozenset(fold(STOP_LIST.translate(AS_LETTER)).split())


@dataclass(frozen=True)
class Word:
    """A word of a text: its folded form and where it stands in the original."""

    folded: str
    start: int
    end: int


def words(text, stop_words=True):
    """The folded words of a text, without stop words; with them when nothing else is left."""
    found = [match[:LONGEST_WORD] for match in WORD.findall(fold(text))]
    if stop_words:
        spared = not_stop_words(text)
        return [word for word in found if word not in STOP_WORDS or word in spared] or found
    return found


def not_stop_words(text):
    """The folded words of a text that only look like stop words because folding has dropped their hamza."""
    pieces = WITH_HAMZA.findall(text)
    return frozenset().union(*map(_not_stop_words, pieces)) if pieces else frozenset()


@lru_cache(maxsize=8192)
def _not_stop_words(piece):
    if STOP_WORDS_WITH_HAMZA.isdisjoint(WORD.findall(fold(piece.translate(AS_LETTER)))):
        return STOP_WORDS.intersection(WORD.findall(fold(piece)))
    return frozenset()


SHORT_TEXT = 400


def words_in_place(text):
    """The words of a text as `Word`, in order, stop words included; `text[start:end]` are the original
    letters."""
    # Titles and summaries of what is found often are found again.
    return _remembered_words(text) if len(text) <= SHORT_TEXT else _words_in_place(text)


@lru_cache(maxsize=4096)
def _remembered_words(text):
    return tuple(_words_in_place(text))


def _words_in_place(text):
    folded, offsets = fold_map(text)
    last = 0
    for match in WORD.finditer(folded):
        start = offsets[match.start()]
        if start < last:
            # One sign may stand for several words, such as a fraction for two numbers.
            continue
        end = offsets[match.end() - 1] + 1
        limit = offsets[match.end()] if match.end() < len(offsets) else len(text)
        while end < limit and not fold(text[end]) and not text[end].isspace():
            end += 1
        yield Word(match.group()[:LONGEST_WORD], start, end)
        last = end


@lru_cache(maxsize=65536)
def word_keys(word, locale):
    """The keys of one folded word in a document: its stem, and without a leading و where that may be a
    conjunction."""
    keys = [stem(word, locale)]
    rest = without_proclitic(word) if locale == "ar" and word.startswith("و") else None
    if rest and len(rest) > 3:
        keys.append(stem(rest, locale))
    return tuple(dict.fromkeys(keys))


def keys(text, locale):
    """The distinct keys of a text of a document in `locale`, in order of first appearance."""
    return list(dict.fromkeys(key for word in words(text) for key in word_keys(word, locale)))


@lru_cache(maxsize=8192)
def query_keys(word):
    """The keys a folded query word may be stored under, whatever the language of the document."""
    return tuple(dict.fromkeys([word, *(stem(word, locale) for locale in STEMMERS)]))


def apparent_locale(text, default="ar"):
    """The language a query seems to be in, by its letters; `default` where they leave it open."""
    latin = LATIN.search(text)
    other = any(letter.isalpha() and not letter.isascii() for letter in text)
    if latin and other:
        return default
    if latin:
        return "en"
    if SORANI_LETTERS.search(text):
        return "ckb"
    return default if default in ("ar", "ckb") else "ar"


def folded_query(text):
    """The words of a query as one comparable string: how promoted results and query counts are keyed."""
    return " ".join(words(text))[:200].strip()

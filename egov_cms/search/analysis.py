"""From text to keys: the analysis shared by indexing, queries, highlighting and the admin's search.

A *key* is a folded and stemmed word. Keys contain only letters and digits, so they need no escaping in the
query syntax of any engine.
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
# Folding drops the hamza that distinguishes "water" (ماء, ئاو) from the stop words "what" (ما) and "or" (او). To
# compare words with their hamza, it is replaced by the IPA letter for this sound before folding.
WORD_WITH_HAMZA = re.compile(r"(?<!\S)\S{0,8}[ءئ]\S{0,8}(?!\S)")
HAMZA_TO_LETTER = str.maketrans("ءئ", "ɂɂ")
STOP_WORDS_WITH_HAMZA = frozenset(fold(STOP_LIST.translate(HAMZA_TO_LETTER)).split())


@dataclass(frozen=True)
class Word:
    """A word of a text: its folded form and its position in the original."""

    folded: str
    start: int
    end: int


def words(text, stop_words=True):
    """The folded words of a text. `stop_words`: leave them out, unless the text has no other words."""
    all_words = [match[:LONGEST_WORD] for match in WORD.findall(fold(text))]
    if stop_words:
        exceptions = stop_word_exceptions(text)
        return [word for word in all_words if word not in STOP_WORDS or word in exceptions] or all_words
    return all_words


def stop_word_exceptions(text):
    """The folded words of a text that equal a stop word only because folding has dropped their hamza."""
    pieces = WORD_WITH_HAMZA.findall(text)
    return frozenset().union(*map(_stop_word_exceptions, pieces)) if pieces else frozenset()


@lru_cache(maxsize=8192)
def _stop_word_exceptions(piece):
    if STOP_WORDS_WITH_HAMZA.isdisjoint(WORD.findall(fold(piece.translate(HAMZA_TO_LETTER)))):
        return STOP_WORDS.intersection(WORD.findall(fold(piece)))
    return frozenset()


LONGEST_CACHED_TEXT = 400


def words_with_positions(text):
    """The words of a text as `Word`, in order, stop words included; `text[start:end]` are the original
    letters."""
    # Short texts are titles and summaries; those of popular entries are highlighted again and again.
    if len(text) <= LONGEST_CACHED_TEXT:
        return _cached_words_with_positions(text)
    return _words_with_positions(text)


@lru_cache(maxsize=4096)
def _cached_words_with_positions(text):
    return tuple(_words_with_positions(text))


def _words_with_positions(text):
    folded, offsets = fold_map(text)
    last = 0
    for match in WORD.finditer(folded):
        start = offsets[match.start()]
        if start < last:
            # One character can fold to several words: a fraction folds to two numbers.
            continue
        end = offsets[match.end() - 1] + 1
        limit = offsets[match.end()] if match.end() < len(offsets) else len(text)
        while end < limit and not fold(text[end]) and not text[end].isspace():
            end += 1
        yield Word(match.group()[:LONGEST_WORD], start, end)
        last = end


@lru_cache(maxsize=65536)
def word_keys(word, locale):
    """The keys of one folded word in a document: its stem, and its stem without a leading و, which can be the
    conjunction "and"."""
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
    """The keys under which a folded query word can be stored, in documents of any language."""
    return tuple(dict.fromkeys([word, *(stem(word, locale) for locale in STEMMERS)]))


def detect_locale(text, default="ar"):
    """The language of a query, detected by its letters; `default` when they do not decide."""
    latin = LATIN.search(text)
    not_latin = any(letter.isalpha() and not letter.isascii() for letter in text)
    if latin and not_latin:
        return default
    if latin:
        return "en"
    if SORANI_LETTERS.search(text):
        return "ckb"
    return default if default in ("ar", "ckb") else "ar"


def folded_query(text):
    """The words of a query as one normalised string: the key of promoted results and of query counts."""
    return " ".join(words(text))[:200].strip()

"""Parses a query: tokens, spelling corrections, synonyms, interpretations."""

import math
from collections import Counter
from dataclasses import dataclass, field

from egov_cms.search.analysis import detect_locale, query_keys, words, words_with_positions
from egov_cms.search.stemming import without_proclitic
from egov_cms.search.synonyms import MOST_INTERPRETATIONS

LONGEST_QUERY = 250
MOST_WORDS = 12
CORRECTION_WEIGHT = 0.6
SYNONYM_FACTOR = 0.95
WEIGHT_UNIT = 100
COMMON_WORD_RATIO = 0.25


@dataclass(frozen=True)
class Interpretation:
    """One reading of a query: for each word its possible keys with their weights. `factor` is 1 for the original.

    `importance` is the weight of each word: its inverse document frequency. The words of a synonym share the
    importance of the words that they replace.
    """

    tokens: tuple[dict[str, float], ...]
    importance: tuple[float, ...] = ()
    factor: float = 1.0


@dataclass(frozen=True)
class Query:
    """A parsed query. `idf` is the inverse document frequency of each key that occurs in at least one document."""

    text: str
    words: tuple[str, ...]
    locale: str
    interpretations: tuple[Interpretation, ...] = ()
    idf: dict[str, float] = field(default_factory=dict)
    suggestion: str = ""

    @property
    def keys(self):
        """`{key: integer weight}` for the engine.

        A word that is much more common than another word of the same reading is left out: it would match half of the
        site. It still counts in the ranking.
        """
        weights = {}
        for interpretation in self.interpretations:
            token_idfs = [
                max((self.idf[key] for key in token if key in self.idf), default=0.0)
                for token in interpretation.tokens
            ]
            for token, token_idf in zip(interpretation.tokens, token_idfs, strict=True):
                if token_idf < COMMON_WORD_RATIO * max(token_idfs):
                    continue
                for key, weight in token.items():
                    if key in self.idf:
                        whole = max(1, round(WEIGHT_UNIT * self.idf[key] * weight * interpretation.factor))
                        weights[key] = max(weights.get(key, 0), whole)
        return weights


def parse(text, locale, lexicon, synonyms):
    """The `Query` of a text typed on a site in `locale`; without interpretations when the text has no words."""
    text = " ".join(text[:LONGEST_QUERY].split())
    typed = words(text)[:MOST_WORDS]
    detected = detect_locale(text, locale or "ar")
    if not typed:
        return Query(text, (), detected)
    counts = lexicon.documents([key for word in typed for key in _all_keys(word)])
    tokens, corrected = [], {}
    for word in typed:
        token, form = _token(word, counts, lexicon, synonyms)
        tokens.append(token)
        if form:
            corrected[word] = form
    readings = _readings(tokens, synonyms, lexicon, (locale, detected))
    all_keys = [key for reading in readings for token, _origin in reading for key in token]
    all_counts = lexicon.documents(all_keys)
    idf = {key: _idf(count, lexicon.size) for key, count in all_counts.items()}
    return Query(
        text,
        tuple(typed),
        detected,
        tuple(_weighted(readings, idf)),
        idf,
        _corrected_text(text, corrected),
    )


def _all_keys(word):
    rest = without_proclitic(word)
    return query_keys(word) + (query_keys(rest) if rest else ())


def _token(word, counts, lexicon, synonyms):
    """The keys of a word with their weights, and its corrected spelling, or "" when it was not corrected."""
    keys = query_keys(word)
    if any(key in counts or key in synonyms.keys for key in keys):
        return dict.fromkeys(keys, 1.0), ""
    rest = without_proclitic(word)
    if rest and any(key in counts or key in synonyms.keys for key in query_keys(rest)):
        return dict.fromkeys(query_keys(rest), 1.0), ""
    corrections = lexicon.corrections(word, synonyms.words)
    if not corrections:
        return dict.fromkeys(keys, 1.0), ""
    return {correction.key: CORRECTION_WEIGHT for correction in corrections}, corrections[0].form


def _readings(tokens, synonyms, lexicon, scopes):
    """The original reading and those with words replaced by synonyms, fewest replacements first.

    A reading is a tuple of `(token, origin)`; `origin` is the range of typed words that the token represents.
    """
    original = tuple((token, (position, position + 1)) for position, token in enumerate(tokens))
    readings = [(original, 0)]
    seen = {_signature(original)}
    for reading, first in readings:
        for position in range(first, len(reading)):
            for rule in synonyms.rules_at([frozenset(token) for token, _origin in reading], position, scopes):
                end = position + len(rule.term)
                replaced = reading[position:end]
                weight = max(max(token.values()) for token, _origin in replaced)
                origin = (replaced[0][1][0], replaced[-1][1][1])
                for replacement in sorted(rule.replacements, key=lambda term: term.locale not in scopes):
                    new = [(dict.fromkeys(query_keys(word), weight), origin) for word in replacement.words]
                    changed = (*reading[:position], *new, *reading[end:])
                    signature = _signature(changed)
                    if (
                        len(readings) < MOST_INTERPRETATIONS
                        and signature not in seen
                        and lexicon.documents([key for token, _origin in new for key in token])
                    ):
                        seen.add(signature)
                        readings.append((changed, position + len(new)))
    return [reading for reading, _first in readings]


def _signature(reading):
    return tuple(frozenset(token) for token, _origin in reading)


def _weighted(readings, idf):
    """The readings as interpretations. All have the same total importance, however many words a synonym has."""
    unknown = max(idf.values(), default=1.0)

    def token_idf(token):
        return max((idf[key] for key in token if key in idf), default=unknown)

    typed = [token_idf(token) for token, _origin in readings[0]]
    for number, reading in enumerate(readings):
        own = [token_idf(token) for token, _origin in reading]
        sums = Counter()
        for value, (_token, origin) in zip(own, reading, strict=True):
            sums[origin] += value
        importance = tuple(
            sum(typed[slice(*origin)]) * value / sums[origin]
            for value, (_token, origin) in zip(own, reading, strict=True)
        )
        yield Interpretation(
            tuple(token for token, _origin in reading), importance, SYNONYM_FACTOR if number else 1.0
        )


def _idf(documents, size):
    return math.log(1 + (size - documents + 0.5) / (documents + 0.5))


def _corrected_text(text, corrected):
    """The query with misspelt words replaced by their spelling in the documents; "" when nothing changes."""
    if not corrected:
        return ""
    pieces, last = [], 0
    for word in words_with_positions(text):
        if word.folded in corrected:
            pieces += [text[last : word.start], corrected[word.folded]]
            last = word.end
    suggestion = "".join([*pieces, text[last:]])
    return "" if suggestion == text else suggestion

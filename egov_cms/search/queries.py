"""From what somebody typed to what is asked: tokens, spelling, synonyms, interpretations."""

import math
from collections import Counter
from dataclasses import dataclass, field

from egov_cms.search.analysis import apparent_locale, query_keys, words, words_in_place
from egov_cms.search.stemming import without_proclitic
from egov_cms.search.synonyms import MOST_INTERPRETATIONS

LONGEST_QUERY = 250
MOST_WORDS = 12
CORRECTED = 0.6
SYNONYM = 0.95
WEIGHT_UNIT = 100
COMMON = 0.25


@dataclass(frozen=True)
class Interpretation:
    """One reading of a query: per word the keys it may be stored under, with their weights; `factor` 1 for
    the original.

    `importance` says what each word counts: its rarity, where a synonym's words share that of the words they
    replace.
    """

    tokens: tuple[dict[str, float], ...]
    importance: tuple[float, ...] = ()
    factor: float = 1.0


@dataclass(frozen=True)
class Query:
    """A query ready to be asked. `rarity` holds the inverse document frequency of the keys that any document
    has."""

    text: str
    words: tuple[str, ...]
    locale: str
    interpretations: tuple[Interpretation, ...] = ()
    rarity: dict[str, float] = field(default_factory=dict)
    suggestion: str = ""

    @property
    def keys(self):
        """`{key: whole weight}` for the engine.

        A word that is common beside another one of the same reading only ranks: on its own it would bring in
        half the site.
        """
        weights = {}
        for interpretation in self.interpretations:
            rarities = [
                max((self.rarity[key] for key in token if key in self.rarity), default=0.0)
                for token in interpretation.tokens
            ]
            for token, rarity in zip(interpretation.tokens, rarities, strict=True):
                if rarity < COMMON * max(rarities):
                    continue
                for key, weight in token.items():
                    if key in self.rarity:
                        whole = max(1, round(WEIGHT_UNIT * self.rarity[key] * weight * interpretation.factor))
                        weights[key] = max(weights.get(key, 0), whole)
        return weights


def read(text, locale, lexicon, synonyms):
    """The `Query` of a text typed on a site in `locale`; without interpretations when it holds no word."""
    text = " ".join(text[:LONGEST_QUERY].split())
    typed = words(text)[:MOST_WORDS]
    apparent = apparent_locale(text, locale or "ar")
    if not typed:
        return Query(text, (), apparent)
    known = lexicon.documents([key for word in typed for key in _all_keys(word)])
    tokens, corrected = [], {}
    for word in typed:
        token, form = _token(word, known, lexicon, synonyms)
        tokens.append(token)
        if form:
            corrected[word] = form
    readings = _interpretations(tokens, synonyms, lexicon, (locale, apparent))
    everything = [key for reading in readings for token, _origin in reading for key in token]
    numbers = lexicon.documents(everything)
    rarity = {key: _rarity(number, lexicon.size) for key, number in numbers.items()}
    return Query(
        text,
        tuple(typed),
        apparent,
        tuple(_weighed(readings, rarity)),
        rarity,
        _corrected_text(text, corrected),
    )


def _all_keys(word):
    rest = without_proclitic(word)
    return query_keys(word) + (query_keys(rest) if rest else ())


def _token(word, known, lexicon, synonyms):
    """The keys of a word with their weights, and the corrected spelling when it had to be guessed."""
    keys = query_keys(word)
    if any(key in known or key in synonyms.keys for key in keys):
        return dict.fromkeys(keys, 1.0), ""
    rest = without_proclitic(word)
    if rest and any(key in known or key in synonyms.keys for key in query_keys(rest)):
        return dict.fromkeys(query_keys(rest), 1.0), ""
    corrections = lexicon.corrections(word, synonyms.words)
    if not corrections:
        return dict.fromkeys(keys, 1.0), ""
    return {correction.key: CORRECTED for correction in corrections}, corrections[0].form


def _interpretations(tokens, synonyms, lexicon, scopes):
    """The original reading and those with synonyms put in, fewest replacements first.

    A reading is a tuple of `(token, origin)`; the origin is the range of typed words that the token stands
    for.
    """
    original = tuple((token, (position, position + 1)) for position, token in enumerate(tokens))
    readings = [(original, 0)]
    seen = {_signature(original)}
    for reading, first in readings:
        for position in range(first, len(reading)):
            for rule in synonyms.at([frozenset(token) for token, _origin in reading], position, scopes):
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


def _weighed(readings, rarity):
    """The readings as interpretations; all weigh the same, however many words a synonym has."""
    unknown = max(rarity.values(), default=1.0)

    def rarity_of(token):
        return max((rarity[key] for key in token if key in rarity), default=unknown)

    typed = [rarity_of(token) for token, _origin in readings[0]]
    for number, reading in enumerate(readings):
        own = [rarity_of(token) for token, _origin in reading]
        sums = Counter()
        for value, (_token, origin) in zip(own, reading, strict=True):
            sums[origin] += value
        importance = tuple(
            sum(typed[slice(*origin)]) * value / sums[origin]
            for value, (_token, origin) in zip(own, reading, strict=True)
        )
        yield Interpretation(
            tuple(token for token, _origin in reading), importance, SYNONYM if number else 1.0
        )


def _rarity(documents, size):
    return math.log(1 + (size - documents + 0.5) / (documents + 0.5))


def _corrected_text(text, corrected):
    """The query with its misspelt words replaced by the forms that stand in documents."""
    if not corrected:
        return ""
    pieces, last = [], 0
    for word in words_in_place(text):
        if word.folded in corrected:
            pieces += [text[last : word.start], corrected[word.folded]]
            last = word.end
    suggestion = "".join([*pieces, text[last:]])
    return "" if suggestion == text else suggestion

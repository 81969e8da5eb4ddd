"""What is known about the words of a space: in how many documents they stand, and what a misspelt one may
have meant."""

from dataclasses import dataclass, field

from django.db.models import Sum
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from egov_cms.search.analysis import query_keys
from egov_cms.search.models import Entry, VocabularyWord

MOST_CORRECTIONS = 3
SHORTEST_CORRECTED = 3
LONG_WORD = 8
MOST_CACHED = 20000


@dataclass(frozen=True)
class Correction:
    """A known key near an unknown word, and how it is spelled where it stands."""

    key: str
    form: str
    distance: int


@dataclass
class Lexicon:
    """The vocabulary of a space at one version; counts are read when asked for, spellings on the first
    unknown word."""

    space: str
    number: int | None
    size: int
    _documents: dict[str, int] = field(default_factory=dict)
    _spellings: dict[int, dict[str, tuple[str, str, int]]] | None = None
    _corrections: dict[str, list[Correction]] = field(default_factory=dict)

    def documents(self, keys):
        """`{key: number of documents}` of the keys that stand in any."""
        unknown = [key for key in dict.fromkeys(keys) if key not in self._documents]
        if unknown:
            rows = VocabularyWord.objects.filter(space=self.space, key__in=unknown)
            found = dict(rows.values_list("key").annotate(Sum("documents")))
            if len(self._documents) > MOST_CACHED:
                self._documents = {}
            self._documents.update((key, min(found.get(key, 0), self.size)) for key in unknown)
        return {key: number for key in keys if (number := self._documents.get(key, 0))}

    def corrections(self, word, synonym_words=()):
        """Up to three keys within one edit of a folded word (two from eight letters on), nearest and
        commonest first."""
        if len(word) < SHORTEST_CORRECTED or any(letter.isdigit() for letter in word):
            return []
        if word not in self._corrections:
            if len(self._corrections) > MOST_CACHED:
                self._corrections = {}
            self._corrections[word] = self._correct(word, synonym_words)
        return self._corrections[word]

    def _correct(self, word, synonym_words):
        best = {}
        for text in query_keys(word):
            limit = 2 if len(text) >= LONG_WORD else 1
            for length in range(len(text) - limit, len(text) + limit + 1):
                spellings = self._by_length().get(length, {})
                near = process.extract(
                    text, spellings.keys(), scorer=DamerauLevenshtein.distance, score_cutoff=limit, limit=None
                )
                for spelling, distance, _choice in near:
                    key, form, number = spellings[spelling]
                    rank = (distance, -number, key, form)
                    best[key] = min(best.get(key, rank), rank)
            for spelling in synonym_words:
                distance = DamerauLevenshtein.distance(text, spelling, score_cutoff=limit)
                if distance <= limit and spelling not in best:
                    best[spelling] = (distance, 0, spelling, spelling)
        nearest = sorted(best.values())[:MOST_CORRECTIONS]
        return [Correction(key, form, distance) for distance, _number, key, form in nearest]

    def _by_length(self):
        if self._spellings is None:
            spellings = {}
            rows = VocabularyWord.objects.filter(space=self.space)
            for folded, key, form, number in rows.values_list("folded", "key", "form", "documents"):
                for spelling in {folded, key}:
                    same = spellings.setdefault(len(spelling), {})
                    if spelling not in same or same[spelling][2] < number:
                        same[spelling] = (key, form, number)
            self._spellings = spellings
        return self._spellings


_cached: dict[str, Lexicon] = {}


def lexicon_of(space, number):
    """The lexicon of a space; `number` is the version of its vocabulary, read from the database by the
    caller."""
    lexicon = _cached.get(space)
    if lexicon is None or lexicon.number != number:
        lexicon = Lexicon(space, number, Entry.objects.filter(space=space).count())
        _cached[space] = lexicon
    return lexicon


def forget(space):
    _cached.pop(space, None)

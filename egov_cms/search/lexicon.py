"""The vocabulary of a space: document frequencies of keys, and spelling corrections."""

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
    """A key in the vocabulary that is similar to an unknown word, with its spelling in the documents (`form`) and its
    edit distance."""

    key: str
    form: str
    distance: int


@dataclass
class Lexicon:
    """The vocabulary of a space at one version. Counts are queried when needed, all spellings on the first unknown
    word. `size` is the number of documents in the space."""

    space: str
    version: int | None
    size: int
    _documents: dict[str, int] = field(default_factory=dict)
    _spellings: dict[int, dict[str, tuple[str, str, int]]] | None = None
    _corrections: dict[str, list[Correction]] = field(default_factory=dict)

    def documents(self, keys):
        """`{key: number of documents}` for the keys that occur in at least one document."""
        missing = [key for key in dict.fromkeys(keys) if key not in self._documents]
        if missing:
            rows = VocabularyWord.objects.filter(space=self.space, key__in=missing)
            counts = dict(rows.values_list("key").annotate(Sum("documents")))
            if len(self._documents) > MOST_CACHED:
                self._documents = {}
            self._documents.update((key, min(counts.get(key, 0), self.size)) for key in missing)
        return {key: number for key in keys if (number := self._documents.get(key, 0))}

    def corrections(self, word, synonym_words=()):
        """Up to three keys within edit distance 1 of a folded word (2 for words of eight or more letters), nearest
        first, then most frequent."""
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


_cache: dict[str, Lexicon] = {}


def get_lexicon(space, version):
    """The cached lexicon of a space; `version` is the current version of its vocabulary in the database."""
    lexicon = _cache.get(space)
    if lexicon is None or lexicon.version != version:
        lexicon = Lexicon(space, version, Entry.objects.filter(space=space).count())
        _cache[space] = lexicon
    return lexicon


def clear_cache(space):
    _cache.pop(space, None)

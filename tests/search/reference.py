"""The simplest implementation of the engine interface, as the expected result: it reads every entry."""

from collections import Counter

from egov_cms.search.engines.base import TITLE_FACTOR, Engine, Matches
from egov_cms.search.models import Entry


class ReferenceMatches(Matches):
    def __init__(self, keys, space):
        self._scored = []
        for entry in Entry.objects.filter(space=space).order_by("pk"):
            title = {*entry.title_keys.split(), *entry.popular_keys.split()}
            texts = (entry.summary_keys, entry.attachment_keys, entry.body_keys)
            every = title.union(*(text.split() for text in texts))
            score = sum(
                weight * (TITLE_FACTOR if key in title else 1) for key, weight in keys.items() if key in every
            )
            if score:
                self._scored.append((score, entry))
        self.facets = dict(Counter(entry.facet_set_id for _score, entry in self._scored))

    def candidates(self, factors, limit):
        scored = [
            (-score * factors[entry.facet_set_id], entry.pk)
            for score, entry in self._scored
            if entry.facet_set_id in factors
        ]
        return [pk for _score, pk in sorted(scored)[:limit]]


class ReferenceEngine(Engine):
    """Answers queries from the entries; stores nothing itself."""

    name = "reference"

    def matches(self, keys, space):
        return ReferenceMatches(keys, space)

    def suggest(self, words, space, locale, limit=8):
        entries = Entry.objects.filter(space=space, locale=locale).order_by("pk")
        return [entry.pk for entry in entries if self._matches_prefix(entry.names.split(), words)][:limit]

    def _matches_prefix(self, names, words):
        return set(words[:-1]) <= set(names) and any(name.startswith(words[-1]) for name in names)

    def index(self, entries):
        pass

    def remove(self, ids, space, changed=None):
        pass

    def rebuild(self, space, progress=None):
        pass

    def spaces(self):
        return set()

    def drop(self, space):
        pass

"""The contract of an engine in the plainest way: every entry is looked at."""

from collections import Counter

from egov_cms.search.engines.base import TITLE_FACTOR, Candidates
from egov_cms.search.models import Entry


class ReferenceEngine:
    """`candidates` and `facets` as `egov_cms.search.engines.base.Engine` defines them."""

    name = "reference"
    distant = False

    def candidates(self, keys, scope, boosts=None, limit=500):
        scored = []
        for entry in self._entries(scope):
            title = {*entry.title_keys.split(), *entry.popular_keys.split()}
            every = self._keys(entry)
            score = sum(
                weight * (TITLE_FACTOR if key in title else 1) for key, weight in keys.items() if key in every
            )
            if score:
                scored.append((-score * round((boosts or {}).get(entry.type, 1) * 100), entry.pk))
        scored.sort()
        return Candidates([pk for _score, pk in scored[:limit]], len(scored))

    def facets(self, keys, scope):
        counts = {}
        for entry in self._entries(scope):
            if keys and not self._keys(entry).intersection(keys):
                continue
            counts.setdefault("type", Counter())[entry.type] += 1
            for name, codes in entry.facets.items():
                counts.setdefault(name, Counter()).update(codes)
        return {name: dict(counter) for name, counter in counts.items()}

    def _entries(self, scope):
        for entry in Entry.objects.filter(space=scope.space).order_by("pk"):
            if scope.locales and entry.locale not in scope.locales:
                continue
            if scope.without_locale == entry.locale or (scope.types and entry.type not in scope.types):
                continue
            if all(set(codes) & set(entry.facets.get(name, ())) for name, codes in scope.facets.items()):
                yield entry

    def _keys(self, entry):
        texts = (
            entry.title_keys,
            entry.popular_keys,
            entry.summary_keys,
            entry.papers_keys,
            entry.body_keys,
        )
        return {key for text in texts for key in text.split()}

"""Facet sets: everything that a search can be filtered by (type, language, facet codes) as one number.

A site has far fewer facet sets than entries, so one count of matches per set is enough to compute the counts of
all facets, whatever filters are chosen. The number is a hash of the content, so a cached set never becomes stale.
"""

import hashlib
import json
from collections import Counter

from egov_cms.search.models import FacetSet

MOST_CACHED = 50_000
_cache: dict[int, FacetSet] = {}


def facet_set(type_, locale, facets):
    """The (unsaved) `FacetSet` of a document; `facets` is `{name: codes}`."""
    facets = {name: sorted(set(codes)) for name, codes in sorted(facets.items()) if codes}
    content = json.dumps([type_, locale, facets], sort_keys=True)
    number = int.from_bytes(hashlib.sha256(content.encode()).digest()[:8]) >> 1
    return FacetSet(number, type_, locale, facets)


def save(sets):
    FacetSet.objects.bulk_create({each.pk: each for each in sets}.values(), ignore_conflicts=True)


def load(numbers):
    """`{number: FacetSet}` for the numbers stored at entries, cached in the process."""
    missing = [number for number in numbers if number not in _cache]
    if missing:
        if len(_cache) > MOST_CACHED:
            _cache.clear()
            missing = list(numbers)
        for start in range(0, len(missing), 1000):
            _cache.update(FacetSet.objects.in_bulk(missing[start : start + 1000]))
    return {number: _cache[number] for number in numbers if number in _cache}


def apply_filters(sets, match_counts, types=(), facets=None):
    """`(fitting, counts)`: the numbers of the `sets` (`{number: FacetSet}`) that pass the filters, and facet counts.

    `match_counts`: how many entries of each set match the query. `counts` is `{facet: {code: number}}`, including
    the facet "type". Each facet is counted without its own filter, so a count is the number of results that
    choosing the code would give.
    """
    chosen = {name: frozenset(codes) for name, codes in (facets or {}).items() if codes}
    if types:
        chosen["type"] = frozenset(types)
    fitting, counts = [], {}
    for number, each in sets.items():
        values = {"type": [each.type], **each.facets}
        failing = [name for name, codes in chosen.items() if codes.isdisjoint(values.get(name, ()))]
        if not failing:
            fitting.append(number)
        for name in failing[:1] if len(failing) == 1 else () if failing else values:
            for code in values.get(name, ()):
                counts.setdefault(name, Counter())[code] += match_counts[number]
    return fitting, {name: dict(counter) for name, counter in counts.items()}

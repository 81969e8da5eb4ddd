"""Everything that a search can be narrowed by, as one number: a type, a language and facet codes.

A site has far fewer such sets than entries, so counting the matches of each set counts every facet at once,
whatever has been chosen. The number is made of the content, so what a process remembers never grows old.
"""

import hashlib
import json
from collections import Counter

from egov_cms.search.models import FacetSet

MOST_REMEMBERED = 50_000
_remembered: dict[int, FacetSet] = {}


def facet_set(type_, locale, facets):
    """The (unsaved) `FacetSet` of a document; `facets` are `{name: codes}`."""
    facets = {name: sorted(set(codes)) for name, codes in sorted(facets.items()) if codes}
    content = json.dumps([type_, locale, facets], sort_keys=True)
    number = int.from_bytes(hashlib.sha256(content.encode()).digest()[:8]) >> 1
    return FacetSet(number, type_, locale, facets)


def save(sets):
    FacetSet.objects.bulk_create({each.pk: each for each in sets}.values(), ignore_conflicts=True)


def known(numbers):
    """`{number: FacetSet}` of the numbers that entries carry."""
    unknown = [number for number in numbers if number not in _remembered]
    if unknown:
        if len(_remembered) > MOST_REMEMBERED:
            _remembered.clear()
            unknown = list(numbers)
        for start in range(0, len(unknown), 1000):
            _remembered.update(FacetSet.objects.in_bulk(unknown[start : start + 1000]))
    return {number: _remembered[number] for number in numbers if number in _remembered}


def narrowed(sets, matched, types=(), facets=None):
    """Which of the `sets` (`{number: FacetSet}`) fit, and the counts of every facet.

    `matched` says how many entries of each set match. The counts are `{facet: {code: number}}`, the facet
    "type" among them; each is counted as if it were not chosen itself, so that it says what choosing finds.
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
                counts.setdefault(name, Counter())[code] += matched[number]
    return fitting, {name: dict(counter) for name, counter in counts.items()}

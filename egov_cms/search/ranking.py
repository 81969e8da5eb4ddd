"""The final order of candidates: plain functions over keys, the same whichever engine found them."""

import datetime
import math
from dataclasses import dataclass

TITLE, POPULAR, SUMMARY, PAPERS, BODY = 2.0, 2.0, 1.0, 0.8, 0.7
EXACT_POPULAR_NAME = 1.3
SAME_LANGUAGE = 1.2
FRESHNESS = 0.25
FRESH_DAYS = 120


@dataclass(frozen=True, slots=True)
class Fields:
    """What the ranking reads of an entry; keys as in `Entry`."""

    pk: int
    type: str
    document_id: str
    locale: str
    date: datetime.date | None
    facets: dict
    title_keys: str
    popular_keys: str
    summary_keys: str
    papers_keys: str
    body_keys: str


def ranked(query, candidates, weights, fresh_types=frozenset(), today=None):
    """Candidates (`Fields`) in final order as `[(score, candidate)]`; `weights` are the factors per type."""
    today = today or datetime.date.today()
    keys = frozenset(query.rarity)
    scored = []
    for candidate in candidates:
        score = relevance(query, candidate, keys)
        if not score:
            continue
        score *= weights.get(candidate.type, 1.0)
        if candidate.locale == query.locale:
            score *= SAME_LANGUAGE
        if candidate.type in fresh_types and candidate.date:
            age = max(0, (today - candidate.date).days)
            score *= 1 + FRESHNESS * math.exp(-age / FRESH_DAYS)
        scored.append((score, candidate))
    scored.sort(key=lambda pair: (-round(pair[0], 6), _newest_first(pair[1].date), pair[1].document_id))
    return scored


def relevance(query, candidate, keys):
    """How well a candidate answers a query by its best interpretation; 0 when it holds none of the `keys`."""
    title = candidate.title_keys.split()
    names = [name.split() for name in candidate.popular_keys.split("\n")] if candidate.popular_keys else []
    places = {}
    for weight, present in (
        (BODY, candidate.body_keys.split()),
        (PAPERS, candidate.papers_keys.split()),
        (SUMMARY, candidate.summary_keys.split()),
        (POPULAR, [key for name in names for key in name]),
        (TITLE, title),
    ):
        for key in keys.intersection(present):
            places[key] = weight
    if not places:
        return 0.0
    best = 0.0
    for interpretation in query.interpretations:
        matched, total, asked = 0.0, 0.0, set()
        for token, importance in zip(interpretation.tokens, interpretation.importance, strict=True):
            if values := [places[key] * weight for key, weight in token.items() if key in places]:
                matched += importance
                total += max(values) * importance
            asked.update(token)
        if not matched:
            continue
        coverage = matched / sum(interpretation.importance)
        score = total * coverage**2 * interpretation.factor
        score *= 1 + 0.5 * max(_share(name, asked) for name in [title, *names])
        if interpretation.factor == 1 and any(_is_name(name, interpretation.tokens) for name in names):
            score *= EXACT_POPULAR_NAME
        best = max(best, score)
    return best


def _share(name, asked):
    return sum(key in asked for key in name) / len(name) if name else 0.0


def _is_name(name, tokens):
    return len(name) == len(tokens) and all(key in token for key, token in zip(name, tokens, strict=True))


def _newest_first(date):
    return -date.toordinal() if date else 0

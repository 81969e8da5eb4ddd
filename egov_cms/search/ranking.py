"""The final order of candidates: plain functions over keys, the same for all engines."""

import datetime
import math
from dataclasses import dataclass
from typing import NamedTuple

from egov_cms.search.queries import Interpretation

# Weights of the fields of a document.
TITLE, POPULAR, SUMMARY, ATTACHMENTS, BODY = 2.0, 2.0, 1.0, 0.8, 0.7
EXACT_POPULAR_NAME_FACTOR = 1.3
SAME_LANGUAGE_FACTOR = 1.2
FRESHNESS_BONUS = 0.25
FRESHNESS_DECAY_DAYS = 120


class Fields(NamedTuple):
    """The columns of `Entry` that the ranking needs."""

    pk: int
    type: str
    document_id: str
    locale: str
    date: datetime.date | None
    title_keys: str
    popular_keys: str
    summary_keys: str
    attachment_keys: str
    body_keys: str


@dataclass(frozen=True, slots=True)
class Plan:
    """An interpretation prepared for scoring many candidates.

    `tokens` has `(key, weight)` pairs and the importance of each word, `importance` is their sum, `keys` contains all
    keys of the interpretation.
    """

    tokens: tuple
    importance: float
    keys: frozenset
    interpretation: Interpretation


def rank(query, candidates, weights, fresh_types=frozenset(), today=None):
    """Candidates (`Fields`) in final order as `[(score, candidate)]`; `weights` are the factors per type."""
    today = today or datetime.date.today()
    keys = frozenset(query.idf)
    plans = [_plan(interpretation, keys) for interpretation in query.interpretations]
    scored = []
    for candidate in candidates:
        score = relevance(plans, candidate, keys)
        if not score:
            continue
        score *= weights.get(candidate.type, 1.0)
        if candidate.locale == query.locale:
            score *= SAME_LANGUAGE_FACTOR
        if candidate.type in fresh_types and candidate.date:
            age = max(0, (today - candidate.date).days)
            score *= 1 + FRESHNESS_BONUS * math.exp(-age / FRESHNESS_DECAY_DAYS)
        scored.append((score, candidate))
    scored.sort(key=lambda pair: (-round(pair[0], 6), _newest_first(pair[1].date), pair[1].document_id))
    return scored


def relevance(plans, candidate, keys):
    """The best score of a candidate over all plans; 0 when it contains none of the `keys`."""
    title = candidate.title_keys.split()
    names = [name.split() for name in candidate.popular_keys.split("\n")] if candidate.popular_keys else []
    key_weights = {}
    for weight, field_keys in (
        (BODY, candidate.body_keys.split()),
        (ATTACHMENTS, candidate.attachment_keys.split()),
        (SUMMARY, candidate.summary_keys.split()),
        (POPULAR, [key for name in names for key in name]),
        (TITLE, title),
    ):
        for key in keys.intersection(field_keys):
            key_weights[key] = weight
    best = 0.0
    for plan in plans if key_weights else ():
        matched = total = 0.0
        for pairs, importance in plan.tokens:
            value = max(
                (key_weights[key] * weight for key, weight in pairs if key in key_weights), default=0.0
            )
            if value:
                matched += importance
                total += value * importance
        if not matched:
            continue
        score = total * (matched / plan.importance) ** 2 * plan.interpretation.factor
        score *= 1 + 0.5 * max(_share_in_query(name, plan.keys) for name in [title, *names])
        if plan.interpretation.factor == 1 and any(
            _equals_name(name, plan.interpretation.tokens) for name in names
        ):
            score *= EXACT_POPULAR_NAME_FACTOR
        best = max(best, score)
    return best


def _plan(interpretation, keys):
    tokens = [
        ([(key, weight) for key, weight in token.items() if key in keys], importance)
        for token, importance in zip(interpretation.tokens, interpretation.importance, strict=True)
    ]
    all_keys = frozenset(key for token in interpretation.tokens for key in token)
    return Plan(
        tuple((pairs, importance) for pairs, importance in tokens if pairs),
        sum(interpretation.importance),
        all_keys,
        interpretation,
    )


def _share_in_query(name, query_keys):
    """The share of the keys of a name that are in the query."""
    return len(query_keys.intersection(name)) / len(name) if name else 0.0


def _equals_name(name, tokens):
    return len(name) == len(tokens) and all(key in token for key, token in zip(name, tokens, strict=True))


def _newest_first(date):
    return -date.toordinal() if date else 0

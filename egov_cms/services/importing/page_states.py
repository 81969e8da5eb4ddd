"""Versions of a page as plain values, and what differs between two of them."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from egov_cms.services.models import ServicePage
from egov_cms.services.models.service import ROWS
from egov_cms.services.publishing.fee_approval import FEE_COLUMNS

State = dict[str, Any]
ORDER, REASONS = "order", "not_applicable"


def page_state(page) -> State:
    """Words and facts of a page by name: `fees.F1.amount_minor` → 5000, `fees.order` → the keys of the rows."""
    state: State = {"slug": page.slug, "change_reason": page.change_reason}
    for name in (*page.word_fields, *page.fact_fields):
        if name == "body":
            continue
        model_field = page._meta.get_field(name)
        if model_field.many_to_many:
            state[name] = sorted(record.pk for record in getattr(page, name).all())
        else:
            state[name] = getattr(page, model_field.attname)
    for relation, model in ROWS.items():
        rows = list(getattr(page, relation).all())
        state[f"{relation}.{ORDER}"] = [row.key for row in rows]
        for row in rows:
            for name in (*model.fact_fields, *model.word_fields):
                state[f"{relation}.{row.key}.{name}"] = getattr(row, row._meta.get_field(name).attname)
    return {name: _plain(value) for name, value in state.items()}


def _plain(value):
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, datetime.date | uuid.UUID):
        return str(value)
    return value


def only_words(state: State) -> State:
    """The part of a state that belongs to its language; an empty text is the same as none."""
    found = {}
    for name, value in state.items():
        parts = name.split(".")
        if len(parts) == 3:
            is_word = parts[2] in ROWS[parts[0]].word_fields
        else:
            is_word = name in ServicePage.word_fields
        if is_word and value:
            found[name] = value
    return found


def fees(state: State) -> State:
    """The part of a state that holds fees, as the rule of the second person defines them."""
    found = {"is_free": state.get("is_free")}
    for name, value in state.items():
        relation, _dot, rest = name.partition(".")
        column = rest.rpartition(".")[2]
        if (relation == "fees" and column in FEE_COLUMNS) or (column == "fee_minor" and value is not None):
            found[name] = value
    return found


def differences(before: State, after: State) -> Iterator[tuple[str, Any, Any]]:
    """(name, before, after): single values, rows that were added or removed as a whole, and the order of the rows."""
    for name in after:
        relation, _dot, last = name.rpartition(".")
        if last == ORDER and relation in ROWS:
            yield from _moved_rows(relation, before.get(name) or [], after[name])
        elif name == REASONS:
            yield from _reasons(before.get(name) or {}, after[name] or {})
        elif before.get(name) != after[name] and not (name not in before and after[name] in ("", None, [])):
            yield name, before.get(name), after[name]


def _reasons(before, after):
    for name in dict.fromkeys([*before, *after]):
        if before.get(name, "") != after.get(name, ""):
            yield f"{REASONS}.{name}", before.get(name, ""), after.get(name, "")


def _moved_rows(relation, before, after):
    for key in before:
        if key not in after:
            yield f"{relation}.{key}", key, None
    for key in after:
        if key not in before:
            yield f"{relation}.{key}", None, key
    stayed = [key for key in before if key in after]
    now = [key for key in after if key in before]
    if stayed != now:
        yield f"{relation}.{ORDER}", stayed, now

"""Initial data of a catalogue: audiences, events, names of ministries, titles of its sections."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from egov_cms.language import TranslatedText
from egov_cms.services.choices import EventKind
from egov_cms.services.models import Audience, LifeEvent

DATA = Path(__file__).parent / "data" / "code_lists.yaml"


@cache
def _lists() -> dict[str, list[dict]]:
    return yaml.safe_load(DATA.read_text(encoding="utf-8"))


def ministry_names() -> dict[str, TranslatedText]:
    """Code → name of every ministry and central body that import files can refer to."""
    return {row["code"]: _name(row) for row in (*_lists()["ministries"], *_lists()["other_bodies"])}


def initial_names(name: str) -> dict[str, TranslatedText]:
    """Code → name of the records that `seed_code_lists` creates for "audiences" or "life_events"; {} for others."""
    lists = {"audiences": ["audiences"], "life_events": ["life_events", "business_events"]}
    return {row["code"]: _name(row) for each in lists.get(name, ()) for row in _lists()[each]}


def section_words(section: str) -> dict[str, dict[str, str]]:
    """Language → {title, summary} of a section's page: "services", "events" or "organisation"."""
    return _lists()["sections"][section]


def seed_code_lists() -> int:
    """Create missing audiences and events; existing ones are not changed. Returns how many were created."""
    created = _create(Audience, _lists()["audiences"])
    created += _create(LifeEvent, _lists()["life_events"], kind=EventKind.PERSON)
    return created + _create(LifeEvent, _lists()["business_events"], kind=EventKind.BUSINESS)


def _create(model, rows, **fixed) -> int:
    existing = set(model.objects.values_list("code", flat=True))
    missing = [
        model(code=row["code"], name=_name(row), sort_order=position * 10, **fixed)
        for position, row in enumerate(rows, 1)
        if row["code"] not in existing
    ]
    for record in missing:
        record.save()
    return len(missing)


def _name(row) -> TranslatedText:
    return TranslatedText({key: row[key] for key in row if key in ("ar", "ckb", "en")})

"""What is published of a service, as one plain document in all languages; the same of a draft, in its own language.

Input: public pages (source and translations) or one page in memory, their rows, the records they refer to. Output: the
document that page, sheet, poster, text card, API, RDF and change log read, and beside it the offices of the service, which
only its page shows. Building takes about thirty queries for any number of services.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from wagtail.models import Locale

from egov_cms.services import models
from egov_cms.services.loading.rows import load_rows
from egov_cms.services.snapshots.offices import Offices
from egov_cms.services.snapshots.references import References, record_of

_DOCUMENT_FACTS = (
    "status", "digital_level", "ur_class", "ur_url", "gems_code", "is_free", "needs_no_documents",
    "duration_min", "duration_max", "duration_unit", "visits", "signatures", "proxy_allowed",
    "review_months", "last_reviewed_at", "not_applicable",
)  # fmt: skip
_DOCUMENT_TEXTS = ("title", "summary", "fee_exemptions", "duration_note")


class Published(NamedTuple):
    """A service as it is stored: its page in the source language, the document, its offices."""

    page: models.ServicePage
    document: dict[str, Any]
    offices: list[dict[str, Any]]


def read(translation_keys: Iterable[UUID]) -> dict[UUID, Published]:
    """Translation key → what is published of the services that are public in the source language.

    Translatable texts are {language: text} of the public translations only. Money is in minor units, with the
    exponent of the currency.
    """
    pages = models.ServicePage.objects.public().filter(translation_key__in=list(translation_keys))
    pages = list(pages.select_related("locale", "category").exclude(service_code="").order_by("locale_id"))
    default = Locale.get_default().pk
    families: dict[UUID, list[models.ServicePage]] = defaultdict(list)
    for page in pages:
        families[page.translation_key].append(page)
    sources = {key: page for key, family in families.items() for page in family if page.locale_id == default}
    if not sources:
        return {}
    references, offices = References(), Offices()
    in_lists = references.lists([page.pk for page in sources.values()])
    rows = _stored_rows([page for key in sources for page in families[key]])
    published = {}
    for key, source in sources.items():
        family = {page.locale.language_code: (page, rows[page.pk]) for page in families[key]}
        published[key] = _published(source, family, in_lists[source.pk], references, offices)
    return published


def of_page(page: models.ServicePage) -> Published:
    """The same of one page in memory, a draft or not, as it would be published: in its own language only.

    References to deleted records were settled when it came out of its revision (`site.restoring`).
    """
    load_rows([page])
    rows = {name: list(getattr(page, name).all()) for name in models.ROWS}
    lists = {
        name: [record_of(record) for record in getattr(page, name).all()]
        for name in ("audiences", "life_events", "coverage")
    }
    family = {page.locale.language_code: (page, rows)}
    references = References(forms=[row.form_id for row in rows["documents"]])
    return _published(page, family, lists, references, Offices())


def _stored_rows(pages) -> dict[int, dict[str, list]]:
    """Primary key of a page → relation → its rows in their order. One query for each relation."""
    rows: dict[int, dict[str, list]] = {page.pk: {name: [] for name in models.ROWS} for page in pages}
    for name, model in models.ROWS.items():
        stored: QuerySet = model.objects.filter(page_id__in=rows)
        for row in stored.order_by("page_id", "sort_order", "pk"):
            rows[row.page_id][name].append(row)
    return rows


def _published(source, family, lists, references, offices) -> Published:
    """`family`: language → (page, its rows by relation). Facts are those of `source`, texts those of each language."""
    facts = next(rows for page, rows in family.values() if page is source)
    document = {
        "code": source.service_code,
        "slug": source.slug,
        "id": str(source.translation_key),
        **{name: _by_language(family, name) for name in _DOCUMENT_TEXTS},
        "popular_names": {
            code: [line.strip() for line in page.popular_names.split("\n") if line.strip()]
            for code, (page, _rows) in family.items()
            if page.popular_names
        },
        "urls": {code: page.url for code, (page, _rows) in family.items()},
        **references.owners(source.owner_unit_id),
        "category": source.category and record_of(source.category),
        **lists,
        **{name: getattr(source, name) for name in _DOCUMENT_FACTS},
        **{
            name: _rows(
                name, facts[name], {code: rows[name] for code, (_page, rows) in family.items()}, references
            )
            for name in models.ROWS
        },
        "first_published_at": source.first_published_at.isoformat() if source.first_published_at else None,
    }
    covered = {each["code"] for each in lists["coverage"]}
    found = offices.of(facts["channels"], facts["offerings"], source.owner_unit_id, covered)
    return Published(source, _as_stored(document), _as_stored(found))


def _by_language(family, name) -> dict[str, str]:
    return {code: text for code, (page, _rows) in family.items() if (text := getattr(page, name))}


def _rows(relation, rows, in_languages, references) -> list[dict[str, Any]]:
    """The rows of a relation: facts of the source, texts of the row with the same translation key in each language."""
    model = models.ROWS[relation]
    texts: dict[tuple[UUID, str], dict[str, str]] = defaultdict(dict)
    for code, translated in in_languages.items():
        for row in translated:
            for name in model.word_fields:
                if text := getattr(row, name):
                    texts[row.translation_key, name][code] = text
    return [
        {
            "key": row.key,
            **{name: references.value(row, name) for name in model.fact_fields},
            **({"exponent": row.exponent} if relation == "fees" else {}),
            **{name: texts.get((row.translation_key, name), {}) for name in model.word_fields},
        }
        for row in rows
    ]


def _as_stored(values):
    """In the stored form: JSON has no dates, tuples or decimals."""
    return json.loads(json.dumps(values, ensure_ascii=False, default=_plain))


def _plain(value):
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else str(value)

"""The published catalogue as plain documents: built in bulk, stored as one row per service, updated by publication.

Input: public pages (source and translations), their rows, the records they refer to. Output: `ServiceSnapshot`
rows, and a signal with the document before and after, from which the change log is written. Building takes about
thirty queries for any number of services; readers of the snapshots run none of them.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.dispatch import Signal
from django.utils import timezone
from wagtail.models import Locale

from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.services import models
from egov_cms.services.snapshots.prerequisites import PREREQUISITES
from egov_cms.site.models import Governorate, LegalReference, Office, OrganisationUnitPage
from egov_cms.site.page_cache import drop
from egov_cms.site.tags import family, label

Page = page_model()

BATCH = 200

# Sent for every document that changed: `before` and `after` are documents or None, `page` is the source page.
snapshot_changed = Signal()

_DOCUMENT_FACTS = (
    "status", "digital_level", "ur_class", "ur_url", "gems_code", "is_free", "needs_no_documents",
    "duration_min", "duration_max", "duration_unit", "visits", "signatures", "proxy_allowed",
    "review_months", "last_reviewed_at", "not_applicable",
)  # fmt: skip
_DOCUMENT_TEXTS = ("title", "summary", "fee_exemptions", "duration_note")


def refresh(translation_keys: Iterable[UUID] | None = None) -> int:
    """Update the snapshots of these services, or of all; returns how many documents changed.

    The snapshot of a service that is no longer public is deleted.
    """
    keys = _all_keys() if translation_keys is None else list(dict.fromkeys(translation_keys))
    changed = sum(_refresh_batch(keys[start : start + BATCH]) for start in range(0, len(keys), BATCH))
    return changed


def _first_steps(document):
    """What the graph of prerequisites is made of; None where the service is not public."""
    return document and (
        [(row["kind"], row["target"]) for row in document["relations"]],
        [
            (
                row["document_type"] and row["document_type"]["issuing_service"],
                row["conditional"],
                row["alternative_group"],
            )
            for row in document["documents"]
        ],
    )


def differences() -> Iterator[str]:
    """The services whose stored snapshot is not what their pages say, in words (`check_published`)."""
    keys = _all_keys()
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        documents = {key: _stored_form(document) for key, (_page, document) in read(batch).items()}
        rows = models.ServiceSnapshot.objects.filter(page__translation_key__in=batch)
        stored = dict(rows.values_list("page__translation_key", "document"))
        for key in batch:
            if documents.get(key) != stored.get(key):
                code = (documents.get(key) or stored.get(key))["code"]
                yield f"{code}: the snapshot is not what the pages say"


def _stored_form(document):
    # JSON has no dates, tuples or decimals.
    return json.loads(json.dumps(document, ensure_ascii=False, default=_plain))


def _all_keys() -> list[UUID]:
    keys = set(models.ServicePage.objects.values_list("translation_key", flat=True))
    keys |= set(models.ServiceSnapshot.objects.values_list("page__translation_key", flat=True))
    return sorted(keys)


def _refresh_batch(keys: list[UUID]) -> int:
    documents = read(keys)
    stored = {
        snapshot.page.translation_key: snapshot
        for snapshot in models.ServiceSnapshot.objects.filter(page__translation_key__in=keys).select_related(
            "page"
        )
    }
    new, changed, events = [], [], []
    for key in keys:
        public, snapshot = documents.get(key), stored.get(key)
        before = snapshot.document if snapshot else None
        if public is None:
            if snapshot:
                snapshot.delete()
                events.append((snapshot.page, before, None))
            continue
        page, after = public
        after = _stored_form(after)
        if before == after and snapshot.page_id == page.pk:
            continue
        snapshot = snapshot or models.ServiceSnapshot()
        snapshot.page, snapshot.service_code, snapshot.document = page, after["code"], after
        snapshot.changed_at = timezone.now()
        (changed if snapshot.pk else new).append(snapshot)
        events.append((page, before, after))
    models.ServiceSnapshot.objects.bulk_create(new)
    models.ServiceSnapshot.objects.bulk_update(changed, ["page", "service_code", "document", "changed_at"])
    if events:
        tags = {label(models.ServiceSnapshot), *(family(page) for page, _before, _after in events)}
        if any(_first_steps(before) != _first_steps(after) for _page, before, after in events):
            tags.add(PREREQUISITES)
        drop(tags)
    for page, before, after in events:
        snapshot_changed.send(models.ServiceSnapshot, page=page, before=before, after=after)
    return len(events)


def _plain(value):
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def read(translation_keys: Iterable[UUID]) -> dict[UUID, tuple[models.ServicePage, dict[str, Any]]]:
    """Translation key → (source page, document) of the services that are public in the source language.

    Translatable texts are {language: text} of the public translations only. Money is in minor units, with the
    exponent of the currency.
    """
    pages = models.ServicePage.objects.public().filter(translation_key__in=list(translation_keys))
    pages = list(pages.select_related("locale").exclude(service_code="").order_by("locale_id"))
    default = Locale.get_default().pk
    families: dict[UUID, list[models.ServicePage]] = defaultdict(list)
    for page in pages:
        families[page.translation_key].append(page)
    sources = {key: page for key, family in families.items() for page in family if page.locale_id == default}
    families = {key: families[key] for key in sources}
    if not sources:
        return {}
    references = _References(list(sources.values()))
    rows = {relation: _rows(relation, model, families, references) for relation, model in models.ROWS.items()}
    return {
        key: (
            source,
            _document(source, families[key], {name: rows[name].get(key, []) for name in rows}, references),
        )
        for key, source in sources.items()
    }


def _document(source, family, rows, references) -> dict[str, Any]:
    texts = {name: _by_language(family, name) for name in _DOCUMENT_TEXTS}
    names = {
        page.locale.language_code: page.popular_names.split("\n") for page in family if page.popular_names
    }
    facts = {name: getattr(source, name) for name in _DOCUMENT_FACTS}
    ancestry = references.units.get(source.owner_unit_id, [])
    return {
        "code": source.service_code,
        "slug": source.slug,
        "id": str(source.translation_key),
        **texts,
        "popular_names": {
            code: [line.strip() for line in lines if line.strip()] for code, lines in names.items()
        },
        "urls": {page.locale.language_code: page.url for page in family},
        "unit": ancestry[-1] if ancestry else None,
        "ministry": ancestry[0] if ancestry else None,
        "category": references.categories.get(source.category_id),
        "audiences": references.many("audiences", source.pk),
        "life_events": references.many("life_events", source.pk),
        "coverage": references.many("coverage", source.pk),
        **facts,
        **rows,
        "first_published_at": source.first_published_at.isoformat() if source.first_published_at else None,
    }


def _by_language(family, name) -> dict[str, str]:
    return {page.locale.language_code: getattr(page, name) for page in family if getattr(page, name)}


def _rows(relation, model, families, references) -> dict[UUID, list[dict[str, Any]]]:
    """Translation key of the service → its rows: facts from the source page, texts from the page of each language."""
    owner = {page.pk: (key, page) for key, family in families.items() for page in family}
    sources = {
        family[0].translation_key: references.source_pk[family[0].translation_key]
        for family in families.values()
    }
    texts: dict[tuple[UUID, UUID], dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    facts: dict[UUID, list] = defaultdict(list)
    for row in model.objects.filter(page_id__in=owner).order_by("page_id", "sort_order", "pk"):
        key, page = owner[row.page_id]
        for name in model.word_fields:
            if text := getattr(row, name):
                texts[key, row.translation_key][name][page.locale.language_code] = text
        if row.page_id == sources[key]:
            facts[key].append(row)
    return {
        key: [
            {
                "key": row.key,
                **{name: references.value(row, name) for name in model.fact_fields},
                **({"exponent": row.exponent} if relation == "fees" else {}),
                **{name: dict(texts[key, row.translation_key][name]) for name in model.word_fields},
            }
            for row in rows
        ]
        for key, rows in facts.items()
    }


class _References:
    """The records that services refer to, loaded once per batch, as small dicts."""

    def __init__(self, sources):
        self.source_pk = {page.translation_key: page.pk for page in sources}
        self.units = _unit_ancestry()
        self.categories = {
            record.pk: _record(record)
            for record in models.ServiceCategory.objects.filter(services__in=sources).distinct()
        }
        pks = [page.pk for page in sources]
        self._many = {
            "audiences": _through(models.ServicePage.audiences, models.Audience, pks),
            "life_events": _through(models.ServicePage.life_events, models.LifeEvent, pks),
            "coverage": _through(models.ServicePage.coverage, Governorate, pks),
        }
        self._codes = dict(
            models.ServicePage.objects.public().exclude(service_code="").values_list("pk", "service_code")
        )
        self._by_field = {
            "document_type": {
                record.pk: self._document_type(record) for record in models.DocumentType.objects.all()
            },
            "template": {
                record.pk: _record(record) | {"text": dict(record.text)}
                for record in models.StepTemplate.objects.all()
            },
            "legal": {record.pk: _law(record) for record in LegalReference.objects.public()},
            "governorate": {record.pk: _record(record) for record in Governorate.objects.all()},
            "office": {
                office.pk: _office(office) for office in Office.objects.public().select_related("governorate")
            },
            "unit": {pk: chain[-1] for pk, chain in self.units.items()},
            "target": self._codes,
        }
        self._by_field["evidence"] = self._by_field["document_type"]
        self._by_field["reference"] = self._by_field["legal"]

    def many(self, name, page_pk) -> list[dict]:
        return self._many[name].get(page_pk, [])

    def value(self, row, name):
        """The value of a fact for JSON; the target of a foreign key as a small dict, or None."""
        field = row._meta.get_field(name)
        value = getattr(row, field.attname)
        if not field.is_relation:
            return value
        if name == "form":
            return value and {"id": value}
        return self._by_field[name].get(value)

    def _document_type(self, record) -> dict[str, Any]:
        chain = self.units.get(record.issuer_unit_id, [])
        return _record(record) | {
            "description": dict(record.description),
            "issuer": chain[-1] if chain else None,
            "issuer_ministry": chain[0]["code"] if chain else None,
            "issuing_service": self._codes.get(record.issuing_service_id),
            "reusable": record.reusable,
            "downloadable": record.downloadable,
        }


def _record(record) -> dict[str, Any]:
    values = {"code": record.code, "name": dict(record.name)}
    if isinstance(record, models.LifeEvent):
        values["kind"] = record.kind
    if isinstance(record, Governorate):
        values |= {"slug": record.slug, "iso": record.iso_code}
    return values


def _law(record) -> dict[str, Any]:
    return {
        "slug": record.slug,
        "kind": record.kind,
        "number": record.number,
        "year": record.year,
        "title": dict(record.title),
        "url": record.url,
    }


def _office(office) -> dict[str, Any]:
    return {"slug": office.slug, "place": office.place_slug, "name": dict(office.name)}


def _through(descriptor, model, page_pks) -> dict[int, list[dict]]:
    """Page → the records of a many-to-many relation, in the order of the code list. Two queries."""
    through = descriptor.through
    page_column, record_column = (
        next(
            field.attname
            for field in through._meta.fields
            if field.is_relation and field.related_model is target
        )
        for target in (models.ServicePage, model)
    )
    pairs = list(
        through.objects.filter(**{f"{page_column}__in": page_pks}).values_list(page_column, record_column)
    )
    records = {record.pk: (position, _record(record)) for position, record in enumerate(model.objects.all())}
    records_of: dict[int, list] = defaultdict(list)
    for page_pk, record_pk in pairs:
        records_of[page_pk].append(records[record_pk])
    return {
        pk: [record for _position, record in sorted(items, key=lambda item: item[0])]
        for pk, items in records_of.items()
    }


def _unit_ancestry() -> dict[int, list[dict[str, Any]]]:
    """Unit page (source language) → [ministry … the unit itself], each as id, code and names."""
    default = Locale.get_default().pk
    names: dict[UUID, dict[str, str]] = defaultdict(dict)
    urls: dict[UUID, dict[str, str]] = defaultdict(dict)
    by_path: dict[str, OrganisationUnitPage] = {}
    for page in OrganisationUnitPage.objects.select_related("locale").order_by("path"):
        if page.live:
            names[page.translation_key][page.locale.language_code] = page.title
            urls[page.translation_key][page.locale.language_code] = page.url
        if page.locale_id == default:
            by_path[page.path] = page
    steps = Page.steplen
    chains = {}
    for path, page in by_path.items():
        above = (path[:end] for end in range(steps, len(path) + 1, steps))
        chains[page.pk] = [
            {
                "id": str(unit.translation_key),
                "code": unit.code,
                "slug": unit.slug,
                "name": dict(names[unit.translation_key]) or {unit.locale.language_code: unit.title},
                "urls": dict(urls[unit.translation_key]),
            }
            for unit in (by_path[part] for part in above if part in by_path)
        ]
    return chains

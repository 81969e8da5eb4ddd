"""The records that documents of services refer to, as small dicts, loaded once for any number of services."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Q
from wagtail.documents import get_document_model
from wagtail.models import Locale

from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.services import models
from egov_cms.site.models import Governorate, LegalReference, Office, OrganisationUnitPage

Page = page_model()


class References:
    """`value(row, name)`: a fact of a row for JSON; `owners` and `lists`: what the service itself refers to."""

    def __init__(self, forms=()):
        """`forms`: keys of documents to download that no stored row may name yet, as in a draft."""
        self._new_forms = {key for key in forms if key}
        self._units = _unit_ancestry()
        self._codes = dict(
            models.ServicePage.objects.public().exclude(service_code="").values_list("pk", "service_code")
        )

    def owners(self, unit_pk) -> dict[str, Any]:
        """The responsible unit and the ministry above it."""
        ancestry = self._units.get(unit_pk, [])
        return {"unit": ancestry[-1] if ancestry else None, "ministry": ancestry[0] if ancestry else None}

    def lists(self, page_pks) -> dict[int, dict[str, list[dict]]]:
        """Page → name of the list → its records, in the order of the code list. Six queries."""
        found = {
            "audiences": _through(models.ServicePage.audiences, models.Audience, page_pks),
            "life_events": _through(models.ServicePage.life_events, models.LifeEvent, page_pks),
            "coverage": _through(models.ServicePage.coverage, Governorate, page_pks),
        }
        return {pk: {name: records.get(pk, []) for name, records in found.items()} for pk in page_pks}

    def value(self, row, name):
        """The value of a fact for JSON; the target of a foreign key as a small dict, or None."""
        field = row._meta.get_field(name)
        value = getattr(row, field.attname)
        return self._by_field[name].get(value) if field.is_relation else value

    @cached_property
    def _by_field(self):
        document_types = {
            record.pk: self._document_type(record) for record in models.DocumentType.objects.all()
        }
        laws = {record.pk: _law(record) for record in LegalReference.objects.public()}
        return {
            "document_type": document_types,
            "evidence": document_types,
            "template": {
                record.pk: record_of(record) | {"text": dict(record.text)}
                for record in models.StepTemplate.objects.all()
            },
            "legal": laws,
            "reference": laws,
            "governorate": {record.pk: record_of(record) for record in Governorate.objects.all()},
            "office": {
                office.pk: {"slug": office.slug, "place": office.place_slug, "name": dict(office.name)}
                for office in Office.objects.public().select_related("governorate")
            },
            "unit": {pk: chain[-1] for pk, chain in self._units.items()},
            "target": self._codes,
            "form": {form.pk: _form(form) for form in self._forms()},
        }

    def _forms(self):
        used = models.ServiceDocument.objects.exclude(form=None).values("form")
        return get_document_model().objects.filter(Q(pk__in=used) | Q(pk__in=self._new_forms))

    def _document_type(self, record) -> dict[str, Any]:
        chain = self._units.get(record.issuer_unit_id, [])
        return record_of(record) | {
            "description": dict(record.description),
            "issuer": chain[-1] if chain else None,
            "issuer_ministry": chain[0]["code"] if chain else None,
            "issuing_service": self._codes.get(record.issuing_service_id),
            "reusable": record.reusable,
            "downloadable": record.downloadable,
        }


def record_of(record) -> dict[str, Any]:
    values = {"code": record.code, "name": dict(record.name)}
    if isinstance(record, models.LifeEvent):
        values["kind"] = record.kind
    if isinstance(record, Governorate):
        values |= {"slug": record.slug, "iso": record.iso_code, "order": record.sort_order}
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


def _form(form) -> dict[str, Any]:
    return {
        "id": form.pk,
        "title": form.title,
        "url": form.url,
        "kind": form.file_extension.upper(),
        "bytes": form.file_size,
    }


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
    records = {
        record.pk: (position, record_of(record)) for position, record in enumerate(model.objects.all())
    }
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

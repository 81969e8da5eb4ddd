"""Load the rows of services: one query for all relations of any number of pages.

A service has eleven kinds of rows and three lists of records. Read one by one they cost fourteen queries per
page; here each kind becomes a SELECT of JSON objects, joined by UNION ALL: one query, also for a whole catalogue.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from django.db import models
from django.db.models import CharField, F, JSONField, OuterRef, Subquery, Value
from django.db.models.functions import JSONObject

from egov_cms.adapters.modelcluster import held_rows
from egov_cms.services.models.service import ROWS, ServicePage

# Columns of the related records that are loaded with the rows.
JOINED = {
    "documents": {
        "document_type": (
            "id",
            "code",
            "name",
            "description",
            "issuer_unit_id",
            "issuing_service_id",
            "downloadable",
        ),
        "form": ("id", "title", "file", "file_size"),
    },
    "requirements": {"evidence": ("id", "code", "name")},
    "steps": {"template": ("id", "code", "name", "text")},
    "fees": {"legal": ("id", "title", "slug", "url", "is_public")},
    "legal": {"reference": ("id", "title", "slug", "url", "is_public", "kind", "number", "year")},
}
LISTS = {
    "audiences": ("id", "code", "name"),
    "life_events": ("id", "code", "name", "kind"),
    "coverage": ("id", "code", "slug", "name"),
}


def load_rows(pages: Iterable[ServicePage], relations: Iterable[str] = (*ROWS, *LISTS)) -> list[ServicePage]:
    """Prefetch the rows of every page: `page.fees.all()` then runs no query. Returns the pages.

    Related records have the columns in `JOINED`; any other column is deferred.
    """
    pages = list(pages)
    if not pages:
        return pages
    # Rows that are already in memory belong to a draft or are about to be saved: do not overwrite them.
    drafts = [page for page in pages if held_rows(page)]
    if drafts:
        load_rows([page for page in pages if page not in drafts], relations)
        return pages
    keys = [page.pk for page in pages]
    selects = [_select(relation).filter(the_page__in=keys) for relation in relations]
    entries_of = defaultdict(list)
    first, *others = selects
    for relation, page, order, data in first.union(*others, all=True) if others else first:
        entries_of[relation, page].append((order, data))
    for relation in relations:
        make = _make_record if relation in LISTS else _make_row
        for page in pages:
            entries = sorted(entries_of[relation, page.pk], key=_sort_key)
            _attach(page, relation, [make(relation, data) for _order, data in entries])
    return pages


def _sort_key(entry):
    """Sort key; rows without a sort order come last."""
    order, data = entry[0], entry[1]
    return order is None, order or 0, data["id"]


@cache
def _select(relation):
    """The SELECT of a relation for all pages. Cached: building it takes longer than running it."""
    if relation in LISTS:
        field = ServicePage._meta.get_field(relation)
        rows, record = field.remote_field.through.objects, field.m2m_reverse_field_name()
        columns = {column: F(f"{record}__{column}") for column in LISTS[relation]}
        page, order = f"{field.m2m_field_name()}_id", f"{record}__sort_order"
    else:
        rows, page, order = ROWS[relation].objects, "page_id", "sort_order"
        columns = {field.attname: F(field.attname) for field in ROWS[relation]._meta.concrete_fields}
        for name, joined in JOINED.get(relation, {}).items():
            columns |= {f"{name}__{column}": F(f"{name}__{column}") for column in joined}
    return (
        rows.order_by()
        .annotate(
            the_relation=Value(relation, output_field=CharField()),
            the_page=F(page),
            the_order=F(order),
            the_data=JSONObject(**columns),
        )
        .values_list("the_relation", "the_page", "the_order", "the_data")
    )


def _make_row(relation, data):
    model = ROWS[relation]
    own = {name: value for name, value in data.items() if "__" not in name}
    row = _instance(model, own)
    for name, joined in JOINED.get(relation, {}).items():
        if data[f"{name}__id"] is not None:
            record = _instance(
                model._meta.get_field(name).related_model,
                {column: data[f"{name}__{column}"] for column in joined},
            )
            setattr(row, name, record)
    return row


def _make_record(name, data):
    return _instance(ServicePage._meta.get_field(name).related_model, data)


def _instance(model, data):
    """A model instance of JSON values, with its other columns deferred."""
    names, values = [], []
    fields = {field.attname: field for field in model._meta.concrete_fields}
    for name, value in data.items():
        field = fields[name]
        # SQLite returns JSON columns inside a JSON object as text.
        if isinstance(field, JSONField) and isinstance(value, str):
            value = json.loads(value)
        names.append(name)
        values.append(field.to_python(value) if not isinstance(field, models.ForeignKey) else value)
    ordered = [field.attname for field in model._meta.concrete_fields if field.attname in names]
    return model.from_db(None, ordered, [values[names.index(name)] for name in ordered])


def _attach(page, relation, objects):
    held_rows(page)[relation] = objects
    if relation not in LISTS:
        for row in objects:
            row.page = page


def translated_pages(pages, locale_id: int, model) -> dict[int, models.Model]:
    """Primary key of a source page → its public translation in one language. One query for any number of pages.

    `pages` are primary keys of pages in the source language, as in the foreign keys of facts.
    """
    keys = {key for key in pages if key}
    if not keys:
        return {}
    sources = model._base_manager.filter(pk__in=keys)
    source = sources.filter(translation_key=OuterRef("translation_key")).values("pk")[:1]
    translations = model.objects.public().filter(
        locale_id=locale_id, translation_key__in=sources.values("translation_key")
    )
    return {page.source_pk: page for page in translations.annotate(source_pk=Subquery(source))}

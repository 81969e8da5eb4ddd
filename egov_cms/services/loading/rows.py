"""Rows of services out of the database: one query for all relations of any number of pages.

A service has eleven kinds of rows and three lists of records. Read one by one they cost fourteen queries a
page; here each kind becomes a SELECT of JSON objects, joined by UNION ALL: a catalogue costs one query too.
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

# Columns of the records that rows point at, read along with them.
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
    """Give every page its rows, so that `page.fees.all()` asks the database no more. Returns the pages.

    The records that rows point at come with the columns in `JOINED`; any other column is fetched when read.
    """
    pages = list(pages)
    if not pages:
        return pages
    # Rows in memory are a draft's, or about to be stored: what the database holds must not replace them.
    drafts = [page for page in pages if held_rows(page)]
    if drafts:
        load_rows([page for page in pages if page not in drafts], relations)
        return pages
    keys = [page.pk for page in pages]
    selects = [_select(relation).filter(the_page__in=keys) for relation in relations]
    found = defaultdict(list)
    first, *others = selects
    for relation, page, order, data in first.union(*others, all=True) if others else first:
        found[relation, page].append((order, data))
    for relation in relations:
        make = _make_record if relation in LISTS else _make_row
        for page in pages:
            entries = sorted(found[relation, page.pk], key=_place)
            _attach(page, relation, [make(relation, data) for _order, data in entries])
    return pages


def _place(entry):
    """Rows that were added without a place come last."""
    order, data = entry[0], entry[1]
    return order is None, order or 0, data["id"]


@cache
def _select(relation):
    """The SELECT of a relation for all pages. It is made once: that takes longer than the database needs to answer."""
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
    """A model instance of JSON values, as if it had been fetched with only these columns."""
    names, values = [], []
    fields = {field.attname: field for field in model._meta.concrete_fields}
    for name, value in data.items():
        field = fields[name]
        # SQLite gives the JSON columns inside an object as their text.
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
    """Source page's primary key → its public translation in one language: one query for any number of pages.

    `pages` are primary keys of pages of the source language, as foreign keys of facts hold them.
    """
    keys = {key for key in pages if key}
    if not keys:
        return {}
    sources = model._base_manager.filter(pk__in=keys)
    source = sources.filter(translation_key=OuterRef("translation_key")).values("pk")[:1]
    found = model.objects.public().filter(
        locale_id=locale_id, translation_key__in=sources.values("translation_key")
    )
    return {page.source_pk: page for page in found.annotate(source_pk=Subquery(source))}

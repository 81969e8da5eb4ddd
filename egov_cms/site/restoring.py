"""Restores a page from its revision, with one query for each model that its rows refer to.

Input: data of `serializable_data()`, names of fields with plain values and child rows in lists. Output: the same data
without the keys of records that were deleted since, and a list of these keys (`Lost`), shown to the editor
(`explain`). django-modelcluster, which builds the page from the data, would run one query for each foreign key of
each row: eighty for a service, which a publication builds several times.

This is the only way out of a revision: `services.loading.versions`, which builds many pages at once, asks `references` and
`keep` too, so that what a deleted record takes with it does not depend on who reads the draft.
"""

from collections import Counter, defaultdict
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext as _
from modelcluster.fields import ParentalKey
from modelcluster.models import get_all_child_relations

from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.language import format_number

Page = page_model()


class Lost(NamedTuple):
    """A foreign key of a page or of one of its rows to a deleted record; `row`: the whole row was removed with it."""

    model: type[models.Model]
    field: models.ForeignKey
    row: bool


def without_lost_keys(model, data, strict=False):
    """`data` of a `model` without the keys of deleted records, and a list of these keys (`Lost`).

    With `strict` the data is None when such a key has `on_delete=CASCADE`, as in modelcluster, or cannot be null.
    Rows are always strict; the page itself (`strict=False`) is kept, so that an editor can fill in what is missing.
    """
    existing = {
        (target, name): set(
            target._default_manager.filter(**{f"{name}__in": values}).values_list(name, flat=True)
        )
        for (target, name), values in references(model, [data]).items()
    }
    return keep(model, data, existing, strict)


def references(model, contents):
    """(model, name of its field) → the keys by which these data of a `model` and of its rows point at it."""
    referenced = defaultdict(set)
    for data in contents:
        _collect(model, data, referenced)
    return referenced


def explain(lost):
    """What was deleted since the revision, as sentences in the active language."""
    sentences = [_("Since this version was saved, something that it names was deleted.")] if lost else []
    for (model, field, row), number in Counter(lost).items():
        words = {
            "rows": model._meta.verbose_name_plural,
            "field": field.verbose_name,
            "count": format_number(number),
        }
        if row:
            text = _("“%(rows)s”: left out, because their “%(field)s” is gone: %(count)s.")
        elif issubclass(model, Page):
            text = _("“%(field)s” is empty, because what it named is gone.")
        else:
            text = _("“%(rows)s”: “%(field)s” is empty where it named what is gone.")
        sentences.append(text % words)
    return sentences


def _collect(model, data, referenced):
    for _field, target, value in foreign_keys(model, data):
        referenced[target].add(value)
    for _name, row_model, rows in _children(model, data):
        for row in rows:
            _collect(row_model, row, referenced)


def keep(model, data, existing, strict=False):
    """As `without_lost_keys`, where `existing` has, for each key of `references`, those that exist."""
    kept, lost = dict(data), []
    for field, target, value in foreign_keys(model, data):
        if value in existing[target] or field.remote_field.on_delete is models.DO_NOTHING:
            continue
        if strict and (field.remote_field.on_delete is models.CASCADE or not field.null):
            return None, [Lost(model, field, row=True)]
        kept[field.name] = None
        lost.append(Lost(model, field, row=False))
    for name, row_model, rows in _children(model, data):
        restored = [keep(row_model, row, existing, True) for row in rows]
        kept[name] = [row for row, _lost in restored if row is not None]
        lost += [each for _row, of_row in restored for each in of_row]
    return kept, lost


def foreign_keys(model, data):
    """(field, (model, name of its field), value) of each foreign key, except the key of a row to its page."""
    for field in model._meta.concrete_fields:
        key = field.remote_field
        if not isinstance(key, models.ManyToOneRel) or key.parent_link or isinstance(field, ParentalKey):
            continue
        if (value := data.get(field.name)) is not None:
            named = key.model._meta.get_field(key.field_name)
            yield field, (key.model, named.name), named.to_python(value)


def _children(model, data):
    for relation in get_all_child_relations(model):
        name = relation.get_accessor_name()
        if name in data:
            yield name, relation.related_model, data[name]

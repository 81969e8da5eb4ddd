"""A page from its revision, with one question for each model that its rows point to.

In: what `serializable_data()` wrote: names of fields with plain values, child rows in lists. Out: the same, without
the keys of records that were deleted since, and what is missing now (`Lost`), which the editor is told of (`explain`).
django-modelcluster, which builds the page from it, asks for the record of every key of every row by itself: eighty
questions for a service, and a publication builds it several times.
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
    """A foreign key of a page, or of one of its rows, to a record that is gone; `row`: the whole row went with it."""

    model: type[models.Model]
    field: models.ForeignKey
    row: bool


def without_lost_keys(model, data, strict=False):
    """`data` of a `model` without keys of records that are gone, and a list of what is Lost.

    The data is None when it cannot be without one of them: that is what modelcluster says of rows (`on_delete=CASCADE`)
    and any key that may not be empty. The page itself (`strict=False`) always stays, for somebody to fill in what it lacks.
    """
    wanted = defaultdict(set)
    _collect(model, data, wanted)
    there = {
        (target, name): set(
            target._default_manager.filter(**{f"{name}__in": values}).values_list(name, flat=True)
        )
        for (target, name), values in wanted.items()
    }
    return _keep(model, data, there, strict)


def explain(lost):
    """What a page came out of its revision without, in sentences of the active language."""
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


def _collect(model, data, wanted):
    for _field, target, value in _keys(model, data):
        wanted[target].add(value)
    for _name, row_model, rows in _children(model, data):
        for row in rows:
            _collect(row_model, row, wanted)


def _keep(model, data, there, strict):
    kept, lost = dict(data), []
    for field, target, value in _keys(model, data):
        if value in there[target] or field.remote_field.on_delete is models.DO_NOTHING:
            continue
        if strict and (field.remote_field.on_delete is models.CASCADE or not field.null):
            return None, [Lost(model, field, row=True)]
        kept[field.name] = None
        lost.append(Lost(model, field, row=False))
    for name, row_model, rows in _children(model, data):
        restored = [_keep(row_model, row, there, True) for row in rows]
        kept[name] = [row for row, _lost in restored if row is not None]
        lost += [each for _row, of_row in restored for each in of_row]
    return kept, lost


def _keys(model, data):
    """(field, (model, name of its field), value) of each foreign key; the page that a row belongs to is there."""
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

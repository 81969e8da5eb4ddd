"""Searchable documents, and the registry of the indexes that make them from objects."""

import datetime
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass, field
from itertools import islice
from typing import Any

LOADED_AT_ONCE = 200


@dataclass(frozen=True)
class SearchDocument:
    """One searchable item in one language. `id` is stable and shared by its translations (a service code,
    `page-<key>`).

    `attachments` contains the names of required documents and the text of attached files. All texts are plain
    text, not HTML. `facets` maps the name of a facet to its codes. `date` is the date of first publication, or None.
    """

    id: str
    type: str
    locale: str
    title: str
    url: str
    popular_names: list[str] = field(default_factory=list)
    summary: str = ""
    attachments: str = ""
    body: str = ""
    facets: dict[str, list[str]] = field(default_factory=dict)
    date: datetime.date | None = None

    def digest(self):
        """A hash of the whole content, for detecting changes."""
        return hashlib.sha256(repr(astuple(self)).encode(errors="replace")).hexdigest()[:32]


@dataclass(frozen=True)
class Index:
    """How objects of one type are indexed and ranked.

    `model`: a class or a tuple of classes. `documents(obj)` yields the documents of one object. `objects()`
    returns all objects to index (default: the model's `public()` queryset, else all rows). `load(objects)` reads what
    their documents need, of many objects at once. `label` is the
    plural label of the type, `singular` its singular. `weight` multiplies the score (service 2, news 1).
    `fresh`: newer objects of this type rank a little higher. `facets` maps the name of each facet to its label, in
    order; `value_labels(facet, codes, locale)` returns the labels of codes. `related` maps another model to a
    function that returns the objects to index again when one of its rows is saved.
    """

    type: str
    model: type | tuple[type, ...]
    documents: Callable[[Any], Iterable[SearchDocument]]
    label: str
    singular: str = ""
    weight: float = 1.0
    fresh: bool = False
    objects: Callable[[], Iterable[Any]] | None = None
    load: Callable[[list], object] | None = None
    facets: dict[str, str] = field(default_factory=dict)
    value_labels: Callable[[str, list[str], str], dict[str, str]] | None = None
    related: dict[type, Callable[[Any], Iterable[Any]]] = field(default_factory=dict)

    def all_objects(self):
        """All objects to index, one model after the other."""
        if self.objects is not None:
            return self.objects()
        models = self.model if isinstance(self.model, tuple) else (self.model,)
        return (obj for model in models for obj in self._loaded(public(model)))

    def _loaded(self, objects):
        objects = objects.iterator(chunk_size=LOADED_AT_ONCE)
        while batch := list(islice(objects, LOADED_AT_ONCE)):
            if self.load is not None:
                self.load(batch)
            yield from batch


def public(model):
    """The objects of a model that the public may see: by its own rule, `public()`, if it has one."""
    # This module is imported before the models are.
    from egov_cms.adapters.wagtail.pages import page_model

    manager = model._default_manager
    objects = manager.public() if hasattr(manager, "public") else manager.all()
    # The rule of Wagtail's own pages says only that they need no password.
    return objects.filter(live=True, alias_of=None) if issubclass(model, page_model()) else objects


_indexes: dict[str, Index] = {}


def register(index):
    """Make a type of object searchable; called from `AppConfig.ready()`. A second registration of the same type
    replaces the first."""
    _indexes[index.type] = index


def unregister(type_):
    _indexes.pop(type_, None)


def indexes():
    """All registered indexes, highest weight first."""
    return sorted(_indexes.values(), key=lambda index: (-index.weight, index.type))


def index_of_type(type_):
    return _indexes.get(type_)


def indexes_for(model):
    """The indexes that contain objects of this class (also of a subclass of the registered model)."""
    return [index for index in _indexes.values() if issubclass(model, index.model)]


def is_searched(model):
    """Is anything in the index made of rows of this model?"""
    return bool(indexes_for(model)) or any(model in index.related for index in _indexes.values())


def weights():
    return {index.type: index.weight for index in _indexes.values()}


def fresh_types():
    return frozenset(index.type for index in _indexes.values() if index.fresh)

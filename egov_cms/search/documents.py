"""What can be found: documents, and the registry of what yields them."""

import datetime
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass, field
from typing import Any


@dataclass(frozen=True)
class SearchDocument:
    """One findable thing in one language. `id` is stable and shared by its translations (a service code,
    `page-<key>`).

    `attachments` are the names of required documents and the text of attachments; all texts are plain text, not
    HTML. `facets` maps a facet's name to its codes; `date` is the first publication, or None.
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
        """A short text that changes when anything in the document does."""
        return hashlib.sha256(repr(astuple(self)).encode(errors="replace")).hexdigest()[:32]


@dataclass(frozen=True)
class Index:
    """How one type of thing is searched.

    `model` is a class or several. `documents(obj)` yields the documents of one object. `objects()` gives
    everything there is to index (default: the model's `public()` queryset, else all). `label` names
    them all, `one` a single one. `weight` multiplies the
    score (service 2, news 1); `fresh` lets newer things of this type rank a little higher. `facets` gives the
    label of each facet, in order, `values(facet, codes, locale)` the labels of codes. `related` maps another
    model to a function that gives the objects to index again when one of its rows is saved.
    """

    type: str
    model: type | tuple[type, ...]
    documents: Callable[[Any], Iterable[SearchDocument]]
    label: str
    one: str = ""
    weight: float = 1.0
    fresh: bool = False
    objects: Callable[[], Iterable[Any]] | None = None
    facets: dict[str, str] = field(default_factory=dict)
    values: Callable[[str, list[str], str], dict[str, str]] | None = None
    related: dict[type, Callable[[Any], Iterable[Any]]] = field(default_factory=dict)

    def everything(self):
        """Every object to index, model by model."""
        if self.objects is not None:
            return self.objects()
        models = self.model if isinstance(self.model, tuple) else (self.model,)
        return (obj for model in models for obj in _public(model).iterator(chunk_size=500))


def _public(model):
    manager = model._default_manager
    return manager.public() if hasattr(manager, "public") else manager.all()


_indexes: dict[str, Index] = {}


def register(index):
    """Make a type of thing searchable; called from `AppConfig.ready()`. A second registration of a type
    replaces the first."""
    _indexes[index.type] = index


def unregister(type_):
    _indexes.pop(type_, None)


def indexes():
    """All registered indexes, heaviest first."""
    return sorted(_indexes.values(), key=lambda index: (-index.weight, index.type))


def index_of_type(type_):
    return _indexes.get(type_)


def indexes_for(model):
    """The indexes that an object of this class belongs to (a page of a subclass included)."""
    return [index for index in _indexes.values() if issubclass(model, index.model)]


def weights():
    return {index.type: index.weight for index in _indexes.values()}


def fresh_types():
    return frozenset(index.type for index in _indexes.values() if index.fresh)

"""What the public may see changes here, and only here: one transaction, declared steps in a declared order.

    with together(user=user):          # one transaction; blocks inside it join it
        page.publish(revision)         # signals and callers only note what happened: `changed(page, "published")`
    # at the end of the outermost block the steps run for all that was noted; then the transaction commits

The steps (`STEPS`), all inside the transaction:

1. gate: is it allowed? Asked before anything is written (`site.gate`).
2. facts: the facts and the life of a source page reach its translations (`site.facts`, `site.life`).
3. copies: snapshots, change log, burdens, counted words.
4. search: the entries of the site's search.
5. caches: kept pages and parts that show any of it are dropped.
6. outbox: what leaves the database is written down (`site.outbox`) and delivered after the commit.

A process that dies anywhere leaves everything old or everything new. A step reads what is true now and does not trust
the order of what happened. It may note more (a copied fact changes a translation): the steps run again for that, until
nothing new is noted.

A room registers what it does at a step by `step`. What happens is noted by `site.publication_signals`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db import models, transaction

from egov_cms.adapters.wagtail.pages import page_model

STEPS = ("gate", "facts", "copies", "search", "caches", "outbox")
# What can happen to a subject.
KINDS = frozenset({"published", "saved", "withdrawn", "deleted", "moved", "restricted"})
# More rounds than this: two steps answer each other for ever.
MOST_ROUNDS = 10


@dataclass(eq=False)
class Event:
    """What happened to one subject (a page, a record, a row) in a publication.

    kinds: some of KINDS. family: the `translation_key` of a page. instance: the object as it was noted last; what is
    public now is read from the database. facts_given: its translations have the same facts already.
    """

    model: type[models.Model]
    pk: Any
    instance: Any
    family: UUID | None = None
    kinds: set[str] = field(default_factory=set)
    facts_given: bool = False


class Events(list):
    """The events that a step has to answer."""

    def of(self, *classes: type) -> Events:
        """Those of subjects of these classes."""
        return Events(event for event in self if issubclass(event.model, classes))

    def with_kind(self, *kinds: str) -> Events:
        return Events(event for event in self if event.kinds.intersection(kinds))

    def families(self) -> list[UUID]:
        """The translation keys of the pages among them, each once."""
        return list(dict.fromkeys(event.family for event in self if event.family is not None))


# At the step "gate" a function takes a page and yields `gate.GateProblem`s; at the others it takes the events.
StepFunction = Callable[[Any], Any]
_steps: dict[str, dict[str, StepFunction]] = {name: {} for name in STEPS}


def step(name: str, function_name: str):
    """Decorator: the function answers, at this step, all that was noted since it was called last.

    At the step "gate" it takes a page that is about to become public and yields `gate.GateProblem`s. `function_name` is
    its name in the documentation, such as "services.snapshots". Functions of one step do not depend on their order.
    """

    def register(function: StepFunction) -> StepFunction:
        _steps[name][function_name] = function
        return function

    return register


def steps() -> dict[str, list[str]]:
    """Step → names of what is registered for it, in their order."""
    return {name: list(functions) for name, functions in _steps.items()}


# The name under which a form of the admin sends back the digest of what it showed (`site.approval`).
SEEN = "egov_seen"


@dataclass
class Block:
    """An open publication.

    publishes: a version is made public in it, by `user` (None: a command, a schedule) and from `revision` (None: it is in
    a form, or saved without one). gate: False bypasses the gate, for copies that must not wait. facts_given: what is
    noted has the same facts in all languages already. skipped: steps that the caller of the outermost block makes up for.
    """

    publishes: bool = False
    user: Any = None
    revision: Any = None
    gate: bool = True
    facts_given: bool = False
    # In a request of the admin: the digests of what its form showed (`SEEN`).
    seen: frozenset[str] | None = None
    skipped: frozenset[str] = frozenset()
    outer: Block | None = None
    # What does not change while it is open.
    known: dict[str, Any] = field(default_factory=dict)
    # Parts of pages that were made in this publication since it noted its last change (`page_cache.cached_by_version`).
    parts: dict[str, Any] = field(default_factory=dict)
    # Step → the events that it has not answered yet, by their keys.
    _new: dict[str, dict[tuple, Event]] = field(default_factory=dict)

    def note(self, instance, kind) -> None:
        self.parts.clear()
        self.parts[""] = True
        model = type(instance)
        event_key = _key(model, instance.pk)
        for name in STEPS[1:]:
            new = self._new.setdefault(name, {})
            event = new.get(event_key)
            if event is None:
                family = getattr(instance, "translation_key", None)
                event = new[event_key] = Event(
                    model, instance.pk, instance, family, facts_given=self.facts_given
                )
            event.kinds.add(kind)
            event.facts_given = event.facts_given and self.facts_given
            if issubclass(model, event.model):
                # A page may be noted by its base class first.
                event.model, event.instance = model, instance

    @property
    def has_noted_anything(self) -> bool:
        return "" in self.parts

    def has_noted(self, model, pk) -> bool:
        """Is every step going to be asked about this subject?"""
        event_key = _key(model, pk)
        return all(event_key in self._new.get(name, ()) for name in STEPS[1:])

    def take(self, name) -> Events:
        """The events that this step has not answered yet."""
        return Events(self._new.pop(name, {}).values())

    @property
    def is_quiet(self) -> bool:
        return not any(self._new.values())


def _key(model, pk) -> tuple:
    # A page is one subject, whichever of its classes is saved.
    return page_model() if issubclass(model, page_model()) else model._meta.concrete_model, pk


# The open block of this thread of work. It is the only state that is not passed along: Wagtail calls `save()` and sends
# signals without saying who publishes what.
_open: ContextVar[Block | None] = ContextVar("egov_publication", default=None)


def current() -> Block | None:
    """The innermost open block, or None."""
    return _open.get()


def current_publication() -> Block | None:
    """The block in which a version is being made public; None otherwise, as while a report asks the gate."""
    block = _open.get()
    return block if block is not None and block.publishes else None


def gate_functions() -> list[Callable]:
    """What yields the problems of a page that is about to become public."""
    return list(_steps["gate"].values())


@contextmanager
def together(**options) -> Iterator[Block]:
    """One publication: what is written in this block becomes public together, or not at all.

    `options` are fields of `Block` (publishes, user, revision, gate, facts_given, skipped); what is not given is taken
    from the block around. Blocks inside a block join it: the steps run once, at the end of the outermost one, unless its
    transaction is to be rolled back.
    """
    outer = _open.get()
    block = replace(outer, outer=outer, **options) if outer is not None else Block(**options)
    token = _open.set(block)
    try:
        if outer is not None:
            yield block
            return
        with transaction.atomic():
            yield block
            has_changed = not block.is_quiet and not transaction.get_rollback()
            if has_changed:
                _run(block)
        if has_changed:
            failpoint("committed")
    finally:
        _open.reset(token)


def changed(instance: models.Model, kind: str) -> None:
    """Note that something happened to a subject; outside of a block the steps run now.

    `kind` is one of KINDS. Callers that write many rows at once, which sends no signals, call it themselves.
    """
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is none of {sorted(KINDS)}")
    block = _open.get()
    if block is None:
        with together():
            changed(instance, kind)
        return
    block.note(instance, kind)


def _run(block: Block) -> None:
    failpoint("written")
    for _round in range(MOST_ROUNDS):
        for name in STEPS[1:]:
            if events := block.take(name):
                if name not in block.skipped:
                    for function in _steps[name].values():
                        function(events)
                failpoint(name)
        if block.is_quiet:
            return
    raise RuntimeError(f"The steps of a publication do not come to an end: {block._new}")


def failpoint(name: str) -> None:
    """A boundary between two steps. Tests replace `on_failpoint` to kill the process there."""
    if on_failpoint is not None:
        on_failpoint(name)


on_failpoint: Callable[[str], object] | None = None

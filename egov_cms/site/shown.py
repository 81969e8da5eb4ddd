"""What a page shows, as tags: collected from the statements that it sends to the database while it is made.

Every table that is read adds the tag of its model (`egov_site.office`), so nothing has to be thought of and nothing is
forgotten. Where a page reads a table and shows a few known rows of it, the code says so, and the page stays kept when
other rows change:

    with only(family(page), *places(page)):
        …what is read here shows these pages and nothing else

A table of which nobody knows what it is made of (an index of the search) adds the tag ANY: dropped with every publication.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps

from django.db import transaction

from .tags import family, list_tag, places, tags_of_statement

# With more than this the tags of rows are replaced by those of their models.
MOST_TAGS = 100


@dataclass(eq=False)
class Shown:
    """The tags of what is being made. kept: may the page be kept? quiet: statements add nothing now."""

    tags: set[str] = field(default_factory=set)
    kept: bool = True
    quiet: int = 0
    # Tag of a model → the tags that stand for what is read of it.
    instead: dict[str, frozenset[str]] = field(default_factory=dict)
    # Of the whole request: what the page cache has found for it (`page_cache`).
    found: dict = field(default_factory=dict)

    def collapse(self) -> None:
        if len(self.tags) > MOST_TAGS:
            self.tags = {list_tag(tag) for tag in self.tags}


# What this thread of work is making. It is no publication: it only listens.
_shown: ContextVar[Shown | None] = ContextVar("egov_shown", default=None)


@contextmanager
def collecting() -> Iterator[Shown]:
    """Collect the tags of what is made in this block. A block within a block collects for itself."""
    outer = _shown.get()
    shown = Shown(found=outer.found) if outer is not None else Shown()
    token = _shown.set(shown)
    try:
        if outer is not None:
            yield shown
        else:
            with transaction.get_connection().execute_wrapper(_note):
                yield shown
        shown.collapse()
    finally:
        _shown.reset(token)


def shows(*tags: str) -> None:
    """The page that is being made shows this."""
    if (shown := _shown.get()) is not None:
        shown.tags.update(tags)


def shows_instead(replaced: dict[str, Iterable[str]]) -> None:
    """From now on what is read of a model stands for these tags: `{tag of the model: tags}`.

    For a page that shows known rows of a model in many places. Whoever says so makes sure that each change of another row
    which the page shows drops one of the tags (`more_tags`).
    """
    if (shown := _shown.get()) is not None:
        shown.instead.update({tag: frozenset(tags) for tag, tags in replaced.items()})


def shows_page(page) -> None:
    """What is being made is this page, or a representation of it: its address names it."""
    shows(family(page), *places(page))
    shows_instead(page.shown_instead() if hasattr(page, "shown_instead") else {})


def found_in_request() -> dict | None:
    """What the page cache has found for this request; None outside of one."""
    shown = _shown.get()
    return shown.found if shown is not None else None


def not_kept() -> None:
    """The page that is being made is not kept: its address is one of very many, or another page's."""
    if (shown := _shown.get()) is not None:
        shown.kept = False


@contextmanager
def only(*tags: str) -> Iterator[None]:
    """What is read in this block shows what these tags name, and nothing else of the tables that it reads."""
    shown = _shown.get()
    if shown is None:
        yield
        return
    shown.tags.update(tags)
    shown.quiet += 1
    try:
        yield
    finally:
        shown.quiet -= 1


def shows_only(tags: Callable):
    """Decorator: what the function reads shows `tags(*its arguments)` and nothing else (`only`)."""

    def decorate(function):
        @wraps(function)
        def within(*args, **kwargs):
            if _shown.get() is None:
                return function(*args, **kwargs)
            with only(*tags(*args, **kwargs)):
                return function(*args, **kwargs)

        return within

    return decorate


def _note(execute, sql, params, many, context):
    shown = _shown.get()
    if shown is not None and not shown.quiet:
        for tag in tags_of_statement(sql):
            shown.tags.update(shown.instead.get(tag, (tag,)))
    return execute(sql, params, many, context)

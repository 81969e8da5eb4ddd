"""Compares what is published with everything that is made of it: the command `check_published [--repair]`.

    register("services.snapshots", find, repair)   # find() -> what differs, in words; repair() makes it anew

A publication writes all of it in one transaction, so differences come from outside: rows written by hand, a restored
part of a backup, a new version that makes its copies in another way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from wagtail.models import get_page_models

from . import outbox
from .facts import apply_facts, copy_facts, fact_fields, follows_source, read_facts, source_among
from .life import families, follow_source
from .models import OutboxEntry, SitePage
from .publication import together


class Comparison(NamedTuple):
    """name: what is compared, for the documentation. find: its differences in words. repair: makes it right."""

    name: str
    find: Callable[[], Iterable[str]]
    repair: Callable[[], object]


_comparisons: dict[str, Comparison] = {}


def register(name: str, find: Callable[[], Iterable[str]], repair: Callable[[], object]) -> None:
    """Let `check_published` compare this too."""
    _comparisons[name] = Comparison(name, find, repair)


def comparisons() -> list[Comparison]:
    """In the order in which they are made and repaired: facts first, because copies are made of them."""
    return list(_comparisons.values())


def _translations(has=fact_fields) -> Iterator[tuple[SitePage, SitePage, list]]:
    """(source, translation, their family) of the pages of all types for which `has` holds."""
    for model in get_page_models():
        if not issubclass(model, SitePage) or not has(model):
            continue
        for family in families(model):
            source = source_among(family)
            yield from ((source, page, family) for page in family if page is not source)


def _different_facts() -> Iterator[str]:
    for source, page, _family in _translations():
        if source.live and page.live and _facts_differ(source, page):
            yield f"{page.url_path}: facts are not those of {source.url_path}"


def _facts_differ(source, page) -> bool:
    read_facts(source)
    read_facts(page)
    return apply_facts(source, page)


def _copy_all_facts() -> None:
    for source, page, _family in _translations():
        if source.live and page.live:
            copy_facts(page)


def _other_lives() -> Iterator[str]:
    for source, page, _family in _translations(follows_source):
        if page.live and not source.live:
            yield f"{page.url_path}: public although {source.url_path} is not"


def _follow_all() -> None:
    for source, page, family in _translations(follows_source):
        if page.live and not source.live:
            with together(gate=False):
                follow_source(source, family)


def _undelivered() -> Iterator[str]:
    for entry in OutboxEntry.objects.all():
        yield f"{entry.kind} of {entry.created:%Y-%m-%d %H:%M} was not delivered: {entry.error or 'not tried'}"


def _searched() -> Iterator[tuple[str, object, bool]]:
    """(source, object, do its entries say what it says?) of everything that search should find; then of what it should
    not, with None for the object."""
    from egov_cms.search.attachments import sources
    from egov_cms.search.documents import indexes
    from egov_cms.search.indexing import documents_of, source_of
    from egov_cms.search.models import SITE, Entry

    stored: dict[str, set[str]] = defaultdict(set)
    for name, digest in Entry.objects.filter(space=SITE).values_list("source", "digest").iterator():
        stored[name].add(digest)
    with_attachments = set(sources())
    for index in indexes():
        for thing in index.all_objects():
            digests = {document.digest() for document in documents_of(thing, with_attachments)}
            yield source_of(thing), thing, digests == stored.pop(source_of(thing), set())
    yield from ((name, None, False) for name in stored)


def _different_search() -> Iterator[str]:
    for name, _thing, agrees in _searched():
        if not agrees:
            yield f"{name}: search has another text of it, or none, or it should have none"


def _index_again() -> None:
    from egov_cms.search.indexing import index_objects, remove_sources

    different = [(name, thing) for name, thing, agrees in _searched() if not agrees]
    index_objects([thing for _name, thing in different if thing is not None])
    remove_sources([name for name, thing in different if thing is None])


def register_own(with_search: bool) -> None:
    """Called from `AppConfig.ready()`."""
    register("site.facts", _different_facts, _copy_all_facts)
    register("site.life", _other_lives, _follow_all)
    if with_search:
        register("site.search", _different_search, _index_again)
    register("site.outbox", _undelivered, outbox.deliver)

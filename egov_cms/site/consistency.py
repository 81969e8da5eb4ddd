"""Compares what is published with everything that is made of it: the command `check_published [--repair]`.

    register("services.snapshots", find, repair)   # find() -> what differs, in words; repair() makes it anew

A publication writes all of it in one transaction, so differences come from outside: rows written by hand, a restored
part of a backup, a new version that makes its copies in another way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from wagtail.models import get_page_models

from . import outbox
from .facts import apply_facts, copy_facts, fact_fields, follows_source, read_facts, source_of
from .life import follow_source
from .models import OutboxEntry, SitePage
from .publication import together

AT_ONCE = 200


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


def _translations(has=fact_fields) -> Iterator[tuple[SitePage, SitePage]]:
    """(source, translation) of the pages that take something from another page: of the types for which `has` holds."""
    for model in get_page_models():
        if not issubclass(model, SitePage) or not has(model):
            continue
        for page in model._base_manager.filter(alias_of=None).select_related("locale").iterator(AT_ONCE):
            if (source := source_of(page)) is not None:
                yield source, page


def _different_facts() -> Iterator[str]:
    for source, page in _translations():
        if source.live and page.live and _facts_differ(source, page):
            yield f"{page.url_path}: facts are not those of {source.url_path}"


def _facts_differ(source, page) -> bool:
    read_facts(source)
    read_facts(page)
    return apply_facts(source, page)


def _copy_all_facts() -> None:
    for source, page in _translations():
        if source.live and page.live:
            with together(gate=False):
                copy_facts(page)


def _other_lives() -> Iterator[str]:
    for source, page in _translations(follows_source):
        if page.live and not source.live:
            yield f"{page.url_path}: public although {source.url_path} is not"


def _follow_all() -> None:
    for source, page in _translations(follows_source):
        if page.live and not source.live:
            with together(gate=False):
                follow_source(source)


def _undelivered() -> Iterator[str]:
    for entry in OutboxEntry.objects.all():
        yield f"{entry.kind} of {entry.created:%Y-%m-%d %H:%M} was not delivered: {entry.error or 'not tried'}"


def _search() -> tuple[dict[str, set[str]], dict[str, set[str]], dict[str, object]]:
    """Source → digests of its entries: as they should be, as they are; and source → object."""
    from egov_cms.search.attachments import sources
    from egov_cms.search.documents import indexes
    from egov_cms.search.indexing import documents_of, source_of
    from egov_cms.search.models import SITE, Entry

    with_attachments, wanted, objects = set(sources()), {}, {}
    for index in indexes():
        for thing in index.all_objects():
            name = source_of(thing)
            objects[name] = thing
            digests = {document.digest() for document in documents_of(thing, with_attachments)}
            if digests:
                wanted[name] = digests
    stored: dict[str, set[str]] = {}
    for name, digest in Entry.objects.filter(space=SITE).values_list("source", "digest"):
        stored.setdefault(name, set()).add(digest)
    return wanted, stored, objects


def _different_search() -> Iterator[str]:
    wanted, stored, _objects = _search()
    for name in sorted(wanted.keys() | stored.keys()):
        if wanted.get(name) != stored.get(name):
            yield f"{name}: search has another text of it, or none, or it should have none"


def _index_again() -> None:
    from egov_cms.search.indexing import index_objects, remove_sources

    wanted, stored, objects = _search()
    index_objects([objects[name] for name in wanted if wanted[name] != stored.get(name)])
    remove_sources([name for name in stored if name not in wanted])


def register_own(with_search: bool) -> None:
    """Called from `AppConfig.ready()`."""
    register("site.facts", _different_facts, _copy_all_facts)
    register("site.life", _other_lives, _follow_all)
    if with_search:
        register("site.search", _different_search, _index_again)
    register("site.outbox", _undelivered, outbox.deliver)

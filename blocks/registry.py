"""Which blocks each named stream offers. Apps register blocks in `AppConfig.ready()`; fields read them on first use.

from blocks import registry
registry.register("office", OfficeBlock, fields=("body", "home"), group="contact")
"""

from collections.abc import Callable, Iterable
from contextlib import contextmanager
from dataclasses import dataclass

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import Block

from egov_cms.adapters.wagtail.blocks import name_definition

GROUPS = {
    "text": _("Text"),
    "facts": _("Facts and tables"),
    "media": _("Pictures and video"),
    "links": _("Links and documents"),
    "contact": _("Contact and places"),
    "modules": _("From other parts of the site"),
}


@dataclass(frozen=True)
class Entry:
    """One registered block. `group` is a key of GROUPS or a label of the app's own (such groups are listed last)."""

    name: str
    factory: Callable[[], Block]
    fields: tuple[str, ...]
    group: str | Promise
    order: int
    max_num: int | None

    @property
    def label(self):
        return GROUPS.get(self.group, self.group)

    @property
    def sort_key(self):
        groups = list(GROUPS)
        position = groups.index(self.group) if self.group in groups else len(groups)
        return position, str(self.group) if position == len(groups) else "", self.order, self.name


_entries: dict[tuple[str, str], Entry] = {}
_duplicates: list[tuple[str, str, Callable, Callable]] = []
_version = 0


def register(
    name: str,
    factory: Callable[[], Block],
    *,
    fields: Iterable[str] = ("body",),
    group: str | Promise = "modules",
    order: int = 100,
    max_num: int | None = None,
) -> None:
    """Offer a block under `name` in each stream of `fields`.

    `factory` is a block class or a function without arguments; it is called once for each field that uses
    the stream. `name` is stored in content and must never change; `max_num` is the largest number of these blocks in
    one stream. The first registration of a name is used; a second one with another factory is system check egov.E101.
    """
    global _version
    entry = Entry(name, factory, tuple(fields), group, order, max_num)
    for stream_name in entry.fields:
        first = _entries.setdefault((stream_name, name), entry)
        if first.factory is not factory:
            _duplicates.append((stream_name, name, first.factory, factory))
    _version += 1


def unregister(name: str, fields: Iterable[str]) -> None:
    """Remove a block from streams, for a site that does not offer it. Its stored content is kept but not rendered."""
    global _version
    for stream_name in fields:
        _entries.pop((stream_name, name), None)
    _version += 1


def entries(stream_name: str) -> list[Entry]:
    """The registered blocks of the stream, in the order of the editor's menu."""
    return sorted(
        (e for (stream, _), e in _entries.items() if stream == stream_name), key=lambda e: e.sort_key
    )


def names() -> list[str]:
    """The streams that have at least one block."""
    return sorted({stream_name for stream_name, _ in _entries})


def duplicates() -> list[tuple[str, str, Callable, Callable]]:
    """(stream, name, first factory, second factory) for every name that was registered twice."""
    return list(_duplicates)


def version() -> int:
    """A number that increases with every change, so that fields know when to rebuild their blocks."""
    return _version


def stream(stream_name: str) -> list[tuple[str, Block]]:
    """New (name, block) pairs of a stream; empty when no app registered a block for it.

    Raises ImproperlyConfigured while apps are still loading: the blocks of later apps would be missing.
    """
    if not apps.ready:
        raise ImproperlyConfigured(
            f"The blocks of “{stream_name}” were asked for before all apps were loaded."
        )
    children = []
    for entry in entries(stream_name):
        block = entry.factory()
        block.set_name(entry.name)
        block.meta.group = entry.label
        if not hasattr(block.meta, "preview_template"):
            block.meta.preview_template = "egov_blocks/preview.html"
        name_definition(block, f"blockdef-egov-{stream_name}-{entry.name}")
        children.append((entry.name, block))
    return children


def counts(stream_name: str) -> dict[str, dict[str, int]]:
    """Wagtail's `block_counts` for the stream."""
    return {e.name: {"max_num": e.max_num} for e in entries(stream_name) if e.max_num is not None}


def define() -> None:
    """Build every stream once, so that this process can render block previews, which find definitions by id."""
    for stream_name in names():
        stream(stream_name)


@contextmanager
def restored():
    """Undo every registration made inside the `with` block when it ends. For tests of apps that register blocks."""
    global _version
    saved_entries, saved_duplicates = dict(_entries), list(_duplicates)
    try:
        yield
    finally:
        _entries.clear()
        _entries.update(saved_entries)
        _duplicates[:] = saved_duplicates
        _version += 1

"""What a kind of file means: a `Handler` for each kind, registered in `ready()`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import File
from django.db.models import Model

from egov_cms.exchange import files, records
from egov_cms.exchange.models import ExchangeFile, ExchangeItem, ExchangeRun
from egov_cms.exchange.report import Report
from egov_cms.exchange.undoing import Undone

_handlers: dict[str, Handler] = {}
ITEMS_AT_ONCE = 500


@dataclass(frozen=True)
class Source:
    """The file of a run, on this machine. name: as the sender named it."""

    path: Path
    name: str
    size: int
    sha256: str

    @property
    def suffix(self) -> str:
        """The end of the name in small letters, with its dot."""
        return Path(self.name).suffix.lower()

    def read_bytes(self) -> bytes:
        return self.path.read_bytes()

    def open(self) -> BinaryIO:
        return self.path.open("rb")


@dataclass
class Context:
    """The step for which a handler works, and the list of what it wrote.

    user: for whom; None on a command line without --user. approved_by: the second person, None until there is one. dry_run:
    everything is rolled back afterwards. progress: called with (done, total, label). folder: for what is too large for
    memory; removed after the step. trusted: on a command line, where the rights of `user` are not checked.
    """

    user: Any = None
    language: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
    publish: bool = False
    approved_by: Any = None
    dry_run: bool = False
    progress: Callable[..., None] = lambda done=0, total=0, label="": None
    folder: Path | None = None
    trusted: bool = False
    run: ExchangeRun | None = None
    _items: list[ExchangeItem] = field(default_factory=list, repr=False)

    def created(self, obj: Model, code="", label="", *, locale="", revision=None, after=None):
        """`obj` is new. revision: what it has now, id or object; after: its values, where it keeps no revisions."""
        self._add("created", obj, code, label, locale, None, revision, None, after)

    def changed(self, obj, code="", label="", *, locale="", revisions=(None, None), before=None, after=None):
        """`obj` was changed. revisions: the one to go back to and the new one; else before and after: its values."""
        self._add("changed", obj, code, label, locale, *revisions, before, after)

    def deleted(self, obj, code="", label="", *, locale="", before=None):
        """`obj` is to be, or was, deleted."""
        self._add("deleted", obj, code, label, locale, None, None, before, None)

    def _add(self, action, obj, code, label, locale, revision_before, revision_after, before, after):
        if self.dry_run or self.run is None:
            return
        self._items.append(
            ExchangeItem(
                run=self.run,
                action=action,
                code=str(code)[:200],
                label=str(label)[:255],
                locale=locale,
                content_type=ContentType.objects.get_for_model(obj, for_concrete_model=False),
                object_id=str(obj.pk),
                revision_before_id=getattr(revision_before, "pk", revision_before),
                revision_after_id=getattr(revision_after, "pk", revision_after),
                before=before,
                after=after,
            )
        )
        if len(self._items) >= ITEMS_AT_ONCE:
            self.store_items()

    def store_items(self):
        """Write the items noted so far; the step does so at its end."""
        ExchangeItem.objects.bulk_create(self._items)
        self._items.clear()

    def keep(self, role: str, path: Path):
        """Keep a file between the steps of this run (what took long to make), under `role`; see `kept`."""
        if self.run is None:
            return
        with path.open("rb") as file:
            stored = files.keep(file)
        values = {"name": path.name, "sha256": stored.sha256, "size": stored.size}
        ExchangeFile.objects.update_or_create(run=self.run, role=role, defaults=values)

    def kept(self, role: str) -> File | None:
        """The file kept under `role`, open; None when there is none (any more), so that it is made again."""
        found = self.run and self.run.files.filter(role=role).first()
        try:
            return found.open() if found else None
        except files.FileDamaged:
            return None


class Handler:
    """One kind of file. Subclass it, fill what is below, and `register` an instance.

    A step reads outside of any transaction and applies inside of one, both in a child process with limits. A check rolls
    back, so that it finds exactly what writing would meet; writing commits when nothing was refused and the report's
    digest is the one that was confirmed.
    """

    kind = ""  # also the command's and the address's name: "services"
    label: Any = ""  # "Services", translated lazily
    introduction: Any = ""  # introductory text above the form
    written_note: Any = ""  # what to do after writing: "They are drafts; …"
    item_label: Any = ""  # what one item is called: "Service"
    icon = "table"
    suffixes: tuple[
        str, ...
    ] = ()  # (".xlsx", ".csv"), for the form; the kind of a file is detected by its content
    largest_bytes = 10 * 1024 * 1024
    options_form: type | None = None  # a Django form; its `cleaned_data` must be JSON values
    # Action → permission. "see" and "receive" are needed; "confirm" and "undo" are "receive" unless given.
    permissions: dict[str, str] = {}
    second_person = False  # must another user confirm?
    publishes = False  # do commands take --publish?
    keeps_source = False  # is the file kept after it was written?
    seconds: int | None = None  # limits of a step; None: the settings'
    megabytes: int | None = None
    # (name, label) of what can be exported, for screens; see `export`.
    exports: tuple[tuple[str, Any], ...] = ()

    def read(self, source: Source, report: Report, context: Context) -> Any:
        """The file as plain data, with as few queries as possible; errors are added to `report`.

        None: nothing can be applied. Data is applied even after errors, so that one report has all of them.
        """
        raise NotImplementedError

    def apply(self, data, report: Report, context: Context) -> None:
        """Check `data` against the database and write it; add outcomes to `report` and written objects to `context`."""
        raise NotImplementedError

    def undo(self, run: ExchangeRun, context: Context) -> Undone:
        """Revert what a run wrote. The default is for records without revisions, noted with `record_values`.

        Nothing that the public reads may be deleted: name it in `Undone.kept`.
        """
        return records.undo(run, context, is_public=self.is_public)

    def is_public(self, obj: Model) -> bool:
        """Does the public read this record? Then undoing its creation leaves it."""
        return bool(getattr(obj, "live", False) or getattr(obj, "is_public", False))

    def may(self, user, action: str) -> bool:
        """Has the user the right to do this with runs of this kind? `exchange.may` asks, unless another decides."""
        name = self.permissions.get(action) or self.permissions.get("receive", "")
        return user.has_perm(name) if name else user.is_superuser

    def options_of(self, form) -> dict[str, Any]:
        """The options of a run, from a valid form."""
        return dict(form.cleaned_data)

    def item_titles(self, items: list[str]) -> dict[str, str]:
        """Item, as `Change.item` and `Issue.item` name it, → its title in the active language."""
        return {}

    def item_url(self, item: ExchangeItem) -> str:
        """Where the admin shows what an item is about; "" where it does not."""
        return ""

    def export(self, name: str, language: str) -> tuple[str, str, Iterable[bytes]]:
        """(file name, media type, bytes) of an export named in `exports`."""
        raise NotImplementedError


def register(handler: Handler) -> Handler:
    """Make a kind known; again under the same name replaces it."""
    _handlers[handler.kind] = handler
    return handler


def get(kind: str) -> Handler:
    """The handler of a kind. LookupError: no installed app has it."""
    try:
        return _handlers[kind]
    except KeyError:
        raise LookupError(f"No installed app takes files of the kind {kind!r}.") from None


def registered() -> list[Handler]:
    """All handlers, in the order in which the apps registered them."""
    return list(_handlers.values())

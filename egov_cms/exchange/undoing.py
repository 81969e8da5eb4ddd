"""What undoing a run did."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

MOST_KEPT = 1_000


@dataclass(frozen=True)
class Kept:
    """Something that was left as it is, and why; `code` is for machines."""

    item: str
    locale: str
    reason: str
    code: str = ""


@dataclass
class Undone:
    """Names of what was removed, of what was brought back, and what was left alone."""

    removed: list[str] = field(default_factory=list)
    restored: list[str] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    dry_run: bool = False

    @property
    def did_something(self) -> bool:
        return bool(self.removed or self.restored)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class CannotUndo(ValueError):
    """The run as a whole cannot be undone; the message says why."""

"""What an import did, or why it did nothing."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Refusal:
    """One thing wrong in a file: where it is, what it says, what to do; `code` is for machines."""

    file: str
    item: str
    field: str
    message: str
    code: str
    value: str = ""
    line: int = 0

    def __str__(self):
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.item or '—'}: {self.field or '—'}: {self.message}"


@dataclass(frozen=True)
class Change:
    """One value that the import sets: `before` and `after` as plain values."""

    item: str
    field: str
    locale: str
    before: Any
    after: Any


@dataclass
class Report:
    """The outcome of one import. Nothing was written when `refused` holds anything or `dry_run` is set."""

    file: str
    dry_run: bool = False
    publish: bool = False
    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    warnings: list[Refusal] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    seconds: float = 0.0
    batch: int | None = None

    @property
    def ok(self) -> bool:
        return not self.refused

    def refuse(self, item, field_name, message, code, value="", line=0):
        self.refused.append(self._refusal(item, field_name, message, code, value, line))

    def warn(self, item, field_name, message, code, value="", line=0):
        self.warnings.append(self._refusal(item, field_name, message, code, value, line))

    def _refusal(self, item, field_name, message, code, value, line):
        shown = "" if value in ("", None) else str(value)[:200]
        return Refusal(self.file, str(item), field_name, str(message), code, shown, line)

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON values, counts first."""
        return {
            "file": self.file,
            "dry_run": self.dry_run,
            "publish": self.publish,
            "batch": self.batch,
            "seconds": round(self.seconds, 3),
            "counts": {
                "created": len(self.created),
                "changed": len(self.changed),
                "unchanged": len(self.unchanged),
                "refused": len(self.refused),
                "warnings": len(self.warnings),
            },
            "refused": [asdict(each) for each in self.refused],
            "warnings": [asdict(each) for each in self.warnings],
            "created": self.created,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "changes": [asdict(each) for each in self.changes],
        }

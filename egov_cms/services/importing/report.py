"""What an import did, or why it did nothing."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from django.utils.translation import gettext as _


class Place(NamedTuple):
    """Where something stands in a workbook: `row` as the spreadsheet counts, `column` by its heading, `cell` as H312."""

    sheet: str
    row: int = 0
    column: str = ""
    cell: str = ""


@dataclass(frozen=True)
class Refusal:
    """One thing wrong in a file: where it is, what it says, what to do; `code` is for machines.

    A YAML file has lines; a workbook has sheet, row, column (its heading) and cell.
    """

    file: str
    item: str
    field: str
    message: str
    code: str
    value: str = ""
    line: int = 0
    sheet: str = ""
    row: int = 0
    column: str = ""
    cell: str = ""

    def __str__(self):
        if self.sheet:
            return f"{self.file}: {self.place}: {self.message}"
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.item or '—'}: {self.field or '—'}: {self.message}"

    @property
    def place(self) -> str:
        """The place in a workbook as people read it; empty for other files."""
        if not self.sheet:
            return ""
        parts = [_("sheet %(sheet)s") % {"sheet": self.sheet}]
        if self.row:
            parts.append(_("row %(row)s") % {"row": self.row})
        if self.column:
            parts.append(_("column %(column)s") % {"column": self.column})
        if self.value:
            parts.append(_("value “%(value)s”") % {"value": self.value})
        return _(", ").join(parts)


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
    # (item, field) → where a workbook says it; `field` "" is the row of the service.
    places: dict[tuple[str, str], Place] = field(default_factory=dict, repr=False)

    # Services whose published fees change and that say no reason yet.
    needs_reason: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.refused

    @property
    def digest(self) -> str:
        """Stands for everything that the import does: two runs with the same digest do the same."""
        done = [self.created, self.changed, [asdict(change) for change in self.changes]]
        return hashlib.sha256(json.dumps(done, ensure_ascii=False, default=str).encode()).hexdigest()

    def refuse(self, item, field_name, message, code, value="", line=0, place=None):
        self.refused.append(self._refusal(item, field_name, message, code, value, line, place))

    def warn(self, item, field_name, message, code, value="", line=0, place=None):
        self.warnings.append(self._refusal(item, field_name, message, code, value, line, place))

    def _refusal(self, item, field_name, message, code, value, line, place):
        shown = "" if value in ("", None) else str(value)[:200]
        place = place or self.place_of(str(item), field_name)
        return Refusal(self.file, str(item), field_name, str(message), code, shown, line, *(place or ()))

    def place_of(self, item, name) -> Place | None:
        """The cell of a field, else the row that it belongs to, else the service's."""
        while name:
            if (item, name) in self.places:
                return self.places[item, name]
            name = name.rpartition(".")[0]
        return self.places.get((item, ""))

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
            "needs_reason": self.needs_reason,
        }

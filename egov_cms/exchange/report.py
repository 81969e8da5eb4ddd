"""What a file does, or would do, and what is wrong with it: `Report`, the one class for it in the tree.

However large the file and however much is wrong with it, a report stays small: totals are exact, a sample of issues, changes
and names is kept in memory, and the full lists go line by line into files (`lists`).
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from egov_cms.exchange.excerpts import LONGEST_TEXT, around_difference
from egov_cms.exchange.lists import LineWriter, read_lines

ERROR, WARNING = "error", "warning"
MOST_ISSUES = 10_000
# A kind of issue that comes late is still shown so often, at the cost of the most frequent one.
SHOWN_OF_EACH = 100
MOST_CHANGES = 1_000
MOST_NAMES = 20_000
LONGEST_VALUE = 200
LONGEST_MESSAGE = 1_000


@dataclass(frozen=True, slots=True)
class Place:
    """A position in a file: `row` as a spreadsheet counts, `column` by its heading, `cell` as H312; `line` of a text.

    file: only where a run has several, inside an archive.
    """

    file: str = ""
    sheet: str = ""
    row: int = 0
    column: str = ""
    cell: str = ""
    line: int = 0

    def __str__(self):
        parts = [self.file] if self.file else []
        if self.sheet:
            parts.append(_("sheet %(sheet)s") % {"sheet": self.sheet})
        if self.row:
            parts.append(_("row %(row)s") % {"row": self.row})
        if self.line:
            parts.append(_("line %(line)s") % {"line": self.line})
        if self.column:
            parts.append(_("column %(column)s") % {"column": self.column})
        if self.cell:
            parts.append(self.cell)
        return _(", ").join(parts)


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Issue:
    """One error or warning: the message, the position, the value in the file; `code` is for machines.

    item: what it is about, as the file names it (a service code, a slug). field: which fact of it. number: how many
    issues came before.
    """

    severity: str
    code: str
    message: str
    item: str = ""
    field: str = ""
    value: str = ""
    place: Place = NOWHERE
    number: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Flat, as in lists: the parts of the place are members too."""
        place = self.place
        return {
            "number": self.number,
            "severity": self.severity,
            "code": self.code,
            "message": self.message,
            "item": self.item,
            "field": self.field,
            "value": self.value,
            "file": place.file,
            "sheet": place.sheet,
            "row": place.row,
            "column": place.column,
            "cell": place.cell,
            "line": place.line,
        }

    @classmethod
    def from_dict(cls, data) -> Issue:
        place = {name: data[name] for name in Place.__slots__}
        return cls(
            **{name: data[name] for name in cls.__slots__ if name != "place"},
            place=Place(**place),
        )

    def __str__(self):
        if self.place.cell or self.place.sheet:
            value = _("value “%(value)s”") % {"value": self.value} if self.value else ""
            about = [_(", ").join(filter(None, [str(self.place), value]))]
        else:
            about = [str(self.place), self.item, self.field]
        return ": ".join([*filter(None, about), self.message])


@dataclass(frozen=True, slots=True)
class Change:
    """One value that a file sets: `before` and `after` as plain values, and as people read them.

    item: as in Issue. locale: code of the language whose words change, "" for facts. label, shown_before, shown_after: in
    the language of the user who runs the import; without them the plain values are shown.
    """

    item: str
    field: str
    locale: str = ""
    before: Any = None
    after: Any = None
    label: str = ""
    shown_before: str = ""
    shown_after: str = ""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass
class Total:
    """How many issues have one code."""

    code: str
    errors: int = 0
    warnings: int = 0


@dataclass
class Report:
    """The outcome of one file. Nothing was written when `ok` is false or `dry_run` is set.

    file: its name as people know it. folder: where the full lists of issues and changes are written; without one only the
    samples are kept. locate: (item, field) → Place of what an issue is about, for issues that come without a place.
    """

    file: str = ""
    kind: str = ""
    dry_run: bool = False
    publish: bool = False
    folder: Path | None = None
    locate: Callable[[str, str], Place | None] | None = field(default=None, repr=False)
    run: int | None = None
    seconds: float = 0.0
    # Outcome (created, changed, unchanged, deleted, or another name of the kind) → number of items.
    outcomes: Counter = field(default_factory=Counter)
    names: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    totals: dict[str, Total] = field(default_factory=dict)
    issue_count: int = 0
    changes: list[Change] = field(default_factory=list)
    change_count: int = 0
    # Items that need a reason, see `ask_reason`.
    reason_for: list[str] = field(default_factory=list)
    # Results of the kind, as JSON values: the version that was created, the table that was found.
    result: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self):
        self._samples: dict[tuple[str, str], list[Issue]] = {}
        self._sampled = 0
        self._digest = hashlib.sha256()
        self._issue_lines = LineWriter(self.folder and self.folder / "issues.jsonl.gz")
        self._change_lines = LineWriter(self.folder and self.folder / "changes.jsonl.gz")

    # Issues

    def error(self, code, message, *, item="", field="", value="", place: Place | None = None):
        """Add an error: nothing of the file is written."""
        self._note(ERROR, code, message, item, field, value, place)

    def warn(self, code, message, *, item="", field="", value="", place: Place | None = None):
        """Add a warning: something that the confirming user should look at."""
        self._note(WARNING, code, message, item, field, value, place)

    def _note(self, severity, code, message, item, name, value, place):
        item = str(item)
        if place is None and self.locate is not None:
            place = self.locate(item, name)
        total = self.totals.setdefault(code, Total(code))
        number = self.issue_count + 1
        if severity == ERROR:
            total.errors += 1
        else:
            total.warnings += 1
        self.issue_count = number
        shown = "" if value in ("", None) else str(value)[:LONGEST_VALUE]
        text = str(message)[:LONGEST_MESSAGE]
        issue = Issue(severity, code, text, item[:LONGEST_VALUE], name, shown, place or NOWHERE, number)
        self._sample(issue)
        self._issue_lines.write(issue.as_dict)

    def _sample(self, issue):
        of_its_kind = self._samples.setdefault((issue.severity, issue.code), [])
        if self._sampled < MOST_ISSUES:
            self._sampled += 1
        elif len(of_its_kind) < SHOWN_OF_EACH:
            max(self._samples.values(), key=len).pop()
        else:
            return
        of_its_kind.append(issue)

    @property
    def issues(self) -> list[Issue]:
        """The first issues in their order, at most 10,000, with some of every kind; `totals` counts all."""
        return sorted(
            (issue for some in self._samples.values() for issue in some), key=lambda each: each.number
        )

    @property
    def errors(self) -> list[Issue]:
        return [issue for issue in self.issues if issue.severity == ERROR]

    @property
    def warnings(self) -> list[Issue]:
        return [issue for issue in self.issues if issue.severity == WARNING]

    @property
    def error_count(self) -> int:
        return sum(total.errors for total in self.totals.values())

    @property
    def warning_count(self) -> int:
        return sum(total.warnings for total in self.totals.values())

    @property
    def ok(self) -> bool:
        return not any(total.errors for total in self.totals.values())

    # Outcomes

    def count(self, outcome: str, name: str = ""):
        """One thing more was, or would be, created, changed, left unchanged …; `name` is kept among the first 20,000."""
        self.outcomes[outcome] += 1
        if name and len(self.names[outcome]) < MOST_NAMES:
            self.names[outcome].append(str(name))
        if outcome != "unchanged":
            self._seal([outcome, name])

    @property
    def created(self) -> list[str]:
        return self.names.get("created", [])

    @property
    def changed(self) -> list[str]:
        return self.names.get("changed", [])

    @property
    def unchanged(self) -> list[str]:
        return self.names.get("unchanged", [])

    @property
    def does_something(self) -> bool:
        return any(number for outcome, number in self.outcomes.items() if outcome != "unchanged")

    def change(self, change: Change):
        """Note one difference."""
        self._seal([change.item, change.field, change.locale, change.before, change.after])
        self.change_count += 1
        short = _shortened(change)
        if len(self.changes) < MOST_CHANGES:
            self.changes.append(short)
        self._change_lines.write(short.as_dict)

    def seal(self, value):
        """Let the digest depend on a value that is neither an outcome nor a change: a total, the digest of a table."""
        self._seal(value)

    def _seal(self, value):
        self._digest.update(json.dumps(value, ensure_ascii=False, default=str).encode() + b"\n")

    @property
    def digest(self) -> str:
        """Hash of everything that the file does: two runs with the same digest do the same."""
        return self._digest if isinstance(self._digest, str) else self._digest.hexdigest()

    def ask_reason(self, item: str):
        """Require a reason for this item from the confirming user."""
        if len(self.reason_for) < MOST_CHANGES:
            self.reason_for.append(item)

    def forget_outcomes(self):
        """Clear outcomes and changes: a refused file does nothing."""
        self.outcomes.clear()
        self.names.clear()
        self.changes, self.change_count = [], 0
        self.reason_for = []
        self._change_lines.restart()

    # Out

    def finish(self) -> Report:
        """Close the lists and keep what can be sent to another process; nothing can be added after this."""
        self._issue_lines.close()
        self._change_lines.close()
        self._digest = self.digest
        self.locate = None
        return self

    @property
    def counts(self) -> dict[str, int]:
        """Outcomes, and how much is wrong."""
        usual = {"created": 0, "changed": 0, "unchanged": 0}
        return {**usual, **self.outcomes, "errors": self.error_count, "warnings": self.warning_count}

    @property
    def lists(self) -> dict[str, Path]:
        """The files of the full lists that hold anything, by name; nothing can be added after this."""
        writers = {"issues": self._issue_lines, "changes": self._change_lines}
        return {name: path for name, writer in writers.items() if (path := writer.close()) is not None}

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON values, counts first, with the samples; `write_json` has the full lists."""
        return {
            **self._head(),
            "refused": [issue.as_dict() for issue in self.errors],
            "warnings": [issue.as_dict() for issue in self.warnings],
            "changes": [change.as_dict() for change in self.changes],
        }

    def _head(self):
        return {
            "file": self.file,
            "kind": self.kind,
            "dry_run": self.dry_run,
            "publish": self.publish,
            "run": self.run,
            "seconds": round(self.seconds, 3),
            "counts": {**self.counts, "changes": self.change_count},
            "totals": {code: asdict(total) for code, total in self.totals.items()},
            "created": self.created,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "reason_for": self.reason_for,
            "result": self.result,
        }

    def write_json(self, path: Path):
        """The report with the full lists as one JSON file, line by line, however long they are."""
        lists = self.lists
        with path.open("w", encoding="utf-8") as out:
            head = json.dumps(self._head(), ensure_ascii=False, indent=1, default=str)
            out.write(head.removesuffix("\n}"))
            for name, rows in (
                ("refused", _of(lists.get("issues"), ERROR) if lists.get("issues") else _dicts(self.errors)),
                (
                    "warnings",
                    _of(lists.get("issues"), WARNING) if lists.get("issues") else _dicts(self.warnings),
                ),
                ("changes", read_lines(lists["changes"]) if "changes" in lists else _dicts(self.changes)),
            ):
                out.write(f',\n "{name}": [')
                for position, row in enumerate(rows):
                    out.write(",\n  " if position else "\n  ")
                    out.write(json.dumps(row, ensure_ascii=False, default=str))
                out.write("\n ]" if name else "]")
            out.write("\n}\n")


def _of(path, severity) -> Iterator[dict]:
    return (row for row in read_lines(path) if row["severity"] == severity)


def _dicts(rows) -> Iterator[dict]:
    return (row.as_dict() for row in rows)


def _shortened(change: Change) -> Change:
    values = [change.before, change.after, change.shown_before, change.shown_after]
    if not any(isinstance(value, str) and len(value) > LONGEST_TEXT for value in values):
        return change
    before, after = around_difference(change.before, change.after)
    shown_before, shown_after = around_difference(change.shown_before, change.shown_after)
    return Change(
        change.item, change.field, change.locale, before, after, change.label, shown_before, shown_after
    )

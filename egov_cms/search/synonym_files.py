"""Import and export of synonym groups as CSV, and the starter set."""

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from egov_cms.search.analysis import words
from egov_cms.search.models import SynonymGroup
from egov_cms.search.synonyms import problems

COLUMNS = ["terms", "targets", "scope", "active", "note"]
STARTER = Path(__file__).parent / "data" / "starter_synonyms.csv"
BETWEEN = " | "
LARGEST = 1_000_000
TRUTHS = {"yes": True, "no": False, "1": True, "0": False, "": True}


@dataclass
class Report:
    """The number of groups that a file created, changed and left unchanged, and its refused lines: `(line, message)`."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


def to_csv(groups):
    """The groups as the text of a CSV file (with a byte order mark, so that Excel detects UTF-8)."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for group in groups:
        active = "yes" if group.active else "no"
        row = [
            BETWEEN.join(group.term_list),
            BETWEEN.join(group.target_list),
            group.scope,
            active,
            group.note,
        ]
        writer.writerow(row)
    return "\ufeff" + out.getvalue()


def from_csv(text, dry_run=False):
    """Import groups from CSV text, all or nothing: if a line is refused, nothing is changed.

    A line updates the group with the same first term; if there is none, it creates a new group.
    """
    report = Report()
    if len(text) > LARGEST:
        report.refused.append((0, _("The file is too large.")))
        return report
    rows = list(_rows(text, report))
    if report.refused:
        return report
    with transaction.atomic():
        present = {_identity(group.term_list): group for group in SynonymGroup.objects.all()}
        for values in rows:
            _write(values, present, report)
        if dry_run:
            transaction.set_rollback(True)
    return report


def load_starter():
    """Add the starter set of Iraqi synonyms; a group whose first term already exists is skipped."""
    report = Report()
    rows = _rows(STARTER.read_text(encoding="utf-8"), report)
    present = {_identity(group.term_list) for group in SynonymGroup.objects.all()}
    for values in rows:
        if _identity(values["terms"].splitlines()) not in present:
            SynonymGroup.objects.create(**values)
            report.created += 1
    return report


def _rows(text, report):
    lines = csv.reader(io.StringIO(text.removeprefix("\ufeff").replace("\x00", "")))
    try:
        header = [name.strip().lower() for name in next(lines, [])]
        if header[:1] != ["terms"] or set(header) - set(COLUMNS):
            report.refused.append(
                (1, _("The first line must name the columns: %(columns)s.") % {"columns": ", ".join(COLUMNS)})
            )
            return
        for cells in lines:
            if any(cell.strip() for cell in cells):
                row = dict(zip(header, [cell.strip() for cell in cells], strict=False))
                values, found = _checked(row)
                report.refused += [(lines.line_num, message) for message in found]
                yield values
    except csv.Error as error:
        report.refused.append((lines.line_num, str(error)))


def _checked(row):
    terms, targets = (_split(row.get(name, "")) for name in ("terms", "targets"))
    found = problems(terms, targets)
    scope = row.get("scope", "") or SynonymGroup.Scope.ALL
    if scope not in SynonymGroup.Scope.values:
        found.append(_("“%(scope)s” is not a language; use all, ar, ckb or en.") % {"scope": scope})
    active = TRUTHS.get(row.get("active", "").lower())
    if active is None:
        found.append(_("“%(active)s” is neither yes nor no.") % {"active": row["active"]})
    values = {
        "terms": "\n".join(terms),
        "targets": "\n".join(targets),
        "scope": scope,
        "active": active,
        "note": row.get("note", "")[:255],
    }
    return values, found


def _split(cell):
    return [term.strip() for term in cell.split("|") if term.strip()]


def _identity(terms):
    return tuple(words(terms[0])) if terms else ()


def _write(values, present, report):
    identity = _identity(values["terms"].splitlines())
    group = present.get(identity)
    if group is None:
        present[identity] = SynonymGroup.objects.create(**values)
        report.created += 1
    elif all(getattr(group, name) == value for name, value in values.items()):
        report.unchanged += 1
    else:
        for name, value in values.items():
            setattr(group, name, value)
        group.save()
        report.changed += 1

"""Synonym groups in files: the starter set, and export and import by editors as a kind of exchange run.

A row updates the group with the same first term; if there is none, it creates a new group. The header row contains the
names in `COLUMNS` or the column titles of an export in any of the site's languages.
"""

from __future__ import annotations

from pathlib import Path

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from egov_cms.exchange import handlers
from egov_cms.exchange.records import record_values
from egov_cms.exchange.report import Change, Place, Report
from egov_cms.language import content_languages, fold
from egov_cms.search.analysis import words
from egov_cms.search.models import SynonymGroup
from egov_cms.search.synonyms import problems
from egov_cms.tabular import InvalidValue, Limits, UnreadableFile, open_tables, values, write_csv

COLUMNS = ("terms", "targets", "scope", "active", "note")
STARTER = Path(__file__).parent / "data" / "starter_synonyms.csv"
BETWEEN = " | "
LIMITS = Limits(file_bytes=1024 * 1024, rows=20_000, columns=50, cells=100_000)
LONGEST_NOTE = 255


def to_csv(groups) -> bytes:
    """A CSV file for Excel, with column titles in the active language; `SynonymsHandler` imports it without a
    difference."""
    rows = (
        [
            BETWEEN.join(group.term_list),
            BETWEEN.join(group.target_list),
            group.scope,
            _("yes") if group.active else _("no"),
            group.note,
        ]
        for group in groups
    )
    return b"".join(write_csv(rows, columns=[title_of(name) for name in COLUMNS], bom=True, guard=True))


def title_of(column: str) -> str:
    """The title of a column in an export, in the active language."""
    return capfirst(str(SynonymGroup._meta.get_field(column).verbose_name))


def read_groups(source, name: str, report: Report) -> list[dict]:
    """The rows of a file as values of SynonymGroup, with `place`; errors are added to `report`."""
    groups = []
    try:
        with open_tables(source, name=name, limits=LIMITS, kinds=("csv", "xlsx")) as tables:
            rows = tables.sheets[0].rows()
            columns = _columns(next(rows, None), report)
            # In a file with the column "terms" only, the separator of terms is detected as the delimiter.
            one_column = tables.text is not None and tables.text.dialect.delimiter == "|"
            for row in rows if columns else ():
                place = Place(row=row.number)
                if (texts := _row(row, columns, one_column, report, place)) and (
                    group := _checked(texts, report, place)
                ):
                    groups.append({**group, "place": place})
    except UnreadableFile as problem:
        report.error(problem.code, str(problem), place=Place(line=problem.line, row=problem.row))
    return groups


def _columns(row, report) -> dict[int, str]:
    names = _names_by_title()
    columns = {}
    unknown = []
    for cell in row.cells if row else ():
        title = cell.text.strip()
        name = names.get(fold(title))
        if name:
            columns[cell.column] = name
        elif title:
            unknown.append(title)
    if unknown or "terms" not in columns.values():
        message = _("The first line must name the columns: %(columns)s.") % {"columns": ", ".join(COLUMNS)}
        report.error("columns", message, value=", ".join(unknown), place=Place(row=row.number if row else 1))
        return {}
    return columns


def _names_by_title() -> dict[str, str]:
    """Folded column title → column name."""
    names = {fold(name): name for name in COLUMNS}
    for language in content_languages():
        with override(language):
            names |= {fold(title_of(name)): name for name in COLUMNS}
    return names


def _row(row, columns, one_column, report, place) -> dict[str, str] | None:
    if one_column:
        return {"terms": BETWEEN.join(cell.text for cell in row.cells if cell.text.strip())}
    texts = {}
    for cell in row.cells:
        if name := columns.get(cell.column):
            try:
                texts[name] = values.text(cell)
            except InvalidValue as problem:
                report.error(problem.code, str(problem), field=name, value=problem.value, place=place)
                return None
    return texts if any(texts.values()) else None


def _checked(texts, report, place) -> dict | None:
    terms, targets = (_split(texts.get(name, "")) for name in ("terms", "targets"))
    item = terms[0] if terms else ""
    errors = [("terms", message, "") for message in problems(terms, targets)]
    scope = texts.get("scope", "") or SynonymGroup.Scope.ALL
    if scope not in SynonymGroup.Scope.values:
        message = _("“%(scope)s” is not a language; use all, ar, ckb or en.") % {"scope": scope}
        errors.append(("scope", message, scope))
    active = True
    try:
        active = values.yes_no(texts["active"]) if texts.get("active") else True
    except InvalidValue as problem:
        errors.append(("active", str(problem), texts["active"]))
    note = texts.get("note", "")
    if len(note) > LONGEST_NOTE:
        message = _("The text has %(length)s letters; at most %(longest)s fit.")
        errors.append(("note", message % {"length": len(note), "longest": LONGEST_NOTE}, note))
    for field, message, value in errors:
        report.error(field, message, item=item, field=field, value=value, place=place)
    if errors:
        return None
    joined = {"terms": "\n".join(terms), "targets": "\n".join(targets)}
    return {**joined, "scope": scope, "active": active, "note": note}


def _split(cell):
    return [term.strip() for term in cell.split("|") if term.strip()]


def _identity(terms) -> tuple:
    return tuple(words(terms[0])) if terms else ()


def load_starter() -> int:
    """Add the starter set of Iraqi synonyms and return how many were added; a group whose first term exists is skipped."""
    report = Report(STARTER.name)
    existing = {_identity(group.term_list) for group in SynonymGroup.objects.all()}
    added = 0
    for group in read_groups(STARTER, STARTER.name, report):
        del group["place"]
        if _identity(group["terms"].splitlines()) not in existing:
            SynonymGroup.objects.create(**group)
            added += 1
    if not report.ok:
        raise ValueError(f"The starter set is damaged: {report.errors[0]}")
    return added


class SynonymsHandler(handlers.Handler):
    """Adds and changes synonym groups; a file is imported completely or not at all."""

    kind = "synonyms"
    label = gettext_lazy("Synonyms")
    introduction = gettext_lazy(
        "Columns: terms, targets, scope (all, ar, ckb, en), active (yes, no), note. "
        "Several terms in one cell are parted by |. Either all lines are taken or none."
    )
    item_label = gettext_lazy("Synonyms")
    icon = "list-ul"
    suffixes = (".csv", ".xlsx")
    largest_bytes = LIMITS.file_bytes
    permissions = {
        "see": "egov_search.change_synonymgroup",
        "receive": "egov_search.change_synonymgroup",
        "undo": "egov_search.delete_synonymgroup",
    }
    exports = (("synonyms.csv", gettext_lazy("CSV file")),)

    def read(self, source, report, context):
        return read_groups(source.path, source.name, report)

    def apply(self, data, report, context):
        stored = {_identity(group.term_list): group for group in SynonymGroup.objects.all()}
        for done, row in enumerate(data, 1):
            new = {name: value for name, value in row.items() if name != "place"}
            terms = new["terms"].splitlines()
            group = stored.get(_identity(terms))
            stored[_identity(terms)] = self._write(group, new, terms[0], report, context)
            context.progress(done, len(data), terms[0])

    def _write(self, group, new, item, report, context):
        if group is None:
            group = SynonymGroup.objects.create(**new)
            report.count("created", item)
            context.created(group, item, str(group), after=record_values(group))
            self._changes(item, {}, new, report)
            return group
        stored = {name: getattr(group, name) for name in COLUMNS}
        if stored == new:
            report.count("unchanged", item)
            return group
        before = record_values(group)
        for name, value in new.items():
            setattr(group, name, value)
        group.save()
        report.count("changed", item)
        context.changed(group, item, str(group), before=before, after=record_values(group))
        self._changes(item, stored, new, report)
        return group

    def _changes(self, item, before, after, report):
        for name, value in after.items():
            if before.get(name) != value and (before or value not in ("", None)):
                shown = (_shown(name, before.get(name)), _shown(name, value))
                report.change(Change(item, name, "", before.get(name), value, title_of(name), *shown))

    def is_public(self, obj):
        # A group is a setting, not public content, so undoing the import that added it deletes it.
        return False

    def item_url(self, item):
        return reverse("wagtailsnippets_egov_search_synonymgroup:edit", args=[item.object_id])

    def export(self, name, language):
        return name, "text/csv; charset=utf-8", [to_csv(SynonymGroup.objects.all())]


def _shown(name, value) -> str:
    if value in (None, ""):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(dict(SynonymGroup.Scope.choices).get(value, value)) if name == "scope" else value

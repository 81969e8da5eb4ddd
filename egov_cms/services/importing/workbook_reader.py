"""A workbook to plain services, every issue with its sheet, row, column and value."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from egov_cms.exchange.report import Place, Report
from egov_cms.services.importing.cell_values import CellReader
from egov_cms.services.importing.columns import HELP, LISTS, REASON, SHEETS, columns
from egov_cms.services.importing.plain import (
    FROM_TEMPLATE,
    PlainCatalogue,
    PlainRow,
    PlainService,
    SheetColumns,
)
from egov_cms.services.importing.vocabularies import Vocabularies
from egov_cms.services.models.service import ROWS, ServicePage
from egov_cms.tabular import Cell, InvalidValue, Limits, UnreadableFile, open_tables, values
from egov_cms.tabular.cells import column_letters
from egov_cms.tabular.texts import clean_words

MEGABYTE = 1024 * 1024
# A catalogue of five thousand services unpacks to some sixty megabytes.
LIMITS = Limits(file_bytes=10 * MEGABYTE, unpacked_bytes=120 * MEGABYTE, rows=50_000, columns=150)
MOST_SERVICES = 10_000
MOST_ROWS_OF_A_SERVICE = 1_000
# With more errors a file is not compared with the catalogue; with far more its rest is not read.
MOST_ERRORS_TO_COMPARE, MOST_ERRORS = 20_000, 250_000
# What a step leaves out is taken from its template.
OF_TEMPLATE = ("actor", "channel", "is_visit", "needs_signature", "minutes")
# Kinds of columns in which blank means the model's default.
BLANK_DEFAULT = ("choice", "number_choice")


class TooManyErrors(Exception):
    """Reading stopped."""


def read_workbook(source: Path | bytes, name: str, report: Report, languages) -> PlainCatalogue | None:
    """The catalogue in an XLSX or ODS file; None when nothing could be compared with the database.

    Errors are added to `report`. `PlainCatalogue.place` finds the cell of a value.
    """
    reader = _Reader(report, languages)
    try:
        with open_tables(source, name, LIMITS, kinds=("xlsx", "ods")) as tables:
            for note in tables.notes:
                report.warn(note.code, note.message)
            found = _sheets(tables, report)
            reader.cells = CellReader(Vocabularies(languages), tables.calendar)
            reader.services(found["Services"])
            for title in SHEETS:
                if title in found and title != "Services":
                    reader.rows(title, found[title])
    except UnreadableFile as problem:
        place = Place(sheet=problem.sheet, row=problem.row) if problem.sheet else None
        report.error(problem.code, str(problem), place=place)
        return None
    except TooManyErrors:
        message = _("The rest of the file was not read: too much is wrong with it.")
        report.warn("not_read_further", message)
        return None
    if report.error_count > MOST_ERRORS_TO_COMPARE:
        message = _("The file was not compared with the catalogue: too much is wrong with it.")
        report.warn("not_compared", message)
        return None
    if not reader.found and report.ok:
        report.error("empty", _("The file holds no services."), place=Place(sheet="Services"))
    return reader.catalogue()


def _sheets(tables, report):
    """Title as in SHEETS → sheet. Those that are not known are named."""
    titles = {title.lower(): title for title in (*SHEETS, LISTS, HELP)}
    found = {}
    for sheet in tables:
        title = titles.get(sheet.title.strip().lower())
        if title is None:
            message = _("This sheet is not known and was not read.")
            report.warn("unknown_sheet", message, place=Place(sheet=sheet.title))
        else:
            found[title] = sheet
    if "Services" not in found:
        raise UnreadableFile(_("The workbook has no sheet “Services”."), "no_sheet")
    return found


class _Heading(NamedTuple):
    """One column of the sheet as it is in the file. field: as in `PlainCatalogue.place`."""

    column: Any
    language: str
    name: str
    letters: str
    field: str


@dataclass
class _Line:
    """One row of a sheet: heading → value of its cell, and the headings whose cells were refused already."""

    sheet: str
    number: int
    headings: dict[str, _Heading]
    values: dict[str, Any] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)


class _Reader:
    def __init__(self, report, languages):
        self.report = report
        self.languages = languages
        self.cells: CellReader | None = None
        self.found: dict[str, PlainService] = {}
        self.sheets: dict[str, SheetColumns] = {}
        self.has_services = False

    def catalogue(self):
        return PlainCatalogue(
            complete=True,
            source_language=self.languages[0],
            services=list(self.found.values()),
            sheets=self.sheets,
        )

    def _open(self, title, sheet):
        """The rows below the headings as an iterator; None where a heading is missing without which no row can be read."""
        rows = sheet.rows()
        first = next(rows, None)
        headings, headed = self._headings(title, first) if first else ({}, set())
        if self._missing_headings(title, first.number if first else 1, headings):
            return None
        self.sheets[SHEETS[title] or ""] = SheetColumns(
            title, {heading.field: (heading.name, heading.letters) for heading in headings.values()}
        )
        return self._lines(title, rows, headings, headed)

    def _lines(self, title, rows, headings, headed):
        by_name = {heading.name: heading for heading in headings.values()}
        for row in rows:
            yield self._line(_Line(title, row.number, by_name), row, headings, headed)
            if self.report.error_count > MOST_ERRORS:
                raise TooManyErrors

    # Headings

    def _headings(self, title, row) -> tuple[dict[int, _Heading], set[int]]:
        """(position → heading, positions that have any). Unknown and repeated headings are refused."""
        defined = {
            heading: (column, language)
            for column in columns(title)
            for heading, language in column.names(self.languages)
        }
        found, seen, headed = {}, {}, set()
        for position, cell in enumerate(row.cells):
            text = clean_words(cell.text).lower().replace(" ", "_").replace("-", "_")
            if not text:
                continue
            headed.add(position)
            place = Place(sheet=title, row=row.number, column=text[:60], cell=cell.address)
            if text not in defined:
                message = _("“%(key)s” is not a known column here.") % {"key": text[:60]}
                message += values.nearest(text[:60], defined)
                self.report.error("unknown_column", message, field=text[:60], place=place)
            elif text in seen:
                message = _("This column stands here twice.")
                self.report.error("duplicate_column", message, field=text, place=place)
            else:
                seen[text] = position
                column, language = defined[text]
                name = _field(column, language)
                found[position] = _Heading(column, language, text, column_letters(cell.column), name)
        return found, headed

    def _missing_headings(self, title, number, headings) -> list[str]:
        """The headings that are missing without which no row can be read; each is refused."""
        required = ["service_code"] if title == "Services" else ["service_code", "key"]
        present = {heading.name for heading in headings.values()}
        missing = [name for name in required if name not in present]
        for name in missing:
            message = _("The column “%(name)s” is missing.") % {"name": name}
            place = Place(sheet=title, row=number, column=name)
            self.report.error("missing_column", message, field=name, place=place)
        return missing

    # Cells

    def _line(self, line, row, headings, headed) -> _Line:
        cells = row.cells
        for position, heading in headings.items():
            cell = cells[position] if position < len(cells) else None
            try:
                line.values[heading.name] = None if cell is None else values.plain(cell)
            except InvalidValue as problem:
                line.values[heading.name] = None
                self._refuse(line, heading, problem)
        for position, cell in enumerate(cells):
            if position not in headed and not cell.is_empty and cell.text.strip():
                self._refuse_unheaded(line.sheet, cell)
        return line

    def _refuse_unheaded(self, title, cell: Cell):
        place = Place(sheet=title, row=cell.row, cell=cell.address)
        message = _("This cell stands below no heading.")
        self.report.error("no_heading", message, value=cell.text, place=place)

    def _refuse(self, line, heading, problem, item=""):
        line.refused.add(heading.name)
        place = Place(
            sheet=line.sheet, row=line.number, column=heading.name, cell=f"{heading.letters}{line.number}"
        )
        shown = problem.value if problem.value not in ("", None) else line.values.get(heading.name)
        self.report.error(problem.code, str(problem), item=item, field=heading.name, value=shown, place=place)

    def _take(self, line, name, item=""):
        """(the value that a cell means, True); (None, False) after a refusal, also an earlier one."""
        if name in line.refused:
            return None, False
        heading = line.headings[name]
        try:
            return self.cells.read(heading.column, line.values[name]), True
        except InvalidValue as problem:
            self._refuse(line, heading, problem, item)
            return None, False

    # The sheet Services

    def services(self, sheet):
        for line in self._open("Services", sheet) or ():
            self.has_services = True
            if len(self.found) >= MOST_SERVICES:
                message = _("There are more services than can be read; the limit is %(most)s.")
                place = {"sheet": "Services", "row": line.number}
                raise UnreadableFile(message % {"most": MOST_SERVICES}, "too_many_rows", **place)
            self._service(line)

    def _service(self, line):
        """Read one service. If its code cannot be used, its cells are read all the same, to report their errors."""
        code, ok = self._take(line, "service_code")
        service = PlainService(code=code or "", position=line.number)
        if ok and not code:
            problem = InvalidValue(_("The service code is missing."), "missing")
            self._refuse(line, line.headings["service_code"], problem)
        elif code in self.found:
            message = _("The code %(code)s is already used in row %(row)s.")
            message %= {"code": code, "row": self.found[code].position}
            problem = InvalidValue(message, "duplicate_code", code)
            self._refuse(line, line.headings["service_code"], problem, code)
        elif code:
            self.found[code] = service
        reasons = {}
        for name, heading in line.headings.items():
            if name == "service_code":
                continue
            value, ok = self._take(line, name, service.code)
            if not ok:
                service.refused.add(heading.field)
            elif heading.column.words:
                service.words.setdefault(heading.column.field, {})[heading.language] = value
            elif name.startswith(REASON):
                reasons[heading.column.field] = value
            elif heading.column.field == "unit":
                service.unit_name = value
            elif heading.column.field in ("ministry", "slug", "version"):
                setattr(service, heading.column.field, value)
            else:
                service.facts[heading.column.field] = _or_default(ServicePage, heading.column, value)
        if reasons:
            service.facts["not_applicable"] = reasons

    # The sheets of rows

    def rows(self, title, sheet):
        relation = SHEETS[title]
        lines = self._open(title, sheet)
        if lines is None:
            return
        # A sheet is complete for all services of the file: a service without rows in it has none.
        for service in self.found.values():
            service.rows[relation] = []
        taken = defaultdict(set)
        for line in lines:
            service = self._owner(line)
            row = self._row(relation, line, service, taken[service.code])
            if row is not None and service.code:
                service.rows[relation].append(row)
                if len(service.rows[relation]) > MOST_ROWS_OF_A_SERVICE:
                    message = _("One service has more rows than can be read; the limit is %(most)s.")
                    message %= {"most": MOST_ROWS_OF_A_SERVICE}
                    raise UnreadableFile(message, "too_many_rows", sheet=title, row=line.number)
        for service in self.found.values():
            for row in service.rows[relation]:
                if row.is_new:
                    row.key = _free_key(ROWS[relation], row, taken[service.code])
                    taken[service.code].add(row.key)

    def _owner(self, line) -> PlainService:
        """The service of a row; one that is thrown away where the row names none, so that its cells are still read."""
        code, ok = self._take(line, "service_code")
        if ok and code in self.found:
            return self.found[code]
        if ok:
            problem = InvalidValue(_("The service code is missing."), "missing")
            if code:
                message = _("The sheet Services has no row with the code “%(code)s”.") % {"code": code}
                problem = InvalidValue(message + values.nearest(code, self.found), "unknown_service", code)
            # Where the sheet Services could not be read, that is the error.
            if self.has_services or not code:
                self._refuse(line, line.headings["service_code"], problem, code)
        return PlainService(code="")

    def _row(self, relation, line, service, taken) -> PlainRow | None:
        """One row; None where its key is there already."""
        key, ok = self._take(line, "key", service.code)
        is_twice = bool(key) and key in taken
        if is_twice:
            problem = InvalidValue(_("The row “%(key)s” is given twice.") % {"key": key}, "duplicate", key)
            self._refuse(line, line.headings["key"], problem, service.code)
        if key:
            taken.add(key)
        row = PlainRow(key or "", is_new=not key, position=line.number)
        self.cells.currency = self._currency(line)
        for name, heading in line.headings.items():
            if name in ("service_code", "key"):
                continue
            column = heading.column
            value, ok = self._take(line, name, service.code)
            if not ok:
                row.refused.add(heading.field)
            elif heading.language:
                row.words.setdefault(column.field, {})[heading.language] = value
            elif row.is_new and line.values[name] is None and self._is_of_template(relation, column):
                row.facts[column.field] = FROM_TEMPLATE
            else:
                row.facts[column.field] = _or_default(ROWS[relation], column, value)
        _complete(relation, row)
        return None if is_twice else row

    def _is_of_template(self, relation, column):
        return relation == "steps" and column.field in OF_TEMPLATE

    def _currency(self, line):
        value = line.values.get("currency")
        return self.cells.vocabularies.find("currency", str(value)) or "IQD" if value else "IQD"


def _field(column, language) -> str:
    """The name of a column's field as issues and changes use it: visits, title.ar, not_applicable.fees."""
    if column.name.startswith(REASON):
        return f"not_applicable.{column.field}"
    field_name = column.field or column.name
    return f"{field_name}.{language}" if language else field_name


def _or_default(model, column, value):
    if value is None and column.kind in BLANK_DEFAULT:
        return model._meta.get_field(column.field).get_default()
    return value


def _complete(relation, row):
    """What an editor in a hurry leaves out and means."""
    facts = row.facts
    is_counted = facts.get("originals") or facts.get("copies") or {"originals", "copies"} & row.refused
    if relation == "documents" and row.is_new and not is_counted:
        facts["originals"] = 1
    has_condition = any(row.words.get("condition", {}).values()) or facts.get("case_tag")
    if has_condition and "conditional" in ROWS[relation].fact_fields:
        facts["conditional"] = True


def _free_key(model, row, taken):
    """A key for a row without one: the code of what it is, else the letter of its kind and a number."""
    wanted = row.facts.get("document_type") or row.facts.get("template")
    if not wanted and model is ROWS["channels"]:
        wanted = row.facts.get("kind")
    number = 1
    key = wanted or f"{model.key_letter}1"
    while key in taken:
        number += 1
        key = f"{wanted}-{number}" if wanted else f"{model.key_letter}{number}"
    return key

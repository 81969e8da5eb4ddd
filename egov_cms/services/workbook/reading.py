"""An XLSX workbook to plain services, every problem with its sheet, row, column and value."""

from __future__ import annotations

import warnings
from collections import defaultdict
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from egov_cms.services.importing import values
from egov_cms.services.importing.plain import USUAL, PlainCatalogue, PlainRow, PlainService
from egov_cms.services.importing.report import Place, Report
from egov_cms.services.importing.values import Refused
from egov_cms.services.models.service import ROWS, ServicePage
from egov_cms.services.workbook.cells import Cell, Reading, clean_words, plain
from egov_cms.services.workbook.columns import HELP, LISTS, REASON, SHEETS, columns
from egov_cms.services.workbook.lists import Lists
from egov_cms.services.workbook.package import Unreadable, check_package

MOST_ROWS = 50_000
MOST_COLUMNS = 150
# What a step does not say, it takes from its usual wording.
FROM_WORDING = ("actor", "channel", "is_visit", "needs_signature", "minutes")
# Facts of one row that only make sense together, checked by the row's own model afterwards.
BLANK_DEFAULT = ("choice", "number_choice")


def read(
    data: bytes, file_name: str, report: Report, languages, lists: Lists | None = None
) -> PlainCatalogue:
    """The catalogue in `data`. What is wrong goes to `report`; `report.places` says where each value stands."""
    catalogue = PlainCatalogue(complete=True, source_language=languages[0])
    try:
        check_package(data)
        sheets = _open(data)
        if "Services" not in sheets:
            raise Unreadable(_("The workbook has no sheet “Services”."), "no_sheet")
        tables = {name: sheets[name] for name in SHEETS if name in sheets}
    except Unreadable as problem:
        report.refuse("", "", problem, problem.code)
        return catalogue
    for name in sheets.keys() - {*SHEETS, LISTS, HELP}:
        report.warn(
            "", "", _("This sheet is not known and was not read."), "unknown_sheet", place=Place(name)
        )
    reader = _Reader(report, languages, lists or Lists(languages))
    reader.services(tables["Services"])
    for name, table in tables.items():
        if name != "Services":
            reader.rows(name, table)
    catalogue.services = list(reader.found.values())
    if not catalogue.services and report.ok:
        report.refuse("", "", _("The file holds no services."), "empty", place=Place("Services"))
    return catalogue


def _open(data) -> dict[str, list[tuple[int, list[Cell]]]]:
    """Sheet → its rows that hold anything, with their numbers."""
    try:
        with warnings.catch_warnings():
            # Features of spreadsheets that openpyxl does not keep: nothing here needs them.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(BytesIO(data), read_only=True)
            known = {name.lower(): name for name in (*SHEETS, LISTS, HELP)}
            found = {}
            for sheet in book.worksheets:
                name = known.get(sheet.title.strip().lower(), sheet.title)
                found[name] = _rows(sheet, name) if name in SHEETS else []
            book.close()
    except Unreadable:
        raise
    except Exception as error:
        # Whatever a damaged or hostile file makes the library raise: the file cannot be read.
        raise Unreadable(_("This is not an XLSX workbook."), "not_a_workbook") from error
    return found


def _rows(sheet, name):
    found = []
    rows = sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS + 1)
    for number, cells in enumerate(rows, 1):
        held = [Cell(cell.value, cell.data_type == "f") if cell.value is not None else None for cell in cells]
        while held and (held[-1] is None or held[-1].value == ""):
            held.pop()
        if not held:
            continue
        if number > MOST_ROWS + 1 or len(held) > MOST_COLUMNS:
            message = _(
                "The sheet %(sheet)s has more rows or columns than can be read: %(rows)s rows, %(columns)s columns."
            )
            message %= {"sheet": name, "rows": MOST_ROWS, "columns": MOST_COLUMNS}
            raise Unreadable(message, "too_many")
        found.append((number, held))
    return found


@dataclass
class _Heading:
    """One column of the sheet as it was found."""

    column: Any
    language: str
    name: str
    letter: str


class _Reader:
    def __init__(self, report, languages, lists):
        self.report = report
        self.languages = languages
        self.lists = lists
        self.reading = Reading(lists)
        self.found: dict[str, PlainService] = {}
        self.first_row: dict[str, int] = {}
        # Columns that have a heading, be it a wrong one: (sheet, position).
        self.headed: set[tuple[str, int]] = set()

    # Headings

    def _headings(self, sheet, table) -> dict[int, _Heading]:
        """Position → column. Unknown, repeated and missing headings are refused."""
        known = {
            heading: (column, code)
            for column in columns(sheet)
            for heading, code in column.names(self.languages)
        }
        found, seen = {}, {}
        number, cells = table[0] if table else (1, [])
        for position, cell in enumerate(cells):
            if cell is None:
                continue
            self.headed.add((sheet, position))
            letter = get_column_letter(position + 1)
            text = clean_words(str(cell.value)).lower().replace(" ", "_").replace("-", "_")
            place = Place(sheet, number, text[:60], f"{letter}{number}")
            if text not in known:
                message = _("“%(key)s” is not a known column here.") % {"key": text}
                self.report.refuse(
                    "", text, message + values.nearest(text, known), "unknown_column", place=place
                )
            elif text in seen:
                self.report.refuse(
                    "", text, _("This column stands here twice."), "duplicate_column", place=place
                )
            else:
                seen[text] = position
                found[position] = _Heading(*known[text], text, letter)
        needed = ["service_code"] if sheet == "Services" else ["service_code", "key"]
        for name in needed:
            if name not in seen:
                message = _("The column “%(name)s” is missing.") % {"name": name}
                self.report.refuse("", name, message, "missing_column", place=Place(sheet, number, name))
        return found if all(name in seen for name in needed) else {}

    def _values(self, sheet, number, cells, headings):
        """Heading name → (heading, value of the cell without guard), None for cells that were refused."""
        found = {}
        for position, heading in headings.items():
            cell = cells[position] if position < len(cells) else None
            try:
                found[heading.name] = heading, None if cell is None else plain(cell)
            except Refused as problem:
                self._refuse(sheet, number, heading, problem)
                found[heading.name] = heading, None
        for position, cell in enumerate(cells):
            if (sheet, position) not in self.headed and cell is not None and str(cell.value).strip():
                place = Place(sheet, number, "", f"{get_column_letter(position + 1)}{number}")
                message = _("This cell stands below no heading.")
                self.report.refuse("", "", message, "no_heading", cell.shown, place=place)
        return found

    def _refuse(self, sheet, number, heading, problem, item=""):
        place = Place(sheet, number, heading.name, f"{heading.letter}{number}")
        self.report.refuse(
            item, heading.name, problem, problem.code, getattr(problem, "value", ""), place=place
        )

    def _take(self, sheet, number, heading, value, item=""):
        """(the read value, True), or (None, False) after a refusal."""
        try:
            return self.reading.read(heading.column, value), True
        except Refused as problem:
            if problem.value in ("", None):
                problem.value = "" if value is None else value
            self._refuse(sheet, number, heading, problem, item)
            return None, False

    # The sheet Services

    def services(self, table):
        headings = self._headings("Services", table)
        if not headings:
            return
        for number, cells in table[1:]:
            self._service(number, self._values("Services", number, cells, headings))

    def _service(self, number, cells):
        heading, value = cells["service_code"]
        code, _ok = self._take("Services", number, heading, value)
        if not code:
            if value is None:
                problem = Refused(_("The service code is missing."), "missing")
                self._refuse("Services", number, heading, problem)
            return
        if code in self.found:
            message = _("The code %(code)s is already used in row %(row)s.")
            message %= {"code": code, "row": self.first_row[code]}
            self._refuse("Services", number, heading, Refused(message, "duplicate_code", code), code)
            return
        service = self.found[code] = PlainService(code=code)
        self.first_row[code] = number
        self._place(code, "", "Services", number)
        self._place(code, "service_code", "Services", number, heading)
        self._place(code, "id", "Services", number, heading)
        reasons = {}
        for name, (heading, value) in cells.items():
            if name == "service_code":
                continue
            column = heading.column
            read, ok = self._take("Services", number, heading, value, code)
            field = f"{column.field}.{heading.language}" if heading.language else column.field
            self._place(code, field, "Services", number, heading)
            if not ok:
                continue
            if column.words:
                service.words.setdefault(column.field, {})[heading.language] = read
            elif name.startswith(REASON):
                self._place(code, f"not_applicable.{column.field}", "Services", number, heading)
                reasons[column.field] = read
            elif column.field == "unit":
                service.unit_name = read
            elif column.field in ("ministry", "slug", "version"):
                setattr(service, column.field, read)
            else:
                service.facts[column.field] = self._or_default(ServicePage, column, read)
        if reasons:
            service.facts["not_applicable"] = reasons

    def _or_default(self, model, column, read):
        if read is None and column.kind in BLANK_DEFAULT:
            return model._meta.get_field(column.field).get_default()
        return read

    def _place(self, item, field, sheet, number, heading=None):
        if heading is None:
            place = Place(sheet, number)
        else:
            place = Place(sheet, number, heading.name, f"{heading.letter}{number}")
        self.report.places[item, field] = place

    # The sheets of rows

    def rows(self, sheet, table):
        relation = SHEETS[sheet]
        headings = self._headings(sheet, table)
        if not headings:
            return
        # A sheet that is there says everything about the services of the file: no rows are no rows.
        taken = defaultdict(set)
        waiting = []
        for service in self.found.values():
            service.rows[relation] = []
        for number, cells in table[1:]:
            found = self._values(sheet, number, cells, headings)
            service = self._owner(sheet, number, found["service_code"])
            if service is None:
                continue
            row = self._row(sheet, relation, number, found, service, taken[service.code])
            if row is not None:
                service.rows[relation].append(row)
                waiting.append((service, row, number, found))
        for service, row, number, found in waiting:
            if row.new:
                row.key = _free_key(ROWS[relation], row, taken[service.code])
                taken[service.code].add(row.key)
            self._place_row(sheet, relation, service, row, number, found)

    def _owner(self, sheet, number, cell):
        heading, value = cell
        code, ok = self._take(sheet, number, heading, value)
        if not ok:
            return None
        if code in self.found:
            return self.found[code]
        if not code:
            problem = Refused(_("The service code is missing."), "missing")
        else:
            message = _("The sheet Services has no row with the code “%(code)s”.") % {"code": code}
            problem = Refused(message + values.nearest(code, self.found), "unknown_service", code)
        self._refuse(sheet, number, heading, problem, code)
        return None

    def _row(self, sheet, relation, number, found, service, taken):
        heading, value = found["key"]
        key, ok = self._take(sheet, number, heading, value, service.code)
        if not ok:
            return None
        if key and key in taken:
            problem = Refused(_("The row “%(key)s” is given twice.") % {"key": key}, "duplicate", key)
            self._refuse(sheet, number, heading, problem, service.code)
            return None
        taken.add(key)
        row = PlainRow(key, new=not key)
        self.reading.currency = self._currency(found)
        for name, (heading, value) in found.items():
            column = heading.column
            if name in ("service_code", "key"):
                continue
            read, ok = self._take(sheet, number, heading, value, service.code)
            if not ok:
                continue
            if heading.language:
                row.words.setdefault(column.field, {})[heading.language] = read
            elif row.new and value is None and relation == "steps" and column.field in FROM_WORDING:
                row.facts[column.field] = USUAL
            else:
                row.facts[column.field] = self._or_default(ROWS[relation], column, read)
        self._complete(relation, row)
        return row

    def _currency(self, found):
        _heading, value = found.get("currency", (None, None))
        return self.lists.find("currency", str(value)) or "IQD" if value else "IQD"

    def _complete(self, relation, row):
        """What a hurried writer leaves out and means."""
        facts = row.facts
        if relation == "documents" and row.new and not facts.get("originals") and not facts.get("copies"):
            facts["originals"] = 1
        has_condition = any(row.words.get("condition", {}).values()) or facts.get("case_tag")
        if has_condition and "conditional" in ROWS[relation].fact_fields:
            facts["conditional"] = True

    def _place_row(self, sheet, relation, service, row, number, found):
        base = f"{relation}.{row.key}"
        self._place(service.code, base, sheet, number)
        for heading, _value in found.values():
            field = heading.column.field or heading.name
            language = f".{heading.language}" if heading.language else ""
            self._place(service.code, f"{base}.{field}{language}", sheet, number, heading)


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

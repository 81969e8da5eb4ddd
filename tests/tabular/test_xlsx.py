"""XLSX as Excel, LibreOffice, Google Sheets and libraries write it."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_cms.tabular import Kind, Limits, UnreadableFile, open_tables, values

from .packages import (
    CLOCK,
    DAY,
    HOURS,
    MAIN,
    MOMENT,
    PERCENT,
    STRICT,
    STRICT_RELATIONS,
    TENTHS,
    WORDS,
    ZEROS,
    package,
    parts_of,
    workbook,
)

TEXTS = (
    "<si><t>plain</t></si><si><r><rPr><b/></rPr><t>rich </t></r><r><t>text</t></r></si>"
    '<si><t>漢字</t><rPh sb="0" eb="2"><t>かんじ</t></rPh></si>'
    '<si><t xml:space="preserve"> a_x000D_\nb &amp; c </t></si><si><t/></si>'
)


def rows_of(data, sheet=0, **options):
    with open_tables(data, **options) as tables:
        return list(tables.sheets[sheet].rows())


def values_of(data, sheet=0):
    return [[cell.value for cell in row.cells] for row in rows_of(data, sheet)]


def cells_of(xml, **options):
    """The cells of a workbook with one row."""
    (row,) = rows_of(workbook(f'<row r="1">{xml}</row>', **options))
    return row.cells


def code_of(data, **options):
    with pytest.raises(UnreadableFile) as refused:
        rows_of(data, **options)
    assert str(refused.value)
    return refused.value.code


def test_shared_texts_with_runs_readings_and_escapes():
    xml = "".join(f'<c t="s"><v>{number}</v></c>' for number in range(5))
    assert [cell.value for cell in cells_of(xml, texts=TEXTS)] == [
        "plain",
        "rich text",
        "漢字",
        " a\r\nb & c ",
    ]


def test_texts_in_the_cell_itself():
    xml = (
        '<c t="inlineStr"><is><t>a &lt; b</t></is></c><c t="inlineStr"><is><r><t>x</t></r><r><t> y</t></r></is></c>'
        '<c t="str"><v>formula text</v></c>'
    )
    assert [cell.value for cell in cells_of(xml)] == ["a < b", "x y", "formula text"]


def test_cells_and_rows_without_references_follow_each_other():
    data = workbook('<row><c><v>1</v></c><c/><c><v>3</v></c></row><row/><row><c r="C3"><v>4</v></c></row>')
    assert values_of(data) == [[1, None, 3], [None, None, 4]]
    assert [row.number for row in rows_of(data)] == [1, 3]


def test_a_cell_knows_where_it_stands():
    data = workbook('<row r="7"><c r="B7"><v>1</v></c><c r="AA7"><v>2</v></c></row>')
    (row,) = rows_of(data)
    assert (row.number, len(row.cells)) == (7, 27)
    assert [cell.address for cell in row.cells if not cell.is_empty] == ["B7", "AA7"]
    assert row.cells[0].address == "A7" and row.cells[0].is_empty


@pytest.mark.parametrize("claim", ["A1", "A1:B2", "A1:XFD1048576", "nonsense"])
def test_what_a_sheet_claims_of_its_size_is_not_believed(claim):
    sheet = f'<?xml version="1.0"?><worksheet xmlns="{MAIN}"><dimension ref="{claim}"/><sheetData>'
    sheet += "".join(
        f'<row r="{n}" spans="1:1"><c r="A{n}"><v>{n}</v></c><c r="D{n}"><v>{n}</v></c></row>'
        for n in range(1, 9)
    )
    data = workbook(sheet + "</sheetData></worksheet>")
    assert len(values_of(data)) == 8 and values_of(data)[7] == [8, None, None, 8]


def test_strict_workbooks_and_their_dates():
    data = workbook(
        '<row r="1"><c r="A1" t="d"><v>2026-01-31</v></c><c r="B1" t="d"><v>2026-01-31T08:30:00</v></c>'
        '<c r="C1" t="d"><v>08:30:00</v></c><c r="D1" t="s"><v>0</v></c></row>',
        texts=TEXTS,
        main=STRICT,
        relations=STRICT_RELATIONS,
    )
    assert values_of(data) == [
        [dt.date(2026, 1, 31), dt.datetime(2026, 1, 31, 8, 30), dt.time(8, 30), "plain"]
    ]


def test_elements_with_a_prefix():
    sheet = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1" t="s"><x:v>1</x:v></x:c></x:row>'
        '<x:row r="2"><x:c r="A2"><x:f>1+1</x:f><x:v>2</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    rows = rows_of(workbook(sheet, texts=TEXTS))
    assert [(row.cells[0].value, row.cells[0].formula) for row in rows] == [("rich text", None), (2, "=1+1")]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "iso-8859-1"])
def test_parts_in_other_encodings(encoding):
    name = {"utf-8-sig": "utf-8"}.get(encoding, encoding)
    sheet = (
        f'<?xml version="1.0" encoding="{name}"?><worksheet xmlns="{MAIN}"><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>é</t></is></c></row></sheetData></worksheet>'
    )
    parts = parts_of(workbook(""))
    parts["xl/worksheets/sheet1.xml"] = sheet.encode(encoding)
    assert values_of(package(parts)) == [["é"]]


def test_comments_and_cdata_hide_no_rows_and_make_none():
    sheet = (
        f'<?xml version="1.0"?><worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
        '<!-- <row r="2"><c r="A2"><v>2</v></c></row> --><row r="3"><c r="A3" t="str"><v><![CDATA[</row>]]></v></c></row>'
        "</sheetData></worksheet>"
    )
    assert values_of(workbook(sheet)) == [[1], ["</row>"]]


# Numbers


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ("0.30000000000000004", Decimal("0.3")),
        ("68.66499999999999", Decimal("68.665")),
        ("274.65999999999997", Decimal("274.66")),
        ("33.300999999999995", Decimal("33.301")),
        ("0.1", Decimal("0.1")),
        ("25000", 25000),
        ("25000.0", 25000),
        ("-12.50", Decimal("-12.5")),
        ("1E3", 1000),
        ("4.0000000000000001E-2", Decimal("0.04")),
        ("1.23E-5", Decimal("0.0000123")),
        ("123456789012345678", 123456789012345678),
        ("198910343729000.12", Decimal("198910343729000.12")),
        ("1.9891034372900012E+17", 198910343729000000),
        ("0.33333333333333331", Decimal("0.333333333333333")),
        ("-0", 0),
    ],
)
def test_numbers_are_what_the_spreadsheet_shows(stored, read):
    (cell,) = cells_of(f'<c r="A1"><v>{stored}</v></c>')
    assert (cell.value, type(cell.value), cell.kind) == (read, type(read), Kind.NUMBER)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**10), max_value=10**10))
def test_numbers_of_up_to_fifteen_digits_are_exact(number):
    for text in (str(number), repr(float(number))):
        (cell,) = cells_of(f'<c r="A1"><v>{text}</v></c>')
        assert cell.value == number and not isinstance(cell.value, float)


@pytest.mark.parametrize("stored", ["12a", "1_000", "nan", "Infinity", "0x10", "--1", "1e9999999"])
def test_what_is_no_number_is_damage_and_no_traceback(stored):
    assert code_of(workbook(f'<row r="1"><c r="A1"><v>{stored}</v></c></row>')) == "damaged"


# Formats


@pytest.mark.parametrize("style", [PERCENT, TENTHS])
def test_percentages(style):
    (cell,) = cells_of(f'<c r="A1" s="{style}"><v>0.04</v></c>')
    assert cell.is_percentage and cell.percentage == 4 and cell.text == "4%"
    assert values.percent(cell) == "4.00"
    (cell,) = cells_of(f'<c r="A1" s="{style}"><v>3.5000000000000003E-2</v></c>')
    assert values.percent(cell) == "3.50"
    (cell,) = cells_of(f'<c r="A1" s="{WORDS}"><v>0.04</v></c>')
    assert not cell.is_percentage and cell.kind is Kind.NUMBER


def test_numbers_that_their_format_fills_up_with_zeros():
    (cell,) = cells_of(f'<c r="A1" s="{ZEROS}"><v>712</v></c>')
    assert (cell.value, cell.text, values.text(cell), values.whole(cell)) == (712, "00712", "00712", 712)


@pytest.mark.parametrize(
    ("style", "stored", "read"),
    [
        (DAY, "46053", dt.date(2026, 1, 31)),
        (DAY, "1", dt.date(1900, 1, 1)),
        (DAY, "59", dt.date(1900, 2, 28)),
        (DAY, "61", dt.date(1900, 3, 1)),
        (DAY, "46053.354166666664", dt.datetime(2026, 1, 31, 8, 30)),
        (MOMENT, "46053.3541666667", dt.datetime(2026, 1, 31, 8, 30)),
        (MOMENT, "46053", dt.datetime(2026, 1, 31)),
        (CLOCK, "0.354166666666667", dt.time(8, 30)),
        (CLOCK, "0", dt.time(0)),
        (CLOCK, "0.99999999999", dt.time(23, 59, 59, 999000)),
        (HOURS, "1.25", dt.timedelta(hours=30)),
        # Excel invents this day; nothing before 1900 and nothing after 9999 is a date.
        (DAY, "60", 60),
        (DAY, "-1", -1),
        (DAY, "2958466", 2958466),
        (DAY, "0", 0),
    ],
)
def test_dates_and_times_as_their_format_shows_them(style, stored, read):
    (cell,) = cells_of(f'<c r="A1" s="{style}"><v>{stored}</v></c>')
    assert (cell.value, type(cell.value)) == (read, type(read))


@pytest.mark.parametrize("flag", ["1", "true"])
def test_a_workbook_that_counts_from_1904(flag):
    data = workbook(
        f'<row r="1"><c r="A1" s="{DAY}"><v>44591</v></c><c r="B1" s="{DAY}"><v>0</v></c></row>',
        workbook_properties=f'<workbookPr date1904="{flag}"/>',
    )
    with open_tables(data) as tables:
        (row,) = tables.sheets[0].rows()
        assert tables.calendar == 1904
        assert [cell.value for cell in row.cells] == [dt.date(2026, 1, 31), dt.date(1904, 1, 1)]
        assert values.date(44591, calendar=tables.calendar) == dt.date(2026, 1, 31)


@pytest.mark.parametrize(
    "styles",
    [
        "<styleSheet/>",
        f'<styleSheet xmlns="{MAIN}"><fonts><font><color rgb="ZZ"/></font></fonts>'
        '<cellXfs><xf numFmtId="x"/></cellXfs></styleSheet>',
        f'<styleSheet xmlns="{MAIN}"><cellXfs><xf/></cellXfs>'
        '<dxfs><dxf><fill><bgColor theme="-5" tint="9"/></fill></dxf></dxfs></styleSheet>',
    ],
)
def test_strange_styles_do_not_matter(styles):
    xml = '<c r="A1" s="99"><v>5</v></c><c r="B1" s="x"><v>6</v></c>'
    assert [cell.value for cell in cells_of(xml, styles=styles)] == [5, 6]


def test_formats_of_conditional_formats_are_not_those_of_cells():
    styles = (
        f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="14"/></cellXfs>'
        '<dxfs><dxf><numFmt numFmtId="14" formatCode="0.00%"/></dxf></dxfs></styleSheet>'
    )
    (cell,) = cells_of('<c r="A1" s="0"><v>46053</v></c>', styles=styles)
    assert cell.value == dt.date(2026, 1, 31)


def test_a_workbook_without_styles_and_shared_texts():
    parts = parts_of(workbook('<row r="1"><c r="A1" s="3"><v>5</v></c></row>'))
    del parts["xl/styles.xml"], parts["xl/sharedStrings.xml"]
    assert values_of(package(parts)) == [[5]]


# Errors, formulas, yes and no


@pytest.mark.parametrize(
    "error", ["#N/A", "#REF!", "#DIV/0!", "#NAME?", "#VALUE!", "#NUM!", "#NULL!", "#SPILL!"]
)
def test_errors_are_kept_and_refused(error):
    cells = cells_of(f'<c r="A1" t="e"><v>{error}</v></c><c r="B1" t="e"><f>1/0</f><v>{error}</v></c>')
    assert [(cell.kind, cell.error) for cell in cells] == [(Kind.ERROR, error)] * 2
    for cell in cells:
        for read in (values.plain, values.text, values.whole, values.percent, values.date, values.yes_no):
            with pytest.raises(values.InvalidValue) as refused:
                read(cell, cached=True) if read is not values.plain else read(cell)
            assert refused.value.code == "error_cell" and error in str(refused.value)


def test_formulas_are_kept_with_their_stored_results():
    total, words, part, waiting = cells_of(
        '<c r="A1"><f>SUM(B1:B9)</f><v>42</v></c><c r="B1" t="str"><f>"a"&amp;"b"</f><v>ab</v></c>'
        '<c r="C1"><f t="shared" ref="C1:C2" si="0">A1*2</f><v>84</v></c><c r="D1"><f>NOW()</f></c>'
    )
    assert (total.formula, total.value, words.formula, words.value) == ("=SUM(B1:B9)", 42, '="a"&"b"', "ab")
    assert part.formula == "=A1*2" and values.whole(part, cached=True) == 84
    assert waiting.is_uncalculated and not waiting.is_empty
    for cell, code in ((total, "formula"), (waiting, "formula")):
        with pytest.raises(values.InvalidValue) as refused:
            values.plain(cell)
        assert refused.value.code == code
    with pytest.raises(values.InvalidValue) as refused:
        values.whole(waiting, cached=True)
    assert refused.value.code == "not_calculated"


def test_cells_that_share_a_formula_are_all_formulas():
    data = workbook(
        '<row r="1"><c r="A1"><f t="shared" ref="A1:A2" si="0">B1*2</f><v>2</v></c></row>'
        '<row r="2"><c r="A2"><f t="shared" si="0"/><v>4</v></c></row>'
    )
    assert [row.cells[0].formula for row in rows_of(data)] == ["=B1*2", "=B1*2"]


def test_yes_and_no():
    assert [cell.value for cell in cells_of('<c t="b"><v>1</v></c><c t="b"><v>0</v></c>')] == [True, False]


# Sheets


def test_sheets_come_in_order_with_their_visibility():
    data = workbook("", "", "", states=("visible", "hidden", "veryHidden"))
    with open_tables(data) as tables:
        assert [(sheet.title, sheet.visibility) for sheet in tables] == [
            ("Sheet 1", "visible"),
            ("Sheet 2", "hidden"),
            ("Sheet 3", "very hidden"),
        ]
        assert tables.sheet(" sheet 2 ").index == 1 and tables.sheet("other") is None


def test_hidden_and_merged_parts_are_told():
    sheet = (
        f'<?xml version="1.0"?><worksheet xmlns="{MAIN}"><cols><col min="2" max="3" hidden="1"/></cols><sheetData>'
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="2" hidden="1"><c r="A2"><v>2</v></c></row></sheetData>'
        '<mergeCells><mergeCell ref="A1:B3"/></mergeCells></worksheet>'
    )
    with open_tables(workbook(sheet)) as tables:
        layout = tables.sheets[0].layout
        assert [row.hidden for row in tables.sheets[0].rows()] == [False, True]
    assert (layout.hidden_rows, layout.hidden_columns) == ({2}, {2, 3})
    assert [str(each) for each in layout.merged] == ["A1:B3"]


@pytest.mark.parametrize("reference", ["A:A", "1:1", "nonsense", ""])
def test_strange_merged_blocks_do_not_matter(reference):
    sheet = (
        f'<?xml version="1.0"?><worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>'
        f'<mergeCells><mergeCell ref="{reference}"/></mergeCells></worksheet>'
    )
    assert values_of(workbook(sheet)) == [[1]]


def test_letters_beyond_the_first_plane_are_written_in_halves():
    xml = "".join(f'<c t="s"><v>{number}</v></c>' for number in range(2))
    texts = "<si><t>_xD83D__xDE00_</t></si><si><t>_xD83D_a</t></si>"
    assert [cell.value for cell in cells_of(xml, texts=texts)] == ["😀", "\ufffda"]


def test_charts_are_no_sheets_of_cells():
    parts = parts_of(workbook('<row r="1"><c r="A1"><v>1</v></c></row>', ""))
    name = "xl/_rels/workbook.xml.rels"
    parts[name] = parts[name].replace(
        b'/worksheet" Target="worksheets/sheet2', b'/chartsheet" Target="charts/2'
    )
    with open_tables(package(parts)) as tables:
        assert [sheet.title for sheet in tables] == ["Sheet 1"]


def test_sheets_are_read_again_and_in_any_order():
    data = workbook('<row r="1"><c r="A1"><v>1</v></c></row>', '<row r="1"><c r="A1"><v>2</v></c></row>')
    with open_tables(data) as tables:
        first, second = tables.sheets
        both = zip(first.rows(), second.rows(), strict=True)
        assert [[row.cells[0].value for row in pair] for pair in both] == [[1, 2]]
        assert len(list(first.rows())) == 1


# Limits


def test_limits_name_what_is_too_much():
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><v>1</v></c><c r="C{n}"><v>1</v></c></row>' for n in range(1, 6)
    )
    for limits, code in (
        (Limits(rows=4), "too_many_rows"),
        (Limits(columns=2), "too_many_columns"),
        (Limits(cells=14), "too_many_cells"),
    ):
        assert code_of(workbook(rows), limits=limits) == code
    assert len(rows_of(workbook(rows), limits=Limits(rows=5, columns=3, cells=15))) == 5


def test_cells_are_counted_over_all_sheets():
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 6))
    with open_tables(workbook(rows, rows), limits=Limits(cells=9)) as tables:
        first, second = tables.sheets
        assert len(list(first.rows())) == len(list(first.rows())) == 5
        with pytest.raises(UnreadableFile):
            list(second.rows())


# The expression that takes rows of plain cells, and the parser


cells = st.builds(
    "<c{}{}{}".format,
    st.sampled_from([' r="{}"', ""]),
    st.sampled_from(["", ' s="1"', ' s="2"', ' s="5"', ' s="77"']),
    st.sampled_from(
        [
            "/>",
            " />",
            "><v>1</v></c>",
            "><v>0.5</v></c>",
            "><v></v></c>",
            "><v/></c>",
            ' t="s"><v>1</v></c>',
            ' t="n"><v>46053.25</v></c>',
            ' t="b"><v>1</v></c>',
            ' t="e"><v>#N/A</v></c>',
            ' t="str"><f>A1</f><v>x &amp; y</v></c>',
            "><f>A1+1</f><v>2</v></c>",
            "><f>A1&amp;1</f></c>",
            "><f/><v>3</v></c>",
            '><f t="shared" ref="A1:A9" si="0">B1&gt;/</f><v>3</v></c>',
            '><f t="shared" ref="A1:A9" si="1">B1*2/</f><v>3</v></c>',
            '><f si="1" t="shared"/><v>3</v></c>',
            '><f t="array" ref="A1">SUM(B1>2)</f><v>3</v></c>',
            ' t="inlineStr"><is><t>text</t></is></c>',
            ' t="inlineStr"><is><t xml:space="preserve"> text </t></is></c>',
            ' t="inlineStr"><is><r><t>rich</t></r></is></c>',
            ' t="str"><v>two\r\nlines</v></c>',
        ]
    ),
)
sheets = st.lists(
    st.tuples(
        st.sampled_from(["", "\n  "]),
        st.sampled_from([' r="{}"', "", ' spans="1:3" r="{}"', ' r="{}" hidden="1" ht="12.5"']),
        st.lists(cells, max_size=5),
    ),
    max_size=6,
)


@given(sheets)
def test_rows_are_the_same_by_the_expression_and_by_the_parser(sheet):
    xml = ""
    for number, (blank, attributes, row) in enumerate(sheet, 1):
        inner = "".join(cell.format(f"{'ABCDEF'[place]}{number}") for place, cell in enumerate(row))
        xml += f"{blank}<row{attributes.format(number)}>{inner}</row>"
    whole = f'<worksheet xmlns="{MAIN}"><sheetData>{xml}</sheetData></worksheet>'
    # After a comment every row goes through the parser.
    quick = workbook(f'<?xml version="1.0"?>{whole}', texts=TEXTS)
    parsed = workbook(f'<?xml version="1.0"?><!-- slow -->{whole}', texts=TEXTS)
    assert rows_of(quick) == rows_of(parsed)


def test_long_sheets_are_the_same_by_the_expression_and_by_the_parser():
    """Rows that run over the borders of the parts in which a file is read."""
    xml = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{"x" * (n % 977)}</t></is></c><c r="B{n}"><v>{n}</v></c></row>'
        for n in range(1, 3000)
    )
    wide = "".join(f'<c r="A{n}"><v>1</v></c>' for n in range(60_000))
    xml += f'<row r="3000">{wide}</row><row r="3001"><c r="A3001"><v>9</v></c></row>'
    whole = f'<worksheet xmlns="{MAIN}"><sheetData>{xml}</sheetData></worksheet>'
    quick = rows_of(workbook(f'<?xml version="1.0"?>{whole}'))
    assert quick == rows_of(workbook(f'<?xml version="1.0"?><!-- slow -->{whole}'))
    assert [row.number for row in quick] == list(range(1, 3002))

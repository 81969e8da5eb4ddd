"""ODS as LibreOffice and others write it."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_cms.tabular import Kind, Limits, UnreadableFile, open_tables, values

from .packages import opendocument, package, parts_of, rewritten


def table(rows, name="جدول", attributes=""):
    return f'<table:table table:name="{name}" {attributes}>{rows}</table:table>'


def row(*cells, attributes=""):
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def cell(kind="", value="", text="", attributes=""):
    names = {"date": "date-value", "time": "time-value", "boolean": "boolean-value"}
    typed = f'office:value-type="{kind}" ' if kind else ""
    if value:
        typed += f'office:{names.get(kind, "value")}="{value}" '
    return f"<table:table-cell {typed}{attributes}>{text and f'<text:p>{text}</text:p>'}</table:table-cell>"


def rows_of(*tables, sheet=0, limits=None, styles=""):
    with open_tables(opendocument("".join(tables), styles), limits=limits or Limits()) as opened:
        return list(opened.sheets[sheet].rows())


def cells_of(*cells):
    (found,) = rows_of(table(row(*cells)))
    return found.cells


def test_every_type_of_value():
    found = cells_of(
        cell("string", text="نص"),
        cell("float", "0.30000000000000004", "0.3"),
        cell("currency", "25000", "25,000 د.ع"),
        cell("percentage", "0.04", "4%"),
        cell("date", "2026-01-31", "31/01/26"),
        cell("date", "2026-01-31T08:30:00", "31/01/26 08:30"),
        cell("time", "PT08H30M00S", "08:30"),
        cell("time", "PT30H00M00.000000000S", "30:00"),
        cell("boolean", "true", "TRUE"),
    )
    assert [each.value for each in found] == [
        "نص",
        Decimal("0.3"),
        25000,
        Decimal("0.04"),
        dt.date(2026, 1, 31),
        dt.datetime(2026, 1, 31, 8, 30),
        dt.time(8, 30),
        dt.timedelta(hours=30),
        True,
    ]
    assert found[3].is_percentage and values.percent(found[3]) == "4.00"
    assert [each.kind for each in found[4:8]] == [Kind.DATE, Kind.DATE, Kind.TIME, Kind.DURATION]


def test_errors_and_formulas():
    wrong, other, total = cells_of(
        cell("string", text="#REF!", attributes='calcext:value-type="error" table:formula="of:=[.A1]/0"'),
        cell("float", "0", "#DIV/0!", 'calcext:value-type="error" table:formula="of:=1/0"'),
        cell("float", "42", "42", 'calcext:value-type="float" table:formula="of:=SUM([.A1:.A9])"'),
    )
    assert (wrong.error, other.error) == ("#REF!", "#DIV/0!")
    assert (total.value, total.formula) == (42, "=SUM([.A1:.A9])")
    with pytest.raises(values.InvalidValue, match="#REF!"):
        values.text(wrong, cached=True)


def test_words_with_lines_blanks_links_and_notes():
    note = "<office:annotation><text:p>ملاحظة</text:p></office:annotation>"
    words = (
        f'<table:table-cell office:value-type="string">{note}<text:p>a<text:s text:c="2"/>b<text:tab/>c</text:p>'
        "<text:p><text:span>second</text:span><text:line-break/><text:a>link</text:a></text:p></table:table-cell>"
    )
    assert cells_of(words)[0].value == "a  b\tc\nsecond\nlink"


def across(times):
    return f'table:number-columns-repeated="{times}"'


def down(times):
    return f'table:number-rows-repeated="{times}"'


def test_repeated_cells_and_rows_are_unfolded_where_something_stands_in_them():
    found = rows_of(
        table(
            row(cell("float", "1", attributes=across(2)), cell(attributes=across(16382)))
            + row(cell(attributes=across(16384)), attributes=down(3))
            + row(cell(), cell("string", text="x"), attributes=down(2))
            + row(cell(attributes=across(16384)), attributes=down(1048570))
        )
    )
    assert [(each.number, [c.value for c in each.cells]) for each in found] == [
        (1, [1, 1]),
        (5, [None, "x"]),
        (6, [None, "x"]),
    ]
    assert [each.cells[1].address for each in found] == ["B1", "B5", "B6"]


def test_what_repeats_without_end_meets_the_limits():
    endless = table(row(cell("float", "1"), attributes='table:number-rows-repeated="999999999"'))
    with pytest.raises(UnreadableFile) as refused:
        rows_of(endless, limits=Limits(rows=1000))
    assert refused.value.code == "too_many_rows"
    wide = table(row(cell("float", "1", attributes='table:number-columns-repeated="999999999"')))
    with pytest.raises(UnreadableFile) as refused:
        rows_of(wide)
    assert refused.value.code == "too_many_columns"


def test_sheets_with_their_visibility_and_layout():
    properties = '<style:table-properties table:display="false"/>'
    styles = f'<style:style style:name="ta2" style:family="table">{properties}</style:style>'
    columns = '<table:table-column/><table:table-column table:visibility="collapse"/>'
    first = table(
        columns
        + row(cell("float", "1", attributes='table:number-columns-spanned="2" table:number-rows-spanned="1"'))
        + row(cell("float", "2"), attributes='table:visibility="filter"')
    )
    second = table(row(cell("float", "3")), "مخفي", 'table:style-name="ta2"')
    with open_tables(opendocument(first + second, styles)) as tables:
        assert [(sheet.title, sheet.visibility) for sheet in tables] == [
            ("جدول", "visible"),
            ("مخفي", "hidden"),
        ]
        layout = tables.sheets[0].layout
        assert ([str(each) for each in layout.merged], layout.hidden_rows, layout.hidden_columns) == (
            ["A1:B1"],
            {2},
            {2},
        )
        assert [each.cells[0].value for each in tables.sheets[1].rows()] == [3]


def test_a_package_that_does_not_say_its_type_first():
    parts = parts_of(opendocument(table(row(cell("float", "1")))))
    del parts["mimetype"]
    parts["META-INF/manifest.xml"] = '<m media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
    with open_tables(package(parts)) as tables:
        assert tables.kind == "ods" and len(list(tables.sheets[0].rows())) == 1


def test_tables_in_cells_are_no_rows():
    inner = table(row(cell("float", "9")), "inner")
    outer = f'<table:table-cell office:value-type="string"><text:p>x</text:p>{inner}</table:table-cell>'
    with open_tables(opendocument(table(row(outer)) + table(row(cell("float", "2")), "b"))) as tables:
        assert [sheet.title for sheet in tables] == ["جدول", "b"]
        assert [[c.value for r in sheet.rows() for c in r.cells] for sheet in tables] == [["x"], [2]]


GOOD = opendocument(
    table(row(cell("string", text="a"), cell("date", "2026-01-31")) + row(cell("time", "PT1H")))
)


@given(st.data())
def test_any_content_is_read_or_refused(data):
    old = parts_of(GOOD)["content.xml"]
    start = data.draw(st.integers(0, len(old)))
    end = data.draw(st.integers(start, min(len(old), start + 40)))
    inserted = data.draw(
        st.sampled_from([b"", b"<", b"<text:p>", b"</table:table-cell>", b"x", b"&a;", b'"', b"\xff", b"-9"])
    )
    try:
        with open_tables(
            rewritten(GOOD, "content.xml", lambda _old: old[:start] + inserted + old[end:])
        ) as tables:
            for sheet in tables:
                list(sheet.rows())
    except UnreadableFile as refused:
        assert refused.code


def test_declared_entities_are_refused():
    with pytest.raises(UnreadableFile) as refused:
        open_tables(rewritten(GOOD, "content.xml", lambda old: b'<!DOCTYPE a [<!ENTITY b "ha">]>' + old))
    assert refused.value.code == "entities"

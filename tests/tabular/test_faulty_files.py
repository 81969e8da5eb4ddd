"""Real spreadsheets that broke one reader or another, each with what must come out."""

from decimal import Decimal
from pathlib import Path

import pytest

from egov_cms.tabular import InvalidValue, Kind, open_tables, values

DATA = Path(__file__).parent / "data"
OFFICES = [f"دائرة تجريبية {number}" for number in range(1, 6)]


def rows(name, sheet=None):
    with open_tables(DATA / name) as tables:
        chosen = tables.sheet(sheet) if sheet else tables.sheets[0]
        return list(chosen.rows())


def records(name, sheet):
    heading, *others = rows(name, sheet)
    return [
        {head.value: cell for head, cell in zip(heading.cells, row.cells, strict=False)} for row in others
    ]


@pytest.mark.parametrize("name", ["off-stale-dimension.xlsx", "off-dimension-A1.xlsx", "off-bad-colour.xlsx"])
def test_all_offices_come_out_whatever_the_sheet_claims_of_its_size_and_colours(name):
    found = rows(name)
    assert [row.cells[0].value for row in found[1:]] == OFFICES
    assert [row.number for row in found] == [1, 2, 3, 4, 5, 6]


def test_a_strange_colour_does_not_hide_services():
    assert len(rows("svc-bad-colour.xlsx", "Services")) == 31


def test_an_error_stands_in_its_cell_and_is_refused_by_name():
    for name, sheet, error in (
        ("off-error-cell.xlsx", None, "#REF!"),
        ("error-cell-title.xlsx", "Services", "#N/A"),
    ):
        (cell,) = (cell for row in rows(name, sheet) for cell in row.cells if cell.kind is Kind.ERROR)
        assert cell.error == error
        with pytest.raises(InvalidValue, match=error) as refused:
            values.text(cell)
        assert refused.value.code == "error_cell"


def test_four_percent_is_four_and_not_a_twenty_fifth():
    cells = [
        record["percent"]
        for record in records("percent-typed-as-4pct.xlsx", "Fees")
        if "percent" in record and not record["percent"].is_empty
    ]
    (cell,) = [cell for cell in cells if cell.is_percentage]
    assert cell.value == Decimal("0.04")
    assert (cell.text, values.plain(cell), values.percent(cell)) == ("4%", "4%", "4.00")
    with pytest.raises(InvalidValue) as refused:
        values.whole(cell)
    assert refused.value.code == "percentage"


def test_text_files_of_offices():
    (_heading, tokyo), (_heading, night) = rows("off-mission-tokyo.csv"), rows("off-night.csv")
    assert tokyo.cells[6].value == "+81 3 1234 5678"
    assert night.cells[8].value == "20:00-02:00"
    assert night.cells[5].value == "33.300999999999995"

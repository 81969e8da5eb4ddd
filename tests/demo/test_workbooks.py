"""The catalogue of the demonstration as a workbook: out and in again, and as spreadsheet programs leave it."""

from pathlib import Path

import pytest

from egov_cms.services.importing import export_services, import_services
from egov_cms.services.models import ServiceOffering, ServicePage

WORKBOOKS = Path(__file__).parent / "workbooks"


def check(name):
    return import_services(WORKBOOKS / name, dry_run=True)


def test_what_is_exported_is_imported_without_a_difference(loaded, tmp_path):
    """Also rows that were made without a key: at which offices a service is given."""
    assert ServiceOffering.objects.filter(key="").exists()
    path = tmp_path / "services.xlsx"
    path.write_bytes(export_services())
    report = import_services(path)
    assert (report.errors, report.warnings, report.changes, report.run) == ([], [], [], None)
    assert len(report.unchanged) == 30


def test_rows_without_a_key_are_found_again(loaded):
    """In this workbook no office has its key, and every colour is one that no program knows."""
    report = check("svc-bad-colour.xlsx")
    assert (report.errors, report.changes) == ([], [])
    assert len(report.unchanged) == 30


def test_a_percentage_is_what_its_cell_shows(loaded):
    """A fee that was typed as 4%: the program stores 0.04 and shows 4%."""
    report = check("percent-typed-as-4pct.xlsx")
    (change,) = report.changes
    assert (change.item, change.before, change.after) == ("IQ-MOJ-001", "3.00", "4.00")
    assert (change.shown_before, change.shown_after) == ("3%", "4%")


def test_an_error_in_a_cell_is_refused_with_its_place(loaded):
    (issue,) = check("error-cell-title.xlsx").errors
    assert (issue.code, issue.value) == ("error_cell", "#N/A")
    assert (issue.place.sheet, issue.place.column, issue.place.cell) == ("Services", "title_en", "D2")
    assert not ServicePage.objects.filter(title__startswith="#").exists()


@pytest.mark.parametrize("language", ["ar", "ckb", "en"])
def test_a_workbook_in_every_language_is_read(loaded, tmp_path, language):
    path = tmp_path / "services.xlsx"
    path.write_bytes(export_services(["IQ-MOI-004"], language))
    assert import_services(path, dry_run=True).unchanged == ["IQ-MOI-004"]

"""The catalogue as a workbook: out and in again without a difference, one cell changed, wrong cells, hostile files."""

import pytest

from egov_cms.services.importing import import_services
from egov_cms.services.workbook import export_services

pytestmark = pytest.mark.django_db


@pytest.fixture
def workbook(sample, tmp_path):
    path = tmp_path / "services.xlsx"
    path.write_bytes(export_services())
    return path


def test_out_and_in_again_changes_nothing(workbook, django_assert_max_num_queries):
    with django_assert_max_num_queries(100):
        report = import_services(workbook)
    assert report.refused == []
    assert report.changes == []
    assert (len(report.created), len(report.changed), len(report.unchanged)) == (0, 0, 30)
    assert report.warnings == []

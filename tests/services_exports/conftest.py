"""The thirty sample services, imported and published in a ministry's site."""

from pathlib import Path

import pytest

from egov_cms.services import snapshots
from egov_cms.services.importing import import_services
from egov_cms.services.models import ServiceSnapshot
from egov_cms.site.seed import seed_site

SAMPLE = Path(__file__).resolve().parents[2] / "egov_cms" / "demo" / "data" / "iraq_services.yaml"
NAMES = {"ar": "وزارة التخطيط", "ckb": "وەزارەتی پلاندانان", "en": "Ministry of Planning"}


def make_catalogue():
    seed_site({"name": NAMES, "code": "MOP", "languages": ["ar", "ckb", "en"]})
    report = import_services(SAMPLE, publish=True)
    assert report.ok, report
    snapshots.refresh()
    return report


@pytest.fixture(scope="package")
def catalogue(image):
    with image("exported-services", make_catalogue) as report:
        yield report


@pytest.fixture
def documents(catalogue, db):
    return list(ServiceSnapshot.objects.values_list("document", flat=True))


@pytest.fixture(scope="session")
def shapes(reference_data):
    from rdflib import Graph

    return Graph().parse(reference_data / "shapes" / "cpsv-ap-3.2.0" / "shacl" / "cpsv-ap-SHACL.ttl")

"""The thirty sample services, imported and published once for this folder and rolled back after it."""

from pathlib import Path

import pytest
from django.db import transaction

from egov_cms.services import snapshots
from egov_cms.services.importing import import_services
from egov_cms.services.models import ServiceSnapshot
from egov_cms.site.seed import seed_site

SAMPLE = Path(__file__).resolve().parents[2] / "egov_cms" / "demo" / "data" / "iraq_services.yaml"
NAMES = {"ar": "وزارة التخطيط", "ckb": "وەزارەتی پلاندانان", "en": "Ministry of Planning"}


@pytest.fixture(scope="package")
def catalogue(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        seed_site({"name": NAMES, "code": "MOP", "languages": ["ar", "ckb", "en"]})
        report = import_services(SAMPLE, publish=True)
        assert report.ok, report
        snapshots.refresh()
        # The import's own renewal waits for a commit that never comes, and would take later ones along.
        transaction.get_connection().run_on_commit = []
        yield report
        transaction.set_rollback(True)


@pytest.fixture
def documents(catalogue, db):
    return list(ServiceSnapshot.objects.values_list("document", flat=True))


@pytest.fixture(scope="session")
def shapes(reference_data):
    from rdflib import Graph

    return Graph().parse(reference_data / "shapes" / "cpsv-ap-3.2.0" / "shacl" / "cpsv-ap-SHACL.ttl")

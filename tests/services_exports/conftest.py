"""The thirty sample services, imported and published in a ministry's site."""

import pytest

from egov_cms.services.models import ServiceSnapshot
from egov_cms.services.snapshots import store
from egov_cms.site.seed import seed_site
from tests.services import conftest as services

NAMES = {"ar": "وزارة التخطيط", "ckb": "وەزارەتی پلاندانان", "en": "Ministry of Planning"}


def make_ministry():
    drafts = []
    config = {"name": NAMES, "code": "MOP", "languages": ["ar", "ckb", "en"], "domain": "testserver"}
    seed_site(config, drafts)
    # The services are there already, so the rest of the site is added as drafts.
    for page in drafts:
        page.get_latest_revision().publish()
    store.refresh()


@pytest.fixture(scope="package")
def catalogue(database_image):
    with (
        database_image("services", services.make_catalogue) as report,
        database_image("exported-services", make_ministry),
    ):
        yield report


@pytest.fixture
def documents(catalogue, db):
    return list(ServiceSnapshot.objects.values_list("document", flat=True))


@pytest.fixture(scope="session")
def shapes(reference_data):
    from rdflib import Graph

    return Graph().parse(reference_data / "shapes" / "cpsv-ap-3.2.0" / "shacl" / "cpsv-ap-SHACL.ttl")

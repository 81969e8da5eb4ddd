"""An import that is killed at any moment leaves the database as it was, and can be done again."""

import pytest
import yaml
from django.core.management import call_command
from wagtail.models import Page

from egov_cms.services.models import ServicePage
from egov_cms.services.seeds import seed
from tests.services.conftest import sample_data
from tests.site.conftest import make_homes

from .amounts import amount
from .killing import at_write

SERVICES = 2
# The numbers of the writes before which the process dies.
WRITES = [0, 1, 5, 20, 60, 150, 400, 1000]


@pytest.fixture
def file(tmp_path):
    data = sample_data()
    data["services"] = data["services"][:SERVICES]
    file = tmp_path / "services.yaml"
    file.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return file


def state():
    pages = Page.objects.order_by("path").values_list("path", "numchild", "live", "title")
    return list(pages), ServicePage.objects.count()


def test_all_of_it_or_nothing(durable, file):
    make_homes()
    seed({}, {})
    before, kills = state(), 0
    for number in WRITES if amount(False, True) else WRITES[1::2]:

        def work(kill, number=number):
            with at_write(number, kill):
                call_command("import_services", str(file), verbosity=0)

        if not durable.killed(work):
            break
        kills += 1
        assert state() == before, f"killed at write {number}"
        assert not any(Page.find_problems())
    assert kills >= 2
    call_command("import_services", str(file), verbosity=0)
    assert ServicePage.objects.count() == 3 * SERVICES
    assert not any(Page.find_problems())

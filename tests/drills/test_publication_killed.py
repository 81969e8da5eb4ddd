"""A process that dies in the middle of a publication leaves everything as it was, or everything new."""

import io

import pytest
import yaml
from django.core.management import call_command

from egov_cms.editing.models import ChangeLogEntry, PageWords
from egov_cms.search.models import Entry
from egov_cms.services.importing import import_services
from egov_cms.services.models import ServiceBurden, ServicePage, ServiceSnapshot
from egov_cms.services.seeds import seed
from egov_cms.site import publication
from egov_cms.site.models import OutboxEntry
from tests.services.conftest import sample_data
from tests.site.conftest import make_homes

BOUNDARIES = ("written", *publication.STEPS[1:], "committed")


def source():
    return ServicePage.objects.get(locale__language_code="ar")


def publish():
    page = source()
    page.duration_max, page.title = 77, "عنوان جديد"
    page.save_revision().publish()


def withdraw():
    source().unpublish()


def delete():
    source().delete()


CHANGES = {"publish": publish, "withdraw": withdraw, "delete": delete}


@pytest.fixture
def service(durable, tmp_path):
    """One service, published in three languages."""
    make_homes()
    seed({}, {})
    data = sample_data()
    data["services"] = data["services"][:1]
    file = tmp_path / "service.yaml"
    file.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    assert import_services(file, publish=True).ok
    return durable


def state():
    """What the database says of the service, in all its copies."""
    return {
        "pages": list(
            ServicePage.objects.order_by("pk").values("pk", "live", "title", "duration_max", "live_revision")
        ),
        "snapshot": list(ServiceSnapshot.objects.values_list("document", flat=True)),
        "log": ChangeLogEntry.objects.count(),
        "search": sorted(Entry.objects.values_list("document_id", "locale", "title")),
        "words": sorted(PageWords.objects.values_list("page_id", "words", "stale_words")),
        "burdens": ServiceBurden.objects.count(),
        "outbox": OutboxEntry.objects.count(),
    }


@pytest.mark.parametrize("change", CHANGES)
def test_killed_at_any_boundary_all_is_old_or_all_is_new(service, change):
    before = state()
    for boundary in BOUNDARIES:

        def work(kill, boundary=boundary):
            publication.on_failpoint = lambda name: kill() if name == boundary else None
            CHANGES[change]()

        assert service.killed(work), boundary
        assert (state() == before) is (boundary != "committed"), boundary
        call_command("check_published", stdout=io.StringIO())

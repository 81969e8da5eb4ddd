"""A page whose module was removed from the site is 404, and a system check lists it."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core import checks
from wagtail.models import Page

from egov_cms.site.models import SectionPage
from egov_cms.site.uninstalled import check_published

from .conftest import add_page


@pytest.fixture
def page(homes):
    """A published page whose type is not installed any more."""
    page = add_page(homes["ar"], SectionPage, title="مناقصات", slug="tenders")
    gone = ContentType.objects.create(app_label="egov_gone", model="tenderpage")
    Page.objects.filter(pk=page.pk).update(content_type=gone)
    yield page
    ContentType.objects.clear_cache()


def warnings():
    found = checks.run_checks(tags=["egov"], include_deployment_checks=True)
    return [warning for warning in found if warning.id == "egov.W301"]


def test_readers_get_404(page, client):
    assert client.get("/ar/tenders/").status_code == 404


def test_a_check_lists_published_ones(page):
    (warning,) = warnings()
    assert "egov_gone.tenderpage" in warning.msg
    Page.objects.filter(pk=page.pk).update(live=False)
    assert warnings() == []


def test_pages_of_installed_types_are_shown(homes, client):
    add_page(homes["ar"], SectionPage, title="مناقصات", slug="tenders")
    assert client.get("/ar/tenders/").status_code == 200
    assert warnings() == []


@pytest.mark.django_db
def test_a_database_without_tables_is_no_error(monkeypatch):
    monkeypatch.setattr(Page._meta, "db_table", "no_such_table")
    assert check_published(None) == []

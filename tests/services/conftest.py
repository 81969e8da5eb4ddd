"""A site in three languages, and the sample services published in it."""

import uuid
from copy import deepcopy
from functools import cache
from pathlib import Path

import pytest
import yaml
from django.contrib.auth.models import User

from egov_cms.search.synonym_files import load_starter
from egov_cms.services.importing import export_services, import_services
from egov_cms.services.models import ServiceIndexPage, ServicePage
from egov_cms.services.seeds import seed
from egov_cms.site.models import HomePage
from egov_cms.site.publication import changed, together
from tests.images import state
from tests.site.conftest import make_homes

from .sheets import FEW, Book

SAMPLE = Path(__file__).resolve().parents[2] / "egov_cms" / "demo" / "data" / "iraq_services.yaml"


@cache
def _sample_data():
    return yaml.safe_load(SAMPLE.read_text(encoding="utf-8"))


def sample_data():
    """The file of the thirty services as mappings and lists; a copy that a test can change."""
    return deepcopy(_sample_data())


def make_catalogue():
    """The thirty sample services, published in three languages."""
    make_homes()
    seed({}, {})
    load_starter()
    report = import_services(SAMPLE, publish=True)
    assert report.ok, [str(refusal) for refusal in report.errors[:5]]
    return report


loaded = state("services", make_catalogue, scope="package")


@pytest.fixture
def sample(loaded, db):
    """The catalogue with its services; changes of a test are rolled back."""
    return loaded


@pytest.fixture(scope="package")
def exported(loaded, django_db_blocker):
    with django_db_blocker.unblock():
        return export_services(FEW)


@pytest.fixture
def book(exported, sample):
    """Three of the services as a workbook to change."""
    return Book(exported)


@pytest.fixture
def catalogue(sample):
    """The index of services and the events, without services."""
    for page in ServiceIndexPage.objects.all():
        page.get_children().delete()
    return {page.locale.language_code: page for page in HomePage.objects.select_related("locale")}


@pytest.fixture
def service(sample):
    """`service("IQ-MOI-004", "en")`: the page of one sample service."""

    def find(code="IQ-MOI-004", language="ar"):
        return ServicePage.objects.get(service_code=code, locale__language_code=language)

    return find


@pytest.fixture
def admin(db):
    return User.objects.create_superuser("admin", "admin@example.gov.iq", "password")


def add_rows(model, code, **values):
    """A row of facts of a service, in every language, as a publication writes it."""
    key = uuid.uuid4()
    with together():
        for page in ServicePage.objects.filter(service_code=code).select_related("locale"):
            model.objects.create(page=page, locale=page.locale, translation_key=key, **values)
            changed(page, "saved")

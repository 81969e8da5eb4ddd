"""The API of a ministry against its own OpenAPI description.

The thirty sample services are published, and there is an office, a notice and a change.
"""

from datetime import timedelta

import pytest
from django.utils import timezone
from drf_spectacular.validation import validate_schema

from egov_cms.api.description import openapi
from egov_cms.editing.models import ChangeLogEntry
from egov_cms.services.models import ServicePage
from egov_cms.site.models import Governorate, Notice, Office
from tests.api.contract import application, broken_promises

WORDS = {"ar": "كلمات", "ckb": "وشەکان", "en": "words"}


@pytest.fixture
def site(catalogue, db, settings):
    settings.EGOV = {**settings.EGOV, "API_REQUESTS_PER_MINUTE": 1_000_000}
    now = timezone.now()
    Office.objects.create(name=WORDS, slug="office", governorate=Governorate.objects.get(code="BG"))
    Notice.objects.create(title=WORDS, body=WORDS, starts=now - timedelta(1), ends=now + timedelta(1))
    ChangeLogEntry.objects.create(
        page=ServicePage.objects.filter(service_code="IQ-MOI-004").first(),
        subject="service",
        code="IQ-MOI-004",
        what="fee",
        row_key="F1",
        before={"amount": "40000"},
        after={"amount": "50000"},
        reason="A law changed it.",
    )


def test_the_description_is_valid_openapi_3_1():
    document = openapi()
    assert document["openapi"].startswith("3.1")
    validate_schema(document)


def test_every_parameter_has_a_description():
    for path, methods in openapi()["paths"].items():
        for parameter in methods["get"]["parameters"]:
            described = parameter.get("description") or parameter["in"] == "path"
            assert described, f"{path}: {parameter['name']}"


def test_the_api_conforms_to_its_description(site):
    with application() as wsgi:
        assert broken_promises(wsgi) == {}

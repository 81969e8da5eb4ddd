"""The API against its own description: requests that fit it and requests that do not, made by schemathesis.

The thirty sample services are published; an office, a notice and a change stand beside them.
"""

from datetime import timedelta

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connections
from django.utils import timezone
from drf_spectacular.validation import validate_schema

from egov_cms.api.views import openapi
from egov_cms.services.models import FactChange, ServicePage
from egov_cms.site.models import Governorate, Notice, Office

pytestmark = pytest.mark.contract

# Every check that schemathesis has, except those that need authentication or writing.
CONFIGURATION = {
    "workers": 1,
    "seed": 20261126,
    "generation": {"mode": "all", "max-examples": 5, "deterministic": True, "database": "none"},
    "phases": {"stateful": {"enabled": False}},
}
WORDS = {"ar": "كلمات", "ckb": "وشەکان", "en": "words"}


@pytest.fixture
def site(catalogue, db, settings):
    settings.EGOV = {**settings.EGOV, "API_REQUESTS_PER_MINUTE": 1_000_000}
    now = timezone.now()
    Office.objects.create(name=WORDS, slug="office", governorate=Governorate.objects.get(code="BG"))
    Notice.objects.create(title=WORDS, body=WORDS, starts=now - timedelta(1), ends=now + timedelta(1))
    FactChange.objects.create(
        page=ServicePage.objects.filter(service_code="IQ-MOI-004").first(),
        service_code="IQ-MOI-004",
        what=FactChange.What.FEE,
        row_key="F1",
        before={"amount": "40000"},
        after={"amount": "50000"},
        reason="A law changed it.",
    )


@pytest.fixture
def application(site):
    """The site as schemathesis asks it, from threads of its own: on the connection that holds this test's rows.

    A request would close it, as Django's own test client knows; and compressed answers would be given to
    schemathesis as they are.
    """
    application, connection = get_wsgi_application(), connections["default"]
    connection.inc_thread_sharing()

    def call(environ, start_response):
        connections["default"] = connection
        environ.pop("HTTP_ACCEPT_ENCODING", None)
        return application(environ, start_response)

    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield call
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
    connection.dec_thread_sharing()


def test_the_description_is_valid_openapi_3_1():
    document = openapi()
    assert document["openapi"].startswith("3.1")
    validate_schema(document)


def test_every_parameter_says_what_it_means():
    for path, methods in openapi()["paths"].items():
        for parameter in methods["get"]["parameters"]:
            described = parameter.get("description") or parameter["in"] == "path"
            assert described, f"{path}: {parameter['name']}"


def test_the_api_keeps_what_it_promises(application):
    # Heavy: only the process that runs this test pays for it.
    import schemathesis
    from schemathesis.config import SchemathesisConfig
    from schemathesis.engine import events, from_schema

    configuration = SchemathesisConfig.from_dict(CONFIGURATION)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application, config=configuration)
    checked, seen, broken = 0, set(), {}
    for event in from_schema(schema).execute():
        assert not isinstance(event, events.NonFatalError | events.FatalError), event
        if not isinstance(event, events.ScenarioFinished):
            continue
        for key, results in event.recorder.checks.items():
            label = event.recorder.cases[key].value.operation.label
            seen.add(label)
            for result in results:
                checked += 1
                if result.failure_info is not None:
                    failure = result.failure_info.failure
                    sample = result.failure_info.code_sample
                    broken.setdefault(f"{label}: {failure.title}", f"{failure.message}\n{sample}")
    assert broken == {}
    assert {label.split("/api/v1")[1] for label in seen} == {
        path.split("/api/v1")[1] for path in openapi()["paths"]
    }
    assert checked > 1000

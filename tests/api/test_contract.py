"""Nested addresses, bodies and families keep what the description promises."""

import pytest
from drf_spectacular.validation import validate_schema

from egov_cms.api import registry
from egov_cms.api.description import openapi

from .contract import application, broken_promises
from .stations import OfNetwork
from .urls import ROUTES

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.api.urls"),
    pytest.mark.usefixtures("version", "groups"),
]


def test_the_description_is_valid_openapi_3_1():
    validate_schema(openapi())


def test_the_kernel_keeps_what_it_promises(settings, monkeypatch):
    settings.EGOV = {**settings.EGOV, "API_REQUESTS_PER_MINUTE": 1_000_000}
    kinds = ("stations", "stations-query", "stations-schema")  # one of each kind
    chosen = {key: route for key, route in ROUTES.items() if route.name in kinds}
    monkeypatch.setattr(registry, "_routes", chosen)
    # Else hardly a request would find a network.
    monkeypatch.setattr(OfNetwork, "prepare", lambda self: setattr(self, "number", "2"))
    monkeypatch.setattr(OfNetwork, "get_version", lambda self: None)
    with application() as wsgi:
        broken = broken_promises(
            wsgi, ("invalid-cursor", "unknown-parameter", "unknown-member", "invalid-member")
        )
    assert broken == {}

import pytest
from django.core.cache import cache

from egov_cms.api import conditional, registry

from .urls import ROUTES


@pytest.fixture
def version(monkeypatch):
    """The registered endpoints are those of these tests; the version of all content is what a test says."""
    cache.clear()
    monkeypatch.setattr(registry, "_routes", ROUTES)
    current = ["1"]
    monkeypatch.setattr(conditional, "_version_sources", [lambda: current[0]])
    return current

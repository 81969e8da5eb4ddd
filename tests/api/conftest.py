import json

import pytest
from django.contrib.auth.models import Group
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


@pytest.fixture
def groups(db):
    """Seven groups, the only ones."""
    Group.objects.all().delete()  # Wagtail brings some
    return Group.objects.bulk_create(Group(name=f"مجموعة {number:03}") for number in range(7))


def problem_of(response, status, code):
    """The members of a problem document, once its form was looked at."""
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert response["Access-Control-Allow-Origin"] == "*" and response["Cache-Control"] == "no-store"
    assert "ETag" not in response
    body = json.loads(response.content)
    assert body["type"].endswith(f"/problems/{code}/")
    assert body["status"] == status and body["title"] and body["detail"] and body["instance"]
    return body

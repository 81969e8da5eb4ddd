"""docs/api.md says of every public name what it is."""

import importlib.util

import pytest

from egov_cms.api import endpoint
from egov_cms.api.description import openapi
from egov_cms.api.resource import Resource
from tests.conftest import REPOSITORY

FROM_DRF = set(dir(endpoint.GenericViewSet))


def api_guide():
    """The module that writes the guide, which is no package of ours."""
    spec = importlib.util.spec_from_file_location("api_guide", REPOSITORY / "docs" / "api_guide.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_attribute_that_an_app_may_set_is_named():
    own = {name for name, value in vars(endpoint.Endpoint).items() if not callable(value) and name[0] != "_"}
    kept_by_the_kernel = {"route", "version", "tag", "raw_body", "swagger_fake_view", "schema"}
    assert set(api_guide().ATTRIBUTES) == own - FROM_DRF - kept_by_the_kernel - {"lookup_name"}


def test_every_public_name_has_its_signature_and_its_meaning():
    text = api_guide().developers()
    assert "* `registry.register(template, endpoint, basename=None)`: Serve" in text
    assert "* `page(after, limit)`: At most" in text
    assert "`parameters.Parameter(description, kind='string'" in text
    for line in text.split("## What an endpoint sets")[1].splitlines():
        assert not line.endswith(": "), line


@pytest.mark.urls("tests.api.urls")
def test_queries_in_a_body_are_in_the_guide(version):
    text = api_guide().guide(openapi())
    assert "## `POST /api/v1/networks/{network}/query/`" in text
    assert "| `where` |" in text and "| `filter` | one for each key |" in text


def test_the_class_of_lists_bounds_its_pages():
    assert {"limit", "cursor"} == set(Resource().page_parameters())

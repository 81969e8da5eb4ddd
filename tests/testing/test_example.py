"""The example of docs/testing.md."""

import pytest

from egov_cms.testing import factories


@pytest.fixture
def offices(home_pages):
    return [factories.office(f"Office {number}", slug=f"office-{number}") for number in range(3)]


def test_offices_are_listed_in_every_language(client, offices, each_language, query_budget):
    with query_budget(12):
        answer = client.get("/api/v1/offices/", {"lang": each_language})
    assert [office["id"] for office in answer.json()["data"]] == ["office-0", "office-1", "office-2"]


def test_only_those_who_may_edit_see_the_pages(client_as):
    assert client_as("publisher").get("/admin/pages/").status_code == 200
    assert client_as().get("/admin/pages/").status_code == 302

"""What citizens see: a service, the catalogue with its facets, an event, the sheet to print."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def get(sample):
    client = Client()

    def fetch(path, **query):
        return client.get(path, query)

    return fetch


def test_service_page(get, service):
    for language in ("ar", "ckb", "en"):
        page = service("IQ-MOI-004", language)
        answer = get(page.url)
        assert answer.status_code == 200, page.url
        assert page.title in answer.content.decode()


def test_index(get):
    for language in ("ar", "ckb", "en"):
        answer = get(f"/{language}/services/")
        assert answer.status_code == 200
    assert get("/en/services/", q="driver license").status_code == 200
    assert get("/en/services/", audience="citizen", level=["3", "4"], free="0").status_code == 200
    assert get("/en/events/driving/").status_code == 200
    assert get("/en/events/").status_code == 200
    assert get("/en/services/get-a-private-driving-licence.print").status_code == 200

"""The catalogue and the places of a site through the API."""

import json

import pytest
from django.core.cache import cache

from egov_cms.site.models import Governorate, Notice, Office
from tests.conftest import REPOSITORY

pytestmark = pytest.mark.usefixtures("catalogue", "db")


@pytest.mark.parametrize("address", ["services/", "services/IQ-MOI-004/", "changes/", "organisation/"])
def test_reading_costs_at_most_eight_queries(client, address, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        assert client.get(f"/api/v1/{address}").status_code == 200


def test_a_service_speaks_the_language_that_was_asked_for(client):
    titles = {
        language: client.get("/api/v1/services/IQ-MOI-004/", {"lang": language}).json()["data"]["title"]
        for language in ("ar", "ckb", "en")
    }
    assert titles["en"] == "Get a private driving licence"
    assert len(set(titles.values())) == 3


def test_amounts_are_decimal_strings(client):
    fees = client.get("/api/v1/services/IQ-MOI-004/").json()["data"]["fees"]
    assert [(fee["amount"], fee["currency"]) for fee in fees] == [("50000", "IQD"), ("10000", "IQD")]


def test_facets_narrow_and_combine(client):
    def codes(**query):
        return {
            item["code"] for item in client.get("/api/v1/services/", {**query, "limit": 100}).json()["data"]
        }

    everything = codes()
    free, driving = codes(free="true"), codes(event="driving")
    assert len(everything) == 30 and "IQ-MOI-004" in driving
    assert free and free < everything and driving < everything
    assert codes(free="false", event="driving") == driving - free
    assert codes(unit="MOI") == {code for code in everything if code.startswith("IQ-MOI-")}
    # Every sample service is given in the whole country, so each is given in Baghdad.
    assert codes(governorate="BG") == everything
    assert codes(event="nothing-like-it") == set()


def test_the_whole_catalogue_as_a_table(client):
    lines = client.get("/api/v1/services.csv", {"lang": "en"}).content.decode("utf-8-sig").splitlines()
    assert len(lines) == 31
    assert lines[0].startswith("code,title,summary")


def test_the_page_has_its_other_forms(client):
    address = "/en/services/get-a-private-driving-licence"
    card = client.get(address + ".txt")
    assert card["Content-Type"] == "text/plain; charset=utf-8" and len(card.content) <= 700
    assert client.get(address + ".jsonld").json()["@context"]["cpsv"]
    schema = client.get(address + ".jsonld", {"profile": "schema"}).json()
    assert schema["@graph"][0]["@type"] == "GovernmentService"
    assert client.get(address + ".svg").content.startswith(b"<svg")
    poster = client.get(address + ".poster").content.decode()
    assert "60,000" in poster and f"{address.removeprefix('/en')}.svg" in poster
    assert client.get("/en/services/nothing.txt").status_code == 404


def test_the_handbook_holds_every_service_at_a_constant_cost(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(25):
        page = client.get("/ckb/services/handbook/").content.decode()
    assert page.count("<article") == 30


@pytest.fixture
def office():
    return Office.objects.create(
        name={"ar": "مديرية مرور الكرخ", "en": "Karkh traffic directorate"},
        slug="karkh-traffic",
        governorate=Governorate.objects.get(code="BG"),
        latitude="33.31500",
        longitude="44.36600",
    )


def test_offices_are_geojson_by_accept_and_by_suffix(client, office):
    by_suffix = client.get("/api/v1/offices.geojson", {"governorate": "BG", "lang": "en"})
    by_accept = client.get(
        "/api/v1/offices/", {"governorate": "BG", "lang": "en"}, headers={"Accept": "application/geo+json"}
    )
    assert by_suffix.json() == by_accept.json()
    feature = by_suffix.json()["features"][0]
    # GeoJSON has the longitude first (RFC 7946, section 3.1.1).
    assert feature["geometry"]["coordinates"] == [44.366, 33.315]
    assert feature["properties"]["name"] == "Karkh traffic directorate"
    assert client.get("/api/v1/offices/", {"governorate": "BA"}).json()["data"] == []


def test_a_word_missing_in_a_language_is_null(client, office):
    assert client.get("/api/v1/offices/karkh-traffic/", {"lang": "ckb"}).json()["data"]["name"] is None


def test_many_offices_cost_as_much_as_one(client, office, django_assert_max_num_queries):
    Office.objects.bulk_create(
        Office(name={"ar": f"دائرة {number}"}, slug=f"o-{number}", governorate=office.governorate)
        for number in range(60)
    )
    with django_assert_max_num_queries(8):
        assert len(client.get("/api/v1/offices/", {"limit": 100}).json()["data"]) == 61


def test_notices_in_force_and_past(client):
    from datetime import timedelta

    from django.utils import timezone

    now = timezone.now()
    words = {"ar": "تنبيه", "ckb": "ئاگاداری", "en": "Notice"}
    for days in (-3, 3):
        Notice.objects.create(
            title=words, body=words, starts=now - timedelta(days=5), ends=now + timedelta(days=days)
        )
    assert len(client.get("/api/v1/notices/").json()["data"]) == 1
    assert len(client.get("/api/v1/notices/", {"past": "true"}).json()["data"]) == 1
    assert b"<entry>" in client.get("/api/v1/notices.atom").content


def test_an_unchanged_catalogue_is_304_without_a_query(client, django_assert_num_queries):
    cache.clear()
    tag = client.get("/api/v1/services/")["ETag"]
    with django_assert_num_queries(0):
        again = client.get("/api/v1/services/", headers={"If-None-Match": tag})
    assert again.status_code == 304


def test_the_committed_description_is_the_served_one(client):
    committed = json.loads((REPOSITORY / "docs" / "openapi.json").read_text(encoding="utf-8"))
    assert client.get("/api/v1/openapi.json").json() == committed, "run make docs"

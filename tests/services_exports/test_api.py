"""The catalogue, offices, notices, changes and organisation of a site through the API."""

import json
from datetime import timedelta
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.utils import timezone

from egov_cms.editing.models import ChangeLogEntry
from egov_cms.services.models import ServicePage
from egov_cms.site.models import Governorate, LegalReference, Notice, Office
from tests.api.test_guide import api_guide
from tests.conftest import REPOSITORY

ATOM = "{http://www.w3.org/2005/Atom}"

pytestmark = pytest.mark.usefixtures("catalogue", "db")


@pytest.mark.parametrize("address", ["services/", "services/IQ-MOI-004/", "changes/", "organisation/"])
def test_a_request_runs_at_most_eight_queries(client, address, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        assert client.get(f"/api/v1/{address}").status_code == 200


def test_a_service_is_returned_in_the_requested_language(client):
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
    assert codes(ministry="MOI") == {code for code in everything if code.startswith("IQ-MOI-")}
    # Every sample service is offered in the whole country, so also in Baghdad.
    assert codes(governorate="BG") == everything
    assert codes(event="nothing-like-it") == set()


def test_the_whole_catalogue_as_a_table(client):
    lines = client.get("/api/v1/services.csv", {"lang": "en"}).getvalue().decode().splitlines()
    assert len(lines) == 31
    assert lines[0].startswith("code,title,summary")


def test_every_other_format_of_a_page_is_served(client):
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


@pytest.mark.parametrize(
    ("language", "words"), [("ar", "الرسوم كما هي"), ("ckb", "تێچووەکان تا"), ("en", "Fees as of")]
)
def test_every_service_is_served_as_a_short_text(client, language, words):
    items = client.get("/api/v1/services/", {"lang": language, "limit": 100}).json()["data"]
    assert len(items) == 30
    for item in items:
        card = client.get(urlsplit(item["url"]).path.rstrip("/") + ".txt")
        assert card.status_code == 200 and len(card.content) <= 700, item["code"]
        text = card.content.decode()
        assert item["title"] in text and item["url"] in text and words in text


def test_each_language_and_service_has_its_own_qr_code(client):
    names = ("get-a-private-driving-licence", "house-building-permit")
    codes = {
        client.get(f"/{language}/services/{name}.svg").content for language in ("ar", "en") for name in names
    }
    assert len(codes) == 4
    assert client.get("/ar/services/house-building-permit.svg")["Content-Type"] == "image/svg+xml"


@pytest.mark.parametrize("form", ["print", "poster", "txt", "jsonld"])
def test_the_page_of_a_service_links_to_its_other_formats(client, form):
    page = client.get("/ckb/services/get-a-private-driving-licence/").content.decode()
    assert f'href="/ckb/services/get-a-private-driving-licence.{form}"' in page
    assert 'href="/ckb/services/handbook/"' in client.get("/ckb/services/").content.decode()


def test_printed_sheets_have_no_temporary_notices(client, db):
    now = timezone.now()
    words = dict.fromkeys(("ar", "ckb", "en"), "CLOSED ON THURSDAY")
    Notice.objects.create(title=words, body=words, starts=now - timedelta(1), ends=now + timedelta(1))
    address = "/en/services/get-a-private-driving-licence"
    assert "CLOSED ON THURSDAY" in client.get(address + "/").content.decode()
    for sheet in (f"{address}.print", f"{address}.poster", "/en/services/handbook/"):
        html = client.get(sheet).content.decode()
        assert "CLOSED ON THURSDAY" not in html and "egov_services/sheets" in html, sheet


def test_the_handbook_has_every_service_in_a_constant_number_of_queries(
    client, django_assert_max_num_queries
):
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


def test_a_text_without_a_translation_is_null(client, office):
    assert client.get("/api/v1/offices/karkh-traffic/", {"lang": "ckb"}).json()["data"]["name"] is None


def test_many_offices_take_as_many_queries_as_one(client, office, django_assert_max_num_queries):
    Office.objects.bulk_create(
        Office(name={"ar": f"دائرة {number}"}, slug=f"o-{number}", governorate=office.governorate)
        for number in range(60)
    )
    with django_assert_max_num_queries(8):
        assert len(client.get("/api/v1/offices/", {"limit": 100}).json()["data"]) == 61


def test_notices_in_force_and_past(client):
    now = timezone.now()
    words = {"ar": "تنبيه", "ckb": "ئاگاداری", "en": "Notice"}
    for days in (-3, 3):
        Notice.objects.create(title=words, body=words, starts=now - timedelta(5), ends=now + timedelta(days))
    assert len(client.get("/api/v1/notices/").json()["data"]) == 1
    assert len(client.get("/api/v1/notices/", {"past": "true"}).json()["data"]) == 1
    feed = ElementTree.fromstring(client.get("/api/v1/notices.atom", {"lang": "ckb"}).content)
    assert [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")] == ["ئاگاداری"]
    assert feed.find(f"{ATOM}author") is not None


@pytest.fixture
def change():
    law = LegalReference.objects.create(slug="order-5", title={"ar": "أمر", "en": "Order 5"}, is_public=False)
    return ChangeLogEntry.objects.create(
        page=ServicePage.objects.get(service_code="IQ-MOI-004", locale__language_code="ar"),
        subject="service",
        code="IQ-MOI-004",
        what="fee",
        row_key="F1",
        field="amount",
        before={"amount": "40000", "currency": "IQD", "label": {"en": "Licence fee"}},
        after={"amount": "50000", "currency": "IQD", "label": {"en": "Licence fee"}},
        reason="The law changed.",
        law=law,
    )


def test_changes_in_every_format(client, change):
    body = client.get("/api/v1/changes/", {"service": "IQ-MOI-004", "what": "fee"}).json()
    (change_json,) = body["data"]
    assert (change_json["before"]["amount"], change_json["after"]["amount"]) == ("40000", "50000")
    assert change_json["reason"] == "The law changed."
    assert change_json["law"] is None, "the law is not public"
    assert client.get(f"/api/v1/changes/{change_json['id']}/").json()["data"] == change_json
    tomorrow = (timezone.localdate() + timedelta(1)).isoformat()
    assert client.get("/api/v1/changes/", {"since": tomorrow}).json()["data"] == []
    table = client.get("/api/v1/changes.csv").getvalue().decode()
    assert "The law changed." in table and "order-5" not in table
    feed = ElementTree.fromstring(client.get("/api/v1/changes.atom", {"lang": "en"}).content)
    entry = feed.find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title").startswith("Get a private driving licence: ")
    assert "40,000" in entry.findtext(f"{ATOM}summary") and "50,000" in entry.findtext(f"{ATOM}summary")
    assert feed.find(f"{ATOM}author") is not None and feed.find(f"{ATOM}updated") is not None


def test_many_changes_take_as_many_queries_as_one(client, change, django_assert_max_num_queries):
    for number in range(40):
        ChangeLogEntry.objects.create(
            page=change.page,
            subject="service",
            code=f"IQ-MOI-{number:03}",
            what="other",
            happened_at=timezone.now(),
        )
    for address in ("changes/", "changes.atom", "changes.csv"):
        with django_assert_max_num_queries(8):
            assert client.get(f"/api/v1/{address}").status_code == 200


def test_the_organisation_in_the_order_of_its_tree(client):
    units = client.get("/api/v1/organisation/", {"lang": "en", "limit": 500}).json()["data"]
    codes = [unit["code"] for unit in units]
    ministry = codes.index("MOI")
    assert units[ministry + 1]["depth"] == units[ministry]["depth"] + 1
    sorani = client.get(f"/api/v1/organisation/{units[ministry]['id']}/", {"lang": "ckb"}).json()["data"]
    assert sorani["code"] == "MOI" and sorani["name"] != units[ministry]["name"]
    assert sorani["url"].startswith("http://testserver/ckb/")


def test_an_unchanged_catalogue_is_304_without_a_query(client, django_assert_num_queries):
    cache.clear()
    tag = client.get("/api/v1/services/")["ETag"]
    with django_assert_num_queries(0):
        again = client.get("/api/v1/services/", headers={"If-None-Match": tag})
    assert again.status_code == 304


def test_the_committed_description_is_the_served_one(client):
    committed = json.loads((REPOSITORY / "docs" / "openapi.json").read_text(encoding="utf-8"))
    assert client.get("/api/v1/openapi.json").json() == committed, "run make docs"


def test_the_guide_names_every_address_and_every_parameter(client):
    served = client.get("/api/v1/openapi.json").json()
    guide = (REPOSITORY / "docs" / "api.md").read_text(encoding="utf-8")
    assert guide == api_guide().guide(json.loads(json.dumps(served, sort_keys=True))), "run make docs"
    for path, methods in served["paths"].items():
        assert f"## `{path}`" in guide
        assert all(f"| `{each['name']}` |" in guide for each in methods["get"]["parameters"])

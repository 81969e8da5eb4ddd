"""Ten services or, in the drills, thousands: the same few queries; unchanged responses query no table of services."""

import copy

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale

from egov_cms.services import choices
from egov_cms.services.models import ServiceIndexPage, ServicePage, ServiceSnapshot
from egov_cms.services.pages.listing import Listing
from tests.drills.amounts import amount
from tests.site_public.test_scale import add_many_pages

pytestmark = pytest.mark.usefixtures("catalogue", "db")
MAX_QUERIES = 8
ADDRESSES = [
    "services/",
    "services/?limit=100",
    "services/?audience=citizen&event=driving&governorate=BG&channel=office&free=false&level=1&output=licence",
    "services/?unit=MOI&ministry=MOI&category=identity&status=available",
    "services/IQ-MOI-004/",
    "services/IQ-MOI-004.ttl",
    "services/IQ-MOI-004.jsonld?profile=schema",
    "services.jsonld",
    "services.csv?lang=en",
]


def count_queries(client):
    counts = {}
    for address in ADDRESSES:
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(f"/api/v1/{address}")
            # A stream asks while it is read.
            assert answer.status_code == 200 and answer.getvalue(), address
        counts[address] = len(queries)
    return counts


def add_services(number):
    """Published services and their documents, without the import."""
    index = ServiceIndexPage.objects.get(locale=Locale.get_default())
    add_many_pages(index, ServicePage, number, digital_level=1, is_free=True)
    pages = ServicePage.objects.filter(slug__startswith="many-").order_by("pk")
    documents = ServiceSnapshot.objects.values_list("document", flat=True)
    smallest = min(documents, key=lambda document: len(document["documents"]) + len(document["steps"]))
    snapshots = []
    for number, page in enumerate(pages):
        document = copy.copy(smallest) | {"code": f"IQ-XXX-{number:04}", "slug": page.slug}
        snapshots.append(ServiceSnapshot(page=page, service_code=document["code"], document=document))
    ServiceSnapshot.objects.bulk_create(snapshots, batch_size=500)


@pytest.mark.parametrize(
    "many", [200, pytest.param(amount(reduced=5000, full=50_000), marks=pytest.mark.drill)]
)
def test_ten_and_many_services_take_the_same_number_of_queries(client, many):
    kept = ["IQ-MOI-004", *ServiceSnapshot.objects.values_list("service_code", flat=True)[:9]]
    ServiceSnapshot.objects.exclude(service_code__in=kept).delete()
    few = count_queries(client)
    assert max(few.values()) <= MAX_QUERIES, few
    add_services(many)
    assert ServiceSnapshot.objects.count() >= many + 9
    assert count_queries(client) == few


def test_pages_of_a_growing_catalogue_have_every_service_once(client):
    seen, url = [], "/api/v1/services/?limit=7"
    while url:
        body = client.get(url).json()
        seen += [item["code"] for item in body["data"]]
        url = body["links"].get("next")
        if len(seen) == 14:
            # Two new services sort before the pages already read, one after them.
            some = ServiceSnapshot.objects.first().document
            pages = ServicePage.objects.filter(locale__language_code="ckb")
            for page, code in zip(pages, ("IQ-AAA-001", "IQ-AAB-001", "IQ-ZZZ-999"), strict=False):
                document = some | {"code": code}
                ServiceSnapshot.objects.create(page=page, service_code=code, document=document)
    assert len(seen) == len(set(seen)) == 31
    assert seen[-1] == "IQ-ZZZ-999" and "IQ-AAA-001" not in seen


def test_every_facet_of_the_list_finds_the_same_services_in_the_api(client):
    index = ServiceIndexPage.objects.get(locale__language_code="ar")
    listing = Listing(index, QueryDict(""))
    retired = {"status": [value for value in choices.Status.values if value != choices.Status.RETIRED]}
    compared = 0
    for facet, labels in listing.labels.items():
        for value in labels:
            query = {facet: value, "lang": "ar", "limit": 500, **retired}
            response = client.get("/api/v1/services/", query)
            assert response.status_code == 200, response.content
            assert len(response.json()["data"]) == listing.counts[facet][value], (facet, value)
            compared += listing.counts[facet][value] > 0
    assert compared > 30


def test_facets_combine_as_on_the_list(client):
    index = ServiceIndexPage.objects.get(locale__language_code="ar")
    for query in (
        "event=driving&free=0",
        "audience=citizen&channel=online",
        "level=1&output=licence&level=2",
    ):
        listing = Listing(index, QueryDict(query))
        codes = {row[1] for row in listing._matches}
        response = client.get(f"/api/v1/services/?{query}&limit=500").json()["data"]
        assert {item["code"] for item in response} == codes, query


def service_queries(queries):
    return [query["sql"] for query in queries if "egov_services" in query["sql"]]


@pytest.mark.parametrize("address", ["services/", "services/IQ-MOI-004/", "services.csv", "changes/"])
def test_an_unchanged_response_queries_no_service_table(client, address):
    first = client.get(f"/api/v1/{address}")
    assert first["ETag"].startswith('"') and not first["ETag"].startswith("W/")
    with CaptureQueriesContext(connection) as queries:
        again = client.get(f"/api/v1/{address}", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304 and not again.content
    assert service_queries(queries) == []
    assert again["ETag"] == first["ETag"]


def test_a_publication_changes_the_etag_and_the_response(client, django_capture_on_commit_callbacks):
    address = "/api/v1/services/IQ-MOI-004/"
    before = client.get(address)
    page = ServicePage.objects.get(service_code="IQ-MOI-004", locale__language_code="ar")
    page.visits = 7
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()
    after = client.get(address, headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200 and after["ETag"] != before["ETag"]
    assert (before.json()["data"]["visits"], after.json()["data"]["visits"]) != (7, 7)
    assert after.json()["data"]["visits"] == 7


def test_a_response_made_before_the_snapshots_were_updated_is_not_cached(client):
    """The cache version is raised by the publication and again when the snapshots are written."""
    from egov_cms.services.snapshots import store

    ServicePage.objects.filter(service_code="IQ-MOI-004", locale__language_code="ar").update(visits=9)
    between = client.get("/api/v1/services/IQ-MOI-004/")
    assert store.refresh() == 1
    after = client.get("/api/v1/services/IQ-MOI-004/", headers={"If-None-Match": between["ETag"]})
    assert after.status_code == 200


def test_the_response_does_not_depend_on_the_session(client, admin_client):
    for address in ("services/", "services/IQ-MOI-004/", "offices/", "search/?q=رخصة&lang=ar"):
        stranger = client.get(f"/api/v1/{address}")
        signed_in = admin_client.get(f"/api/v1/{address}")
        assert signed_in.content == stranger.content
        assert signed_in["ETag"] == stranger["ETag"]
        assert not signed_in.cookies
        assert "cookie" not in signed_in["Vary"].lower()
        assert signed_in["Cache-Control"].startswith("public")

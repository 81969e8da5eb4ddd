"""ETags of a version instead of everything: addresses of a version never change, and 304 reads no facts."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import Group

from egov_cms.api.conditional import ContentVersion

from . import stations
from .conftest import problem_of
from .stations import StationResource

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.api.urls"),
    pytest.mark.usefixtures("version", "groups"),
]
LATEST = "/api/v1/networks/rivers/stations/"
PINNED = "/api/v1/networks/rivers/versions/2/stations"
ADDRESSES = [LATEST, PINNED, LATEST.rstrip("/") + ".csv", PINNED + ".xlsx", PINNED + ".jsonl"]


@pytest.fixture
def newer(monkeypatch):
    """Publishes the third version."""
    return lambda: monkeypatch.setitem(stations.NETWORKS, "rivers", "3")


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_unchanged_version_is_304_without_a_query(client, address, django_assert_num_queries):
    first = client.get(address)
    first.getvalue()
    assert first["ETag"].startswith('"')
    with django_assert_num_queries(0):
        again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304 and again["ETag"] == first["ETag"] and not again.content


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_tag_is_that_of_the_version_and_not_of_the_bytes(client, address, version):
    tag = client.get(address)["ETag"]
    version[0] = "2"  # something else on the site was published
    Group.objects.first().delete()  # and the facts are another version's by now
    assert client.get(address)["ETag"] == tag


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_same_tag_has_the_same_bytes(client, address):
    first, second = client.get(address), client.get(address)
    assert first["ETag"] == second["ETag"] and first.getvalue() == second.getvalue()


def test_language_query_and_form_have_tags_of_their_own(client):
    addresses = [*ADDRESSES, f"{LATEST}?lang=en", f"{LATEST}?limit=2", f"{ADDRESSES[2]}?bom=1"]
    tags = [client.get(address)["ETag"] for address in addresses]
    tags.append(client.get(LATEST, headers={"Accept-Encoding": "gzip"})["ETag"])
    assert len(set(tags)) == len(tags)


def test_the_address_of_a_version_may_be_kept_for_ever(client):
    pinned = client.get(PINNED)
    assert pinned["Cache-Control"] == "public, max-age=31536000, immutable"
    again = client.get(PINNED, headers={"If-None-Match": pinned["ETag"]})
    assert again["Cache-Control"] == pinned["Cache-Control"]
    assert "Content-Location" not in pinned and "permalink" not in pinned.json()["links"]


def test_the_latest_leads_to_the_address_of_its_version(client, newer):
    latest = client.get(LATEST)
    permalink = f"http://testserver{PINNED}"
    assert "immutable" not in latest["Cache-Control"]
    assert latest["Content-Location"] == permalink and latest.json()["links"]["permalink"] == permalink
    newer()
    after = client.get(LATEST, headers={"If-None-Match": latest["ETag"]})
    assert after.status_code == 200 and after["ETag"] != latest["ETag"]
    assert client.get(permalink).json()["data"] == latest.json()["data"]


def test_whoever_began_with_a_version_goes_on_with_it(client, newer, groups):
    """A new version in the middle of a walk changes nothing in what is read."""
    seen, url = [], f"{LATEST}?filter[number][gt]={groups[0].pk}"
    while url:
        body = client.get(url).json()
        seen += [station["number"] for station in body["data"]]
        url = body["links"].get("next")
        newer()
        assert not url or url.startswith(f"http://testserver{PINNED}?cursor=")
    assert seen == [group.pk for group in groups[1:]]


def test_a_cursor_belongs_to_its_version(client, newer):
    cursor = parse_qs(urlsplit(client.get(LATEST).json()["links"]["next"]).query)["cursor"][0]
    assert client.get(LATEST, {"cursor": cursor}).status_code == 200
    assert client.get(PINNED + ".csv", {"cursor": cursor}).status_code == 200
    newer()
    body = problem_of(client.get(LATEST, {"cursor": cursor}), 400, "stale-cursor")
    assert body["errors"][0]["parameter"] == "cursor"
    problem_of(client.get(LATEST, {"cursor": cursor, "limit": 2, "filter[name]": "x"}), 400, "invalid-cursor")
    other = client.get("/api/v1/networks/canals/stations", {"cursor": cursor})
    problem_of(other, 400, "stale-cursor")


def test_the_permalink_of_a_table_and_of_an_item_is_of_the_same_kind(client, groups):
    table = client.get(LATEST.rstrip("/") + ".csv?limit=2")
    assert table["Content-Location"] == f"http://testserver{PINNED}.csv?limit=2"
    assert table["Link"].startswith(f"<http://testserver{PINNED}.csv?cursor=")
    item = client.get(f"{LATEST}{groups[0].pk}")
    assert item["Content-Location"] == f"http://testserver{PINNED}/{groups[0].pk}"
    assert "Content-Location" not in client.get(LATEST + "openapi.json")


def test_without_a_version_of_its_own_an_answer_has_that_of_the_site(client, version, monkeypatch):
    monkeypatch.setattr(StationResource, "get_version", lambda self: None)
    tag = client.get(LATEST)["ETag"]
    version[0] = "2"
    assert client.get(LATEST)["ETag"] != tag


def test_another_release_may_write_the_same_version_in_other_bytes(client, monkeypatch):
    from egov_cms.api import conditional

    tag = client.get(PINNED)["ETag"]
    monkeypatch.setattr(conditional, "_release", lambda: "99.0")
    assert client.get(PINNED)["ETag"] != tag


def test_a_version_is_a_plain_value():
    assert ContentVersion("abc") == ContentVersion("abc", is_immutable=False, permalink="")

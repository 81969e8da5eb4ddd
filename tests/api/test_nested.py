"""Addresses below an item: each with parameters, formats, throttle, description and problems of its own."""

import json

import pytest

from egov_cms.api import registry, throttling
from egov_cms.api.description import openapi
from egov_cms.api.registry import Route

from .conftest import problem_of
from .groups import GroupResource
from .stations import StationResource

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.api.urls"),
    pytest.mark.usefixtures("version", "groups"),
]
STATIONS = "/api/v1/networks/rivers/stations/"
HOST = "http://testserver"


def test_a_list_below_an_item_has_envelope_links_and_pages(client, groups):
    seen, url = [], STATIONS
    while url:
        body = client.get(url).json()
        assert body["meta"]["limit"] == 3
        seen += [station["number"] for station in body["data"]]
        url = body["links"].get("next")
    assert seen == [group.pk for group in groups]
    assert body["links"]["schema"] == f"{HOST}/api/v1/networks/rivers/schema"
    assert "prev" not in body["links"]  # the source goes forwards only


def test_an_item_of_it_has_an_address_and_a_slash_at_the_end_is_optional(client, groups):
    address = f"{STATIONS}{groups[2].pk}"
    for each in (address, address + "/"):
        answer = client.get(each)
        assert answer.json()["data"] == {"number": groups[2].pk, "name": groups[2].name}
        assert answer.json()["links"]["self"] == HOST + each


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "xlsx"])
def test_suffix_and_accept_give_the_same(client, suffix):
    by_suffix = client.get(f"/api/v1/networks/rivers/stations.{suffix}")
    media_type = by_suffix["Content-Type"].partition(";")[0]
    by_accept = client.get(STATIONS, headers={"Accept": media_type})
    assert by_suffix.status_code == 200
    assert by_accept.getvalue() == by_suffix.getvalue()
    assert by_suffix["Content-Disposition"] == f'attachment; filename="stations-ar.{suffix}"'


def test_a_single_document_stands_at_the_address_itself(client):
    answer = client.get("/api/v1/networks/rivers/schema").json()
    assert answer["data"]["capacity"] == "decimal"
    assert answer["links"]["csv"] == f"{HOST}/api/v1/networks/rivers/schema.csv"
    assert (
        client.get("/api/v1/networks/rivers/schema.csv").content.decode().splitlines()[1] == "number,integer"
    )


def test_a_name_that_a_standard_gives_is_an_address(client):
    assert client.get("/api/v1/networks/rivers/datapackage.json").json()["data"] == {"name": "rivers"}
    problem_of(client.get("/api/v1/networks/rivers/datapackage"), 404, "not-found")


def test_files_alone_are_offered_without_json(client):
    assert client.get("/api/v1/networks/rivers/export.json").status_code == 404
    problem_of(
        client.get("/api/v1/networks/rivers/export", headers={"Accept": "application/json"}),
        406,
        "not-acceptable",
    )


@pytest.mark.parametrize(
    ("address", "parameter", "value"),
    [
        ("networks/lakes/stations/", "network", "lakes"),
        ("networks/lakes/stations.csv", "network", "lakes"),
        ("networks/rivers/versions/3/stations", "version", "3"),
        ("networks/rivers/stations/999999/", "number", "999999"),
        ("groups/999999/", "id", "999999"),
    ],
)
@pytest.mark.parametrize("language", ["ar", "ckb", "en"])
def test_what_is_missing_is_named(client, address, parameter, value, language):
    body = problem_of(client.get(f"/api/v1/{address}", {"lang": language}), 404, "not-found")
    (error,) = body["errors"]
    assert error["parameter"] == parameter and error["pointer"] == f"#/{parameter}"
    assert value in body["detail"]


def test_an_unknown_network_is_told_before_an_unknown_parameter(client):
    problem_of(client.get("/api/v1/networks/lakes/stations/?filter[x]=1"), 404, "not-found")


def test_what_was_withdrawn_is_gone(client):
    body = problem_of(client.get("/api/v1/networks/canals/versions/0/stations"), 410, "gone")
    assert body["detail"] == "It was wrong."


def test_a_mistyped_address_and_a_mistyped_suffix_are_told_what_there_is(client):
    body = problem_of(client.get("/api/v1/grups/", {"lang": "en"}), 404, "not-found")
    assert body["suggestion"] == "groups" and "“grups/”" in body["detail"]
    body = problem_of(client.get("/api/v1/networks/rivers/stations.cvs", {"lang": "en"}), 404, "not-found")
    assert body["suggestion"] == "csv" and ".jsonl" in body["detail"]


@pytest.mark.parametrize(
    ("address", "methods"),
    [
        ("networks/rivers/stations", "GET, HEAD, OPTIONS"),
        ("networks/rivers/query", "POST, OPTIONS"),
        ("networks/rivers/uploads", "PUT, OPTIONS"),
        ("", "GET, HEAD, OPTIONS"),
        ("docs/", "GET, HEAD, OPTIONS"),
    ],
)
def test_options_and_refusals_tell_the_methods_there_are(client, address, methods):
    expected = set(methods.split(", "))
    options = client.options(f"/api/v1/{address}", headers={"Origin": "https://example.org"})
    assert options.status_code == 204
    assert set(options["Allow"].split(", ")) == expected
    assert set(options["Access-Control-Allow-Methods"].split(", ")) == expected
    assert "Content-Type" in options["Access-Control-Allow-Headers"]
    refused = client.delete(f"/api/v1/{address}")
    problem_of(refused, 405, "method-not-allowed")
    assert set(refused["Allow"].split(", ")) == expected


def test_each_scope_is_counted_by_itself(client, settings, monkeypatch):
    monkeypatch.setattr(throttling, "_scopes", {})
    throttling.register_scope("rows", 2)
    first, second, third = (client.get(STATIONS) for _turn in range(3))
    assert first["RateLimit-Policy"] == '"rows";q=2;w=60'
    assert second["RateLimit"].startswith('"rows";r=0;t=')
    problem_of(third, 429, "too-many-requests")
    assert client.get("/api/v1/groups/")["RateLimit-Policy"] == '"default";q=300;w=60'
    settings.EGOV = {"API_SCOPES": {"rows": 100}}
    assert client.get(STATIONS).status_code == 200


def test_another_room_decides_how_many_requests_somebody_may_send(client, monkeypatch):
    monkeypatch.setattr(throttling.requests_per_minute, "_function", lambda request, scope: None)
    answer = client.get(STATIONS)
    assert answer.status_code == 200 and "RateLimit" not in answer


def test_what_is_no_reading_is_the_handlers_own(client):
    address = "/api/v1/networks/rivers/uploads"
    refused = client.put(address, b"rows", headers={"Authorization": "Bearer wrong"})
    problem_of(refused, 401, "unauthenticated")
    assert refused["WWW-Authenticate"] == "Bearer"
    taken = client.put(address, b"rows", headers={"Authorization": "Bearer secret"})
    assert taken.status_code == 202 and taken.content == b"rows"
    assert taken["Cache-Control"] == "no-store" and taken["RateLimit"]
    missing = client.put("/api/v1/networks/lakes/uploads", b"", headers={"Authorization": "Bearer secret"})
    problem_of(missing, 404, "not-found")


def test_every_address_is_described_with_its_own_parameters_and_formats():
    paths = openapi()["paths"]
    stations = paths["/api/v1/networks/{network}/stations/"]["get"]
    by_name = {parameter["name"]: parameter for parameter in stations["parameters"]}
    assert set(by_name) == {"network", "filter", "limit", "cursor", "bom", "lang"}
    assert by_name["network"]["description"] == "Name of a network."
    assert by_name["network"]["schema"]["pattern"] == "^[a-z]+$"
    assert by_name["filter"]["style"] == "deepObject"
    assert by_name["limit"]["schema"]["maximum"] == 10_000
    assert "application/x-ndjson" in stations["responses"]["200"]["content"]
    assert "/api/v1/networks/{network}/versions/{version}/stations/{number}/" in paths
    assert "/api/v1/networks/{network}/datapackage.json" in paths
    assert set(paths["/api/v1/networks/{network}/uploads/"]) == {"put"}
    export = paths["/api/v1/networks/{network}/export/"]["get"]["responses"]["200"]["content"]
    assert "application/json" not in export and "text/csv" in export


def test_operations_have_names_of_their_own():
    operations = [each for path in openapi()["paths"].values() for each in path.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names))


def test_two_endpoints_at_one_address_or_of_one_name_are_refused():
    routes = {}
    registry.add(routes, "networks/<network>/stations", StationResource, "stations")
    registry.add(routes, "networks/<network>/stations", StationResource, "stations")  # once more is the same
    with pytest.raises(ValueError, match="Two resources"):
        registry.add(routes, "networks/<version>/stations", StationResource, "others")
    with pytest.raises(ValueError, match="the name stations"):
        registry.add(routes, "stations", StationResource, "stations")
    with pytest.raises(ValueError, match="basename"):
        registry.add(routes, "networks/<network>/others", StationResource)
    with pytest.raises(ValueError, match="does not describe <colour>"):
        registry.add(routes, "networks/<colour>/others", StationResource, "others")


def test_a_literal_part_comes_before_a_placeholder_in_its_place(rf):
    routes = [Route("groups", GroupResource, "g"), Route("groups/summary", GroupResource, "s")]
    patterns = [str(pattern.pattern) for pattern in registry.urlpatterns(routes)]
    assert patterns.index("^groups/summary/?$") < patterns.index("^groups/(?P<id>[0-9a-z]+)/?$")


def test_the_root_names_addresses_that_can_be_read_as_they_are(client):
    assert [each["name"] for each in client.get("/api/v1/").json()["data"]] == ["groups"]


@pytest.mark.parametrize("address", ["", "openapi.json", "docs/", "problems/gone/"])
def test_the_kernels_own_addresses_refuse_what_they_do_not_know(client, address):
    body = problem_of(client.get(f"/api/v1/{address}", {"colour": "red"}), 400, "unknown-parameter")
    assert json.dumps(body["errors"][0]["parameter"]) == '"colour"'
    problem_of(client.post(f"/api/v1/{address}", {}), 405, "method-not-allowed")

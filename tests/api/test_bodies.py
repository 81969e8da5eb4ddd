"""Queries that are too large for an address: a JSON body, read only, with the same checks as a query string."""

import datetime
import json

import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from egov_cms.api.description import openapi
from egov_cms.api.parameters import Parameter
from egov_cms.api.problems import Problem
from egov_cms.api.queries import LARGEST_BODY, read_body, read_members

from .conftest import problem_of
from .groups import GroupResource

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.api.urls"),
    pytest.mark.usefixtures("version", "groups"),
]
QUERY = "/api/v1/networks/rivers/query"
STATIONS = "http://testserver/api/v1/networks/rivers/stations"


def ask(client, body, query="", **headers):
    data = body if isinstance(body, bytes | str) else json.dumps(body)
    return client.post(QUERY + query, data, content_type="application/json", headers=headers)


def numbers(answer):
    assert answer.status_code == 200, answer.content
    return [station["number"] for station in answer.json()["data"]]


def test_a_query_answers_as_the_address_that_it_can_be_written_as(client, groups):
    answer = ask(client, {"limit": 2, "filter": {"number": {"gt": groups[1].pk}}})
    links = answer.json()["links"]
    assert numbers(answer) == [groups[2].pk, groups[3].pk]
    assert links["self"] == f"{STATIONS}?limit=2&filter%5Bnumber%5D%5Bgt%5D={groups[1].pk}"
    by_get = client.get(links["self"])
    assert numbers(by_get) == numbers(answer)
    assert by_get.json()["links"]["next"] == links["next"]
    assert numbers(client.get(links["next"])) == [groups[4].pk, groups[5].pk]
    # One that was asked by POST goes on by POST as well.
    cursor = answer.json()["meta"]["next_cursor"]
    again = ask(client, {"limit": 2, "filter": {"number": {"gt": groups[1].pk}}, "cursor": cursor})
    assert numbers(again) == [groups[4].pk, groups[5].pk]


def test_a_query_without_an_address_goes_on_by_its_cursors(client, groups):
    body = {"where": {"any": [{"column": "name", "value": group.name} for group in groups[:3]]}, "limit": 2}
    answer = ask(client, body)
    assert numbers(answer) == [groups[0].pk, groups[1].pk]
    assert not {"self", "next"} & answer.json()["links"].keys()
    cursor = answer.json()["meta"]["next_cursor"]
    last = ask(client, {**body, "cursor": cursor})
    assert numbers(last) == [groups[2].pk]
    assert last.json()["meta"]["next_cursor"] is None
    other = {**body, "where": {"column": "name", "value": groups[0].name}, "cursor": cursor}
    refused = problem_of(ask(client, other), 400, "invalid-cursor")
    assert refused["errors"][0]["pointer"] == "#/cursor"


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"colour": 1}, "unknown-member", "#/colour"),
        ({"a/b~c d": 1}, "unknown-member", "#/a~1b~0c%20d"),
        ({"limit": "2"}, "invalid-member", "#/limit"),
        ({"limit": 2.5}, "invalid-member", "#/limit"),
        ({"limit": True}, "invalid-member", "#/limit"),
        ({"limit": 0}, "invalid-member", "#/limit"),
        ({"limit": None}, "invalid-member", "#/limit"),
        ({"name": "x"}, "invalid-member", "#/name"),
        ({"name": ["x", 7]}, "invalid-member", "#/name/1"),
        ({"name": ["x"] * 51}, "invalid-member", "#/name"),
        ({"cursor": "a:b"}, "invalid-cursor", "#/cursor"),
        ({"cursor": "?"}, "invalid-cursor", "#/cursor"),
        ({"filter": 5}, "invalid-member", "#/filter"),
        ({"filter": {"colour": {"gt": 1}}}, "unknown-member", "#/filter/colour/gt"),
        ({"filter": {"number": {"ge": 1}}}, "unknown-member", "#/filter/number/ge"),
        ({"filter": {"number": {"gt": "x"}}}, "invalid-member", "#/filter/number/gt"),
        ({"filter": {"number": {}}}, "invalid-member", "#/filter/number"),
        ({"sort": {"by": "number"}}, "invalid-member", "#/sort"),
        ({"sort": [{"by": "number"}, {"by": "name"}]}, "invalid-member", "#/sort/1/by"),
        ({"sort": [{"by": "number", "down": "true"}]}, "invalid-member", "#/sort/0/down"),
        ({"where": {"column": "name"}}, "invalid-member", "#/where/value"),
        ({"where": {"any": []}}, "invalid-member", "#/where/any"),
        (
            {"where": {"any": [{"column": "name", "value": "x"}, {"any": 1}]}},
            "invalid-member",
            "#/where/any/1/any",
        ),
        ({"where": {"any": [{"any": [{"any": []}]}]}}, "invalid-member", "#/where/any/0/any/0"),
    ],
)
def test_a_bad_member_is_pointed_at(client, body, code, pointer):
    for suffix in ("", ".csv", ".xlsx"):
        data = json.dumps(body)
        answer = client.post(QUERY + suffix, data, content_type="application/json")
        (error,) = problem_of(answer, 400, code)["errors"]
        assert error["pointer"] == pointer and "parameter" not in error


def test_a_mistyped_member_is_told_what_was_meant(client):
    (error,) = problem_of(ask(client, {"limt": 2}), 400, "unknown-member")["errors"]
    assert error["suggestion"] == "limit"


@pytest.mark.parametrize(
    "data",
    [
        " ",
        "[]",
        "7",
        "{",
        '{"limit": NaN}',
        '{"limit": 1, "limit": 2}',
        "[" * 60_000,
        b"\xff\xfe",
        "9" * 5000,
    ],
)
def test_what_is_no_json_object_is_refused(client, data):
    problem_of(ask(client, data), 400, "malformed-request")


def test_the_place_of_an_error_in_the_text_is_told(client):
    body = problem_of(ask(client, '{"limit": 2,\n "name" 5}', "?lang=en"), 400, "malformed-request")
    assert "line 2, column 9" in body["detail"]


def test_a_body_has_a_largest_size(client):
    fits = json.dumps({"where": {"column": "name", "value": "x"}}).ljust(LARGEST_BODY)
    assert ask(client, fits).status_code == 200
    problem_of(ask(client, fits + " "), 413, "body-too-large")


def test_other_types_of_bodies_are_refused(client):
    problem_of(client.post(QUERY, {"limit": 2}), 415, "unsupported-media-type")
    problem_of(ask(client, b"", **{"Content-Encoding": "gzip"}), 415, "unsupported-media-type")
    assert client.post(QUERY, "{}", content_type="application/json; charset=utf-8").status_code == 200


def test_the_query_string_of_a_query_holds_language_and_form_alone(client):
    assert ask(client, {}, "?lang=ckb")["Content-Language"] == "ckb"
    problem_of(ask(client, {}, "?limit=2"), 400, "unknown-parameter")
    excel = client.post(QUERY + ".csv?bom=1", "{}", content_type="application/json")
    assert excel.getvalue().startswith(b"\xef\xbb\xbf")


def test_a_query_needs_no_token_and_no_session_and_is_never_kept(groups):
    strict = Client(enforce_csrf_checks=True)
    answer = ask(strict, {"limit": 1})
    assert answer.status_code == 200 and not answer.cookies
    assert answer["Cache-Control"] == "no-store" and "ETag" not in answer
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "cookie" not in answer["Vary"].lower()


def test_an_address_that_is_only_read_by_get_takes_no_body(client):
    problem_of(
        client.post("/api/v1/groups/", "{}", content_type="application/json"), 405, "method-not-allowed"
    )
    problem_of(client.get(QUERY), 405, "method-not-allowed")


def test_one_address_may_take_both(rf, groups, monkeypatch):
    monkeypatch.setattr(GroupResource, "read_methods", ("get", "post"))
    view = GroupResource.as_view({"get": "list", "post": "list"}, detail=False, basename="groups")
    request = rf.post("/api/v1/groups/", '{"above": 0, "broken": false}', content_type="application/json")
    body = json.loads(view(request).content)
    assert len(body["data"]) == 7
    assert body["links"]["self"] == "http://testserver/api/v1/groups/?above=0&broken=false"


def test_the_description_has_the_body_as_it_is_checked():
    operation = openapi()["paths"]["/api/v1/networks/{network}/query/"]["post"]
    assert operation["operationId"] == "stations-query_query"
    assert {each["name"] for each in operation["parameters"]} == {"network", "lang", "bom"}
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    assert schema["additionalProperties"] is False
    assert set(schema["properties"]) == {"limit", "cursor", "filter", "where", "sort"}
    assert schema["properties"]["sort"]["items"]["properties"]["down"]["type"] == "boolean"
    assert {"413", "415"} < operation["responses"].keys()


TYPED = {
    "text": Parameter("Text."),
    "number": Parameter("Number.", kind="decimal", minimum=-5),
    "whole": Parameter("Whole number.", kind="integer"),
    "flag": Parameter("Flag.", kind="boolean"),
    "day": Parameter("Day.", kind="date", many=True),
    "needed": Parameter("Needed.", required=True, convert=str.upper),
}


def test_values_come_out_typed_and_exact():
    given = json.loads('{"number": "1250.750000000001", "flag": false, "day": ["٢٠٢٦-٠١-٣١"], "needed": "a"}')
    read = read_members(given, TYPED)
    assert str(read["number"]) == "1250.750000000001" and read["flag"] is False
    assert read["day"] == [datetime.date(2026, 1, 31)] and read["needed"] == "A"
    assert read["text"] is None
    with pytest.raises(Problem):
        read_members({"text": "a"}, TYPED)


def test_a_number_of_a_body_keeps_its_digits(rf):
    """JSON has no other numbers than decimal ones, and Python's would lose some."""
    request = rf.post("/", '{"number": 9007199254740993.10, "needed": "a"}', content_type="application/json")
    assert str(read_members(read_body(request), TYPED)["number"]) == "9007199254740993.10"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=12,
)


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(["limit", "cursor", "filter", "name", "where", "sort", "x"]), JSON))
def test_no_body_breaks_the_kernel(client, body):
    assert ask(client, body).status_code in {200, 400, 429}

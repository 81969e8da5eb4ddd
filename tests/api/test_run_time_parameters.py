"""Parameters that exist only once a data set is loaded: its columns."""

import pytest
from drf_spectacular.validation import validate_schema
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from egov_cms.api.families import Family
from egov_cms.api.parameters import Parameter
from egov_cms.api.suggestions import nearest

from .conftest import problem_of
from .stations import Filters, StationResource

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.api.urls"),
    pytest.mark.usefixtures("version", "groups"),
]
STATIONS = "/api/v1/networks/rivers/stations/"


def numbers(answer):
    return [station["number"] for station in answer.json()["data"]]


def test_a_column_filters_with_and_without_an_operator(client, groups):
    third = groups[2]
    assert numbers(client.get(STATIONS, {"filter[number]": third.pk})) == [third.pk]
    assert numbers(client.get(STATIONS, {"filter[number][lt]": third.pk})) == [groups[0].pk, groups[1].pk]
    both = {"filter[number][gt]": groups[0].pk, "filter[name]": third.name}
    assert numbers(client.get(STATIONS, both)) == [third.pk]
    assert numbers(client.get(STATIONS, {"name": [third.name, groups[5].name]})) == [third.pk, groups[5].pk]


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("filter[numbr]", "filter[number]"),
        ("filter[numbr][gt]", "filter[number]"),
        ("filter[number][gtt]", "filter[number][gt]"),
        ("filter[colour]", None),
        ("filter[name][gt]", None),
        ("filter[number][gt][x]", None),
        ("filter", "filter[…]"),
        ("filter[]", None),
        ("filter[number]x", None),
        ("filter[number", None),
        ("fliter[number]", "filter[number]"),
        ("nmae", "name"),
        ("limt", "limit"),
    ],
)
def test_an_unknown_column_is_an_error_and_the_nearest_is_suggested(client, name, suggestion):
    for address in (STATIONS, "/api/v1/networks/rivers/stations.csv"):
        (error,) = problem_of(client.get(address, {name: "1"}), 400, "unknown-parameter")["errors"]
        assert error["parameter"] == name
        assert error.get("suggestion") == suggestion


def test_a_value_is_checked_by_the_type_of_its_column(client):
    (error,) = problem_of(client.get(STATIONS, {"filter[number][gt]": "x"}), 400, "invalid-parameter")[
        "errors"
    ]
    assert error["parameter"] == "filter[number][gt]"
    assert error["pointer"] == "#/filter%5Bnumber%5D%5Bgt%5D"
    repeated = client.get(STATIONS + "?filter[number]=1&filter[number]=2")
    problem_of(repeated, 400, "invalid-parameter")


def test_columns_with_arabic_names_are_suggested_across_their_spellings():
    assert nearest("المحافظه", ["السنة", "المحافظة"]) == "المحافظة"
    assert nearest("xyz", ["المحافظة"]) == ""


def test_a_family_takes_so_many_and_no_more(client):
    family = Family("Columns.", lambda: {f"c{number}": Parameter("", kind="integer") for number in range(60)})
    from django.http import QueryDict

    from egov_cms.api.problems import Problem

    assert len(family.read("filter", QueryDict("&".join(f"filter[c{n}]=1" for n in range(50))))) == 50
    with pytest.raises(Problem, match="50"):
        family.read("filter", QueryDict("&".join(f"filter[c{n}]=1" for n in range(51))))


def test_only_the_columns_that_are_asked_for_are_described(client, monkeypatch):
    """A data set has thousands."""
    asked, found = [], Filters.__getitem__
    monkeypatch.setattr(Filters, "__getitem__", lambda self, key: asked.append(key) or found(self, key))
    client.get(STATIONS, {"filter[number]": "1"})
    assert set(asked) == {"number"}


def test_every_address_can_describe_itself_with_its_columns(client):
    link = client.get(STATIONS).json()["links"]["describedby"]
    assert link == "http://testserver/api/v1/networks/rivers/stations/openapi.json"
    answer = client.get(link)
    assert answer["Content-Type"] == "application/vnd.oai.openapi+json"
    assert answer["ETag"] and client.get(link, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    document = answer.json()
    validate_schema(document)
    (path,) = document["paths"]
    assert path == STATIONS
    operation = document["paths"][path]["get"]
    by_name = {each["name"]: each for each in operation["parameters"]}
    assert {
        "filter[number]",
        "filter[number][gt]",
        "filter[capacity][lt]",
        "filter[name]",
        "name",
    } < by_name.keys()
    assert "network" not in by_name and "filter" not in by_name
    assert by_name["filter[number][gt]"]["schema"] == {"type": "integer"}
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    assert "number" in schema["allOf"][1]["properties"]["data"]["items"]["properties"]
    problem_of(client.get("/api/v1/networks/lakes/stations/openapi.json"), 404, "not-found")
    problem_of(client.get(link, {"limit": "1"}), 400, "unknown-parameter")


def test_what_is_found_with_the_described_columns_is_found(client, groups):
    document = client.get(STATIONS + "openapi.json").json()
    (operation,) = (methods["get"] for methods in document["paths"].values())
    plain = [each["name"] for each in operation["parameters"] if each["name"].startswith("filter[number]")]
    for name in plain:
        assert client.get(STATIONS, {name: groups[0].pk}).status_code == 200


def test_a_declared_parameter_wins_over_a_column_of_its_name(client, monkeypatch):
    found = StationResource.run_time_parameters
    own = {"limit": Parameter("A column that is called so.", kind="string")}
    monkeypatch.setattr(StationResource, "run_time_parameters", lambda self: found(self) | own)
    assert client.get(STATIONS, {"limit": "2"}).json()["meta"]["limit"] == 2


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet="[]numberfiltgx", max_size=20), st.text(max_size=9))
def test_no_name_breaks_the_kernel(client, name, value):
    assert client.get(STATIONS, {f"filter{name}": value}).status_code in {200, 400, 429}

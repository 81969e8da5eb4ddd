"""Every endpoint that the OpenAPI document describes: one envelope, one shape of errors, the same fields."""

import re

import pytest

from egov_cms.api.views import openapi


@pytest.fixture
def endpoints(loaded, client):
    """`{path: address}` of what can be read: with the first item of the list above in the place of each parameter.

    None where that list is empty.
    """

    def filled(path):
        while found := re.search(r"\{(\w+)\}", path):
            listed = client.get(path[: found.start()]).json()["data"]
            rows = listed["features"] if isinstance(listed, dict) and "features" in listed else listed
            if not rows:
                return None
            value = rows[0].get(found[1], rows[0].get("id"))
            assert value is not None, f"{path}: no item of the list above has {found[1]}"
            path = f"{path[: found.start()]}{value}{path[found.end() :]}"
        return path

    return {path: filled(path) for path, methods in openapi()["paths"].items() if "get" in methods}


def required(path):
    """The query string that an endpoint asks for: the example, else a value, of each parameter without which it is 400."""
    asked = [
        parameter
        for parameter in openapi()["paths"][path]["get"]["parameters"]
        if parameter["in"] == "query" and parameter.get("required")
    ]
    return {
        parameter["name"]: parameter.get("example") or parameter["schema"].get("example", "a")
        for parameter in asked
    }


def test_every_endpoint_keeps_the_promises_of_the_api(endpoints, client, subtests):
    assert endpoints
    for path, address in endpoints.items():
        with subtests.test(path, promise="what is not there is a problem"):
            nowhere = client.get(
                re.sub(r"\{\w+\}", "00000000-0000-4000-8000-000000000000", path) + "nowhere/"
            )
            assert nowhere.status_code == 404
            assert nowhere["Content-Type"].startswith("application/problem+json")
        if address is None:
            continue
        query = required(path)
        answer = client.get(address, query)
        with subtests.test(path, promise="envelope"):
            assert answer.status_code == 200, answer.content[:500]
            assert answer["Content-Type"].startswith("application/json")
            assert {"meta", "data", "links"} <= answer.json().keys()
        with subtests.test(path, promise="open to every site, without a session"):
            assert answer["Access-Control-Allow-Origin"] == "*"
            assert not answer.cookies
        with subtests.test(path, promise="304 for whoever has it"):
            tag = answer["ETag"]
            assert tag.startswith('"')
            assert client.get(address, query, headers={"If-None-Match": tag}).status_code == 304
        with subtests.test(path, promise="unknown parameters are refused"):
            refused = client.get(address, {**query, "nonsense-of-a-test": "1"})
            assert refused.status_code == 400
            assert refused["Content-Type"].startswith("application/problem+json")
            assert "nonsense-of-a-test" in refused.content.decode()
        with subtests.test(path, promise="reading only"):
            assert client.delete(address).status_code in (403, 405)

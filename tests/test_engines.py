"""Which engines a test needs, and what is said where one is missing."""

import pytest

from tests import engines

pytest_plugins = ["pytester"]


def test_every_engine_that_is_required_is_known():
    assert engines.required("browser, data,redis") == {"browser", "data", "redis"}
    assert engines.required("") == set()
    with pytest.raises(ValueError, match="unknown brwoser; known browser, data"):
        engines.required("brwoser,data")


def test_a_fixture_or_a_marker_tells_what_is_needed():
    assert engines.needed((), ["client", "reference_data", "db"]) == ["data"]
    assert engines.needed(["elasticsearch", "django_db"], ["chromium"]) == ["browser", "elasticsearch"]
    assert engines.needed((), ["db"]) == []


@pytest.mark.parametrize(
    ("name", "variable", "value"),
    [
        ("browser", "EGOV_TEST_CHROMIUM", "/nowhere/chromium"),
        ("data", "EGOV_REFERENCE_DATA", "/nowhere/data"),
        ("elasticsearch", "EGOV_TEST_ELASTICSEARCH_URL", ""),
        ("nginx", "EGOV_TEST_NGINX", "/nowhere/nginx"),
        ("redis", "EGOV_TEST_REDIS_SERVER", "/nowhere/redis-server"),
    ],
)
def test_what_is_missing_is_told_with_the_variable_that_names_it(monkeypatch, name, variable, value):
    monkeypatch.delenv("EGOV_TEST_REDIS_URL", raising=False)
    monkeypatch.setenv(variable, value)
    reason = engines.ENGINES[name]()
    assert variable in reason or "EGOV_TEST_REDIS_URL" in reason


@pytest.mark.parametrize(("required", "outcome"), [("", "skipped"), ("data", "errors")])
def test_a_missing_engine_is_a_skip_and_a_failure_where_it_is_required(
    pytester, monkeypatch, required, outcome
):
    pytester.makeconftest("from tests.conftest import pytest_runtest_setup, reference_data")
    pytester.makepyfile("def test_it(reference_data): ...")
    monkeypatch.setenv("EGOV_REFERENCE_DATA", "/nowhere/data")
    monkeypatch.setenv("EGOV_TEST_REQUIRE", required)
    result = pytester.runpytest_inprocess("-ra", "-p", "no:django", "-p", "no:cacheprovider")
    result.assert_outcomes(**{outcome: 1})
    result.stdout.fnmatch_lines(["*data: /nowhere/data holds no reference data (EGOV_REFERENCE_DATA)*"])

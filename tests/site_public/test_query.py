"""The normalised query string that a public page gets."""

from hypothesis import given
from hypothesis import strategies as st

from egov_cms.site.query_parameters import normalise_query


def test_unknown_parameters_are_removed():
    assert normalise_query("utm_source=x&page=2&fbclid=abc") == ("page=2", True)


def test_order_and_repetition_make_no_other_query():
    assert normalise_query("year=2026&page=2")[0] == normalise_query("page=2&year=2026&page=2")[0]


def test_an_invalid_page_number_is_removed():
    for value in ("abc", "-1", "0", "1e9", "99999", "", "%00"):
        assert normalise_query(f"page={value}") == ("", True)


def test_free_text_is_passed_on_but_not_cached():
    query, is_cacheable = normalise_query("q=%D8%A5%D8%AC%D8%A7%D8%B2%D8%A9&page=2")
    assert query == "page=2&q=%D8%A5%D8%AC%D8%A7%D8%B2%D8%A9"
    assert not is_cacheable


def test_several_values_of_a_facet_are_kept():
    assert normalise_query("audience=youth&audience=women") == ("audience=women&audience=youth", True)


def test_very_long_queries_are_removed():
    assert normalise_query("tag=" + "a" * 5000) == ("", True)


def test_many_facets_are_passed_on_but_not_cached():
    query, is_cacheable = normalise_query("&".join(f"tag=value{number}" for number in range(60)))
    assert query.count("tag=") == 60
    assert not is_cacheable


@given(st.text(max_size=300))
def test_normalising_twice_changes_nothing(query):
    once, is_cacheable = normalise_query(query)
    assert normalise_query(once) == (once, is_cacheable)

"""Any bytes are read or refused with a reason; nothing else comes out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egov_cms.services.importing import values
from egov_cms.services.importing.report import Report
from egov_cms.services.importing.yaml_services import read
from egov_cms.services.importing.yaml_text import YamlProblem, load

LANGUAGES = ["ar", "ckb", "en"]
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
KEYS = st.sampled_from(
    [
        *("id", "title", "summary", "eligibility", "ministry", "unit", "audience", "life_events"),
        *("documents", "fees", "duration", "visits", "steps", "channels", "output", "synonyms"),
        *("legal_basis", "proxy_allowed", "faq", "related", "requirements", "not_applicable"),
    ]
)


def readings(document):
    import yaml

    report = Report("any.yaml")
    catalogue = read(yaml.safe_dump(document, allow_unicode=True).encode(), "any.yaml", report, LANGUAGES)
    return catalogue, report


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes(data):
    try:
        load(data)
    except YamlProblem as problem:
        assert str(problem) and problem.line >= 0


@settings(max_examples=80, deadline=None)
@given(st.lists(st.dictionaries(KEYS | st.text(max_size=8), PLAIN, max_size=6), max_size=3))
def test_any_services(services):
    catalogue, report = readings({"services": services})
    assert len(catalogue.services) == len(services)
    assert report.refused or not services or all(service.code for service in catalogue.services)
    assert all(problem.message and problem.code for problem in report.refused)


@given(PLAIN)
def test_any_document(document):
    _catalogue, report = readings(document)
    assert report.refused


@given(st.integers(-(10**18), 10**18))
def test_whole_numbers_survive_any_digits(number):
    grouped = f"{number:,}".translate(str.maketrans("0123456789,", "٠١٢٣٤٥٦٧٨٩٬"))
    if 0 <= number <= values.LARGEST_AMOUNT:
        assert values.whole(grouped) == values.whole(number) == number
    else:
        with pytest.raises(values.Refused):
            values.whole(grouped)


def test_a_key_given_twice_names_its_line():
    with pytest.raises(YamlProblem) as refused:
        load(b"a: 1\nb: 2\na: 3")
    assert refused.value.line == 3


def test_a_bare_word_after_a_comma_is_not_taken_for_text():
    _catalogue, report = readings(
        {"services": [{"id": "IQ-MOI-001", "title": {"ar": "عنوان", "issuer": None}}]}
    )
    assert ("title.issuer", "unknown_key") in {(each.field, each.code) for each in report.refused}

"""Any YAML document is read or refused with a reason."""

from hypothesis import given
from hypothesis import strategies as st

from egov_cms.exchange.report import Report
from egov_cms.services.importing.plain import PlainCatalogue
from egov_cms.services.importing.yaml_reader import read_yaml

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
    catalogue = read_yaml(yaml.safe_dump(document, allow_unicode=True).encode(), report, LANGUAGES)
    return catalogue or PlainCatalogue(), report


@given(st.lists(st.dictionaries(KEYS | st.text(max_size=8), PLAIN, max_size=6), max_size=3))
def test_any_services(services):
    catalogue, report = readings({"services": services})
    assert len(catalogue.services) == len(services)
    assert report.errors or not services or all(service.code for service in catalogue.services)
    assert all(problem.message and problem.code for problem in report.errors)


@given(PLAIN)
def test_any_document(document):
    _catalogue, report = readings(document)
    assert report.errors


def test_a_bare_word_after_a_comma_is_not_taken_for_text():
    _catalogue, report = readings(
        {"services": [{"id": "IQ-MOI-001", "title": {"ar": "عنوان", "issuer": None}}]}
    )
    assert ("title.issuer", "unknown_key") in {(each.field, each.code) for each in report.errors}

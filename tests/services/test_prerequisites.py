"""Prerequisites of services: inferred from the required evidence and its issuing services."""

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from hypothesis import given
from hypothesis import strategies as st

from egov_cms.services.exports import cpsv
from egov_cms.services.models import (
    DocumentType,
    LifeEventPage,
    LifeEventService,
    ServiceDocument,
    ServicePage,
    ServiceRelation,
    ServiceSnapshot,
)
from egov_cms.services.snapshots import prerequisites, store
from egov_cms.site.publication import changed
from tests.services.conftest import add_rows

LANGUAGES = ("ar", "ckb", "en")
CODES = st.sampled_from("ABCDEF")


def as_graph(pairs):
    return {code: frozenset(other for each, other in pairs if each == code) for code, _other in pairs}


GRAPHS = st.sets(st.tuples(CODES, CODES), max_size=12).map(as_graph)


@given(GRAPHS, CODES)
def test_prerequisites_have_no_cycles(graph, code):
    first = prerequisites.without_cycles(code, graph.get(code, ()), graph)
    assert code not in first
    for other in first:
        assert code not in prerequisites.all_prerequisites(other, graph)


@pytest.mark.django_db  # a new page queries the default language
@given(GRAPHS)
def test_a_list_is_ordered_by_prerequisites(graph):
    pages = [ServicePage(service_code=code) for code in "FEDCBA"]
    placed = [page.service_code for page in prerequisites.in_order(pages, graph)]
    assert sorted(placed) == sorted("FEDCBA")
    for code in placed:
        for other in prerequisites.without_cycles(code, graph.get(code, ()), graph):
            assert placed.index(other) < placed.index(code)


@pytest.fixture
def issued(service):
    """`issued("national_id", "IQ-MOI-001")`: this service issues this document type."""

    def set_issuer(document_type, code):
        DocumentType.objects.filter(code=document_type).update(issuing_service=service(code))
        store.refresh()
        cache.clear()

    return set_issuer


def first_on_page(client, page):
    cache.clear()
    answer = client.get(page.url)
    assert answer.status_code == 200
    section = BeautifulSoup(answer.content, "html.parser").select_one("#first")
    return [link["href"] for link in section.select("a")] if section else []


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_service_that_issues_a_required_document_comes_first(issued, service, client, language):
    page = service("IQ-MOI-004", language)
    assert first_on_page(client, page) == []
    issued("national_id", "IQ-MOI-001")
    assert first_on_page(client, page) == [service("IQ-MOI-001", language).url]
    # The list of documents has the same link next to the document.
    text = client.get(page.url).content.decode()
    assert str(DocumentType.objects.get(code="national_id").name[language]) in text


@pytest.mark.django_db
def test_conditional_documents_and_alternatives_are_no_prerequisites(issued, service, client):
    issued("passport", "IQ-MOI-001")
    # A passport is required for renewals only.
    assert first_on_page(client, service("IQ-MOI-003", "en")) == []
    issued("national_id", "IQ-MOI-001")
    driving = service("IQ-MOI-004", "en")
    ServiceDocument.objects.filter(page__service_code="IQ-MOI-004").update(alternative_group="identity")
    changed(driving, "saved")
    assert first_on_page(client, driving) == []


@pytest.mark.django_db
def test_a_service_is_not_its_own_prerequisite_alone_or_in_a_cycle(issued, service, client):
    issued("national_id", "IQ-MOI-004")
    assert first_on_page(client, service("IQ-MOI-004", "en")) == []
    # A cycle: the card requires a residence card, which the service of driving licences issues.
    issued("national_id", "IQ-MOI-001")
    issued("residence_card", "IQ-MOI-004")
    assert first_on_page(client, service("IQ-MOI-004", "en")) == []
    assert first_on_page(client, service("IQ-MOI-001", "en")) == []
    assert service("IQ-MOI-001", "en").url in first_on_page(client, service("IQ-MOI-003", "en"))


@pytest.mark.django_db
def test_a_prerequisite_of_the_editor_is_listed_once(issued, service, client):
    page, other = service("IQ-MOI-007", "en"), service("IQ-MOI-004")
    add_rows(ServiceRelation, "IQ-MOI-007", key="N1", target=other, kind="requires")
    assert first_on_page(client, page) == [service("IQ-MOI-004", "en").url]
    soup = BeautifulSoup(client.get(page.url).content, "html.parser")
    assert soup.select_one("#related") is None


@pytest.mark.django_db
def test_the_api_and_linked_data_have_the_same_prerequisites(
    issued, service, client, django_assert_max_num_queries
):
    issued("national_id", "IQ-MOI-001")
    with django_assert_max_num_queries(8):
        from_api = client.get("/api/v1/services/IQ-MOI-004/").json()["data"]["prerequisites"]
    assert from_api == [{"service": "IQ-MOI-001", "documents": ["national_id"]}]
    documents = list(ServiceSnapshot.objects.order_by("-service_code").values_list("document", flat=True))
    nodes = {node["@id"]: node for node in cpsv.document(documents, "https://example.gov.iq")["@graph"]}
    driving = nodes["https://example.gov.iq/id/service/IQ-MOI-004"]
    assert driving["dct:requires"] == [{"@id": "https://example.gov.iq/id/service/IQ-MOI-001"}]
    # A document with a single service has no references to others: their class could not be checked.
    alone = cpsv.document(
        [document for document in documents if document["code"] == "IQ-MOI-004"], "https://x"
    )
    assert all("dct:requires" not in node for node in alone["@graph"])


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_event_lists_services_after_their_prerequisites(issued, service, client, language):
    issued("national_id", "IQ-MOI-001")
    event = LifeEventPage.objects.get(event__code="identity", locale__language_code=language)
    cache.clear()
    soup = BeautifulSoup(client.get(event.url).content, "html.parser")
    titles = [heading.get_text() for heading in soup.select("ol.results h3")]
    card, passport = (service(code, language).title for code in ("IQ-MOI-001", "IQ-MOI-003"))
    assert titles.index(card) < titles.index(passport)
    item = soup.select("ol.results > li")[titles.index(passport)]
    assert card in item.select_one(".meta").get_text()
    # Rows of the editor come first.
    LifeEventService.objects.create(
        page=event, locale=event.locale, service=service("IQ-MOI-003"), note="Note of the editor"
    )
    cache.clear()
    soup = BeautifulSoup(client.get(event.url).content, "html.parser")
    assert soup.select_one("ol.results h3").get_text() == passport
    assert "Note of the editor" in soup.select_one("ol.results .meta").get_text()

import json

import pytest
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, XSD

from egov_cms.services.exports import cpsv, schema_org
from egov_cms.services.models import ServicePage, ServiceSnapshot

CV = Namespace("http://data.europa.eu/m8g/")
BASE = "https://mop.example.iq"


def graph_of(documents):
    return Graph().parse(data=json.dumps(cpsv.document(documents, BASE)), format="json-ld")


def conforms(graph, shapes):
    # A slow import, so only where it is needed.
    from pyshacl import validate

    return validate(graph, shacl_graph=shapes, advanced=True)[0]


def test_the_whole_catalogue_conforms_to_cpsv_ap(documents, shapes):
    assert len(documents) == 30
    assert conforms(graph_of(documents), shapes)


def test_a_single_service_conforms_on_its_own(documents, shapes):
    for document in documents[::10]:
        assert conforms(graph_of([document]), shapes), document["code"]


def test_the_shapes_refuse_a_ministry_without_its_place(documents, shapes):
    graph = graph_of(documents[:1])
    ministry = next(graph.objects(None, CV.hasCompetentAuthority))
    graph.remove((ministry, DCTERMS.spatial, None))
    assert not conforms(graph, shapes)


def test_the_graph_has_fees_times_and_titles(documents):
    licence = next(document for document in documents if document["code"] == "IQ-MOI-004")
    graph = graph_of([licence])
    service = URIRef(f"{BASE}/id/service/IQ-MOI-004")
    titles = {title.language for title in graph.objects(service, DCTERMS.title)}
    assert titles == {"ar", "ckb", "en"}
    costs = {float(graph.value(cost, CV.hasValue)) for cost in graph.objects(service, CV.hasCost)}
    assert costs == {50_000.0, 10_000.0}
    # 15 working days are three weeks of the calendar.
    assert graph.value(service, CV.processingTime) == Literal("P21D", datatype=XSD.duration)


def test_a_free_service_costs_zero(documents):
    free = next(document for document in documents if document["is_free"])
    graph = graph_of([free])
    assert [float(value) for value in graph.objects(None, CV.hasValue)] == [0.0]


@pytest.mark.parametrize(
    ("amount", "unit", "expected"),
    [
        (5, "working_day", "P7D"),
        (1, "working_day", "P2D"),
        (30, "minute", "PT30M"),
        (2, "hour", "PT2H"),
        (3, "month", "P3M"),
    ],
)
def test_durations_are_xsd_durations(amount, unit, expected):
    assert cpsv.duration(amount, unit)["@value"] == expected


def test_no_time_is_no_duration():
    assert cpsv.duration(None, "hour") is None
    assert cpsv.duration(3, "") is None


def test_schema_org_has_the_service_its_steps_and_its_offers(documents):
    licence = next(document for document in documents if document["code"] == "IQ-MOI-004")
    nodes = {node["@type"]: node for node in schema_org.document([licence], "ckb", BASE)["@graph"]}
    service = nodes["GovernmentService"]
    assert service["name"] == licence["title"]["ckb"]
    assert {offer["priceSpecification"]["price"] for offer in service["offers"]} == {"50000", "10000"}
    assert [step["position"] for step in nodes["HowTo"]["step"]] == list(range(1, len(licence["steps"]) + 1))
    assert service["serviceOperator"]["name"] == licence["unit"]["name"]["ckb"]


def test_an_unpublished_translation_is_removed_from_the_document(
    catalogue, db, django_capture_on_commit_callbacks
):
    page = ServicePage.objects.get(service_code="IQ-MOI-004", locale__language_code="ckb")
    with django_capture_on_commit_callbacks(execute=True):
        page.unpublish()
    assert set(ServiceSnapshot.objects.get(service_code="IQ-MOI-004").document["title"]) == {"ar", "en"}


def test_the_document_of_an_unpublished_service_is_deleted(catalogue, db, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        ServicePage.objects.get(service_code="IQ-MOI-004", locale__language_code="ar").unpublish()
    assert not ServiceSnapshot.objects.filter(service_code="IQ-MOI-004").exists()


def test_a_renamed_record_updates_every_document_that_refers_to_it(
    catalogue, db, django_capture_on_commit_callbacks
):
    from egov_cms.services.models import DocumentType

    with django_capture_on_commit_callbacks(execute=True):
        paper = DocumentType.objects.get(code="photo")
        paper.name = {**paper.name, "en": "Passport photograph"}
        paper.save()
    named = ServiceSnapshot.objects.filter(document__icontains="Passport photograph")
    assert (
        named.count()
        == ServicePage.objects.filter(
            documents__document_type__code="photo", locale__language_code="ar"
        ).count()
    )


def test_updating_thirty_services_takes_at_most_forty_queries(catalogue, db, django_assert_max_num_queries):
    from egov_cms.services.snapshots import store

    with django_assert_max_num_queries(40):
        assert store.refresh() == 0

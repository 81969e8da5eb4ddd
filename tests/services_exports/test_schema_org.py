"""schema.org of services: in the API, at the URL of the page, as Turtle."""

import socket

import pytest
from rdflib import Graph, Namespace, URIRef

from egov_cms.services.exports import schema_org

pytestmark = pytest.mark.usefixtures("catalogue", "db")
SCHEMA = Namespace("https://schema.org/")
LICENCE = "/api/v1/services/IQ-MOI-004"


def nodes_of(body):
    return {node["@type"]: node for node in body["@graph"]}


def test_a_service_has_its_steps_and_breadcrumbs(client):
    parameters = {"profile": "schema", "lang": "en"}
    body = client.get(LICENCE + "/", parameters, headers={"Accept": "application/ld+json"}).json()
    assert body == client.get(LICENCE + ".jsonld", parameters).json()
    assert body["@context"] == "https://schema.org"
    nodes = nodes_of(body)
    assert set(nodes) == {"GovernmentService", "HowTo", "BreadcrumbList"}
    service = nodes["GovernmentService"]
    assert service["name"] == "Get a private driving licence"
    assert service["url"] == "http://testserver/en/services/get-a-private-driving-licence/"
    assert {offer["priceSpecification"]["price"] for offer in service["offers"]} == {"50000", "10000"}
    assert nodes["HowTo"]["step"][0]["name"] == "Fill in the online form"
    breadcrumbs = nodes["BreadcrumbList"]["itemListElement"]
    assert [item["position"] for item in breadcrumbs] == [1, 2, 3]
    assert [item["item"] for item in breadcrumbs] == [
        "http://testserver/en/",
        "http://testserver/en/services/",
        service["url"],
    ]


def test_the_format_of_the_page_equals_the_api(client):
    from_page = client.get("/en/services/get-a-private-driving-licence.jsonld", {"profile": "schema"}).json()
    assert from_page == client.get(LICENCE + ".jsonld", {"profile": "schema", "lang": "en"}).json()


def test_a_list_of_services(client):
    body = client.get("/api/v1/services.jsonld", {"profile": "schema", "lang": "ckb", "limit": 10}).json()
    services = [node for node in body["@graph"] if node["@type"] == "GovernmentService"]
    assert len(services) == 10
    assert all(node["inLanguage"] == "ckb" and node["name"] for node in services)


def test_turtle_is_written_without_network_access(client, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket, "create_connection", refuse)
    answer = client.get(LICENCE + ".ttl", {"profile": "schema", "lang": "en"})
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/turtle")
    graph = Graph().parse(data=answer.content, format="turtle")
    service = next(graph.subjects(SCHEMA.identifier, None))
    address = URIRef("http://testserver/en/services/get-a-private-driving-licence/")
    assert graph.value(service, SCHEMA.url) == address


def test_common_questions_are_a_faq_page(documents):
    questions = [
        {"question": {"ar": "سؤال", "en": "May a friend go?"}, "answer": {"ar": "جواب", "en": "No."}},
        {"question": {"ar": "سؤال آخر"}, "answer": {"ar": "جواب آخر"}},
    ]
    document = next(each for each in documents if each["code"] == "IQ-MOI-004") | {"faqs": questions}
    page = nodes_of(schema_org.document([document], "en", "https://mop.example.iq"))["FAQPage"]
    assert [(entry["name"], entry["acceptedAnswer"]["text"]) for entry in page["mainEntity"]] == [
        ("May a friend go?", "No.")
    ]


def test_a_service_without_this_language_is_in_its_own(documents):
    document = next(each for each in documents if each["code"] == "IQ-MOI-004")
    only_arabic = document | {
        "title": {"ar": document["title"]["ar"]},
        "urls": {"ar": document["urls"]["ar"]},
    }
    nodes = nodes_of(schema_org.document([only_arabic], "en", "https://mop.example.iq"))
    assert nodes["GovernmentService"]["inLanguage"] == "ar"
    assert nodes["GovernmentService"]["url"].startswith("https://mop.example.iq/ar/")

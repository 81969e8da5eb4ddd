"""`/api/v1/search/` returns the same results as the search page."""

import html
import re
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from egov_cms.search import rebuild
from egov_cms.search.models import PromotedResult

pytestmark = pytest.mark.usefixtures("indexed", "db")
QUERIES = [
    ("ar", "رخصة قيادة"),
    ("ar", "جواز"),
    ("ckb", "پاسپۆرت"),
    ("en", "licence"),
    ("en", "national card"),
]


@pytest.fixture(scope="module")
def indexed(catalogue, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        rebuild()
        yield
        transaction.set_rollback(True)


def search_json(client, **query):
    answer = client.get("/api/v1/search/", query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def urls_on_page(client, language, **query):
    with translation.override(language):
        page = client.get(reverse("egov_search"), query).content.decode()
    own = page.partition('<ol class="results')[2].partition("</ol>")[0]
    return [html.unescape(url) for url in re.findall(r'<h\d[^>]*><a[^>]* href="([^"]+)"', own)]


@pytest.mark.parametrize(("language", "text"), QUERIES)
def test_the_same_hits_in_the_same_order_as_the_page(client, language, text):
    body = search_json(client, q=text, lang=language)
    urls = [urlsplit(hit["url"]).path for hit in body["data"]]
    assert urls and urls == urls_on_page(client, language, q=text)
    for hit in body["data"]:
        assert set(hit) == {"id", "type", "title", "url", "locale", "summary", "highlight"}
        assert hit["locale"] == language and hit["url"].startswith("http://testserver/")
        assert hit["id"]


def test_a_hit_has_the_service_code_and_a_highlight(client):
    body = search_json(client, q="driving licence", lang="en")
    first = body["data"][0]
    assert (first["id"], first["type"]) == ("IQ-MOI-004", "service")
    assert any("<mark>" in hit["highlight"] for hit in body["data"])


def test_the_next_links_lead_through_all_pages(client):
    ids, body = [], search_json(client, type="service", lang="en", q="")
    total = body["meta"]["total"]
    assert total == 30 and body["meta"]["pages"] == 3
    answer = client.get("/api/v1/search/", {"type": "service", "lang": "en"})
    assert 'rel="next"' in answer["Link"]
    while True:
        ids += [hit["id"] for hit in body["data"]]
        if "next" not in body["links"]:
            break
        body = client.get(body["links"]["next"]).json()
    assert len(ids) == len(set(ids)) == total
    assert search_json(client, type="service", lang="en", page=4)["data"] == []


def test_facets_count_and_narrow(client):
    body = search_json(client, q="licence", lang="en")
    types = {value["value"]: value for value in body["meta"]["facets"]["type"]}
    assert types["service"]["label"] == "Services"
    narrowed = search_json(client, q="licence", lang="en", type="service")
    assert narrowed["meta"]["total"] == types["service"]["count"]
    online = next(value for value in narrowed["meta"]["facets"]["channel"] if value["count"])
    fewer = search_json(client, q="licence", lang="en", type="service", channel=online["value"])
    assert fewer["meta"]["total"] == online["count"]


def test_a_misspelt_query_gets_a_suggestion(client):
    assert search_json(client, q="drivng licence", lang="en")["meta"]["suggestion"] == "driving licence"


def test_other_languages_and_promoted_results_are_separate(client):
    body = search_json(client, q="رخصة", lang="en")
    assert all(hit["locale"] == "en" for hit in body["data"])
    assert body["meta"]["other_languages"]
    assert {hit["locale"] for hit in body["meta"]["other_languages"]} <= {"ar", "ckb"}
    PromotedResult.objects.create(query="passport", locale="en", title="Passports", url="/en/services/")
    promoted = search_json(client, q="passport", lang="en")["meta"]["promoted"]
    assert [(hit["title"], hit["url"]) for hit in promoted] == [
        ("Passports", "http://testserver/en/services/")
    ]


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("type=nothing", "type"),
        ("page=0", "page"),
        ("page=51", "page"),
        ("page=x", "page"),
        ("lang=fr", "lang"),
        ("q=a&q=b", "q"),
        ("q=%00", "q"),
        ("q=" + "a" * 201, "q"),
        ("colour=red", "colour"),
        ("limit=5", "limit"),
    ],
)
def test_an_invalid_parameter_is_named(client, query, pointer):
    answer = client.get(f"/api/v1/search/?{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == pointer


def test_an_empty_query_has_no_results(client):
    body = search_json(client)
    assert body["data"] == [] and body["meta"]["total"] == 0
    assert body["meta"]["facets"] == {} and body["meta"]["suggestion"] == ""


def test_an_unchanged_answer_is_304_and_a_changed_one_is_not(client):
    address = "/api/v1/search/?q=passport&lang=en"
    tag = client.get(address)["ETag"]
    same = client.get(address, headers={"If-None-Match": tag})
    assert same.status_code == 304 and same["ETag"] == tag and not same.content
    assert same["Access-Control-Allow-Origin"] == "*" and "RateLimit" in same
    # A promoted result is not a publication, but it changes the response.
    PromotedResult.objects.create(query="passport", locale="en", title="Passports", url="/en/services/")
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("text", ["'; DROP TABLE x --", "a OR b AND (c", '"', "😀", "\u202e\u0301", "*", "%"])
def test_any_text_is_a_valid_query(client, text):
    assert isinstance(search_json(client, q=text)["data"], list)


def test_a_search_runs_at_most_twenty_queries(client, django_assert_max_num_queries):
    cache.clear()
    with django_assert_max_num_queries(20):
        search_json(client, q="licence", lang="en")

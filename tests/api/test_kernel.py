import codecs
import csv
import gzip
import io
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import Group
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from egov_cms.api import description, views
from egov_cms.api.description import openapi

from .conftest import problem_of
from .groups import GroupResource

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.api.urls"),
    pytest.mark.usefixtures("version"),
]
LIST = "/api/v1/groups/"


def test_a_list_has_the_envelope_and_names_its_licence(client, groups):
    response = client.get(LIST, {"lang": "ar"})
    body = response.json()
    assert set(body) == {"meta", "data", "links"}
    assert body["meta"]["language"] == "ar" and body["meta"]["licence"].startswith("https://")
    assert body["data"][0]["name"] == "مجموعة 000"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Content-Language"] == "ar"
    assert "sessionid" not in response.cookies and "csrftoken" not in response.cookies


def test_cursors_walk_every_item_once_and_the_link_header_agrees(client, groups):
    seen, url = [], LIST + "?limit=3"
    while url:
        response = client.get(url)
        body = response.json()
        seen += [item["id"] for item in body["data"]]
        url = body["links"].get("next")
        assert (f'<{url}>; rel="next"' in response.get("Link", "")) is bool(url)
    assert seen == sorted(group.pk for group in groups)


@pytest.mark.parametrize(
    ("query", "code", "pointer"),
    [
        ("?colour=red", "unknown-parameter", "colour"),
        ("?kind=c", "invalid-parameter", "kind"),
        ("?above=x", "invalid-parameter", "above"),
        ("?above=-1", "invalid-parameter", "above"),
        ("?above=1&above=2", "invalid-parameter", "above"),
        ("?broken=perhaps", "invalid-parameter", "broken"),
        ("?name=%00", "invalid-parameter", "name"),
        ("?name=", "invalid-parameter", "name"),
        ("?name=" + "a" * 201, "invalid-parameter", "name"),
        ("?" + "&".join(f"name={number}" for number in range(51)), "invalid-parameter", "name"),
        ("?above=1_0", "invalid-parameter", "above"),
        ("?above=", "invalid-parameter", "above"),
        ("?lang=xx", "invalid-parameter", "lang"),
        ("?limit=0", "invalid-parameter", "limit"),
        ("?limit=501", "invalid-parameter", "limit"),
        ("?cursor=!!", "invalid-cursor", "cursor"),
        ("?cursor=cD1h", "invalid-cursor", "cursor"),
    ],
)
def test_a_bad_parameter_is_refused_and_named(client, query, code, pointer):
    body = problem_of(client.get(LIST + query), 400, code)
    assert body["errors"][0]["parameter"] == pointer
    assert body["errors"][0]["pointer"] == f"#/{pointer}"


def test_eastern_digits_are_numbers(client, groups):
    assert len(client.get(LIST, {"above": "٠"}).json()["data"]) == 7


@pytest.mark.parametrize(("language", "word"), [("ar", "المعلمة"), ("ckb", "پارامێتەر"), ("en", "parameter")])
def test_a_problem_speaks_the_readers_language(client, language, word):
    for response in (
        client.get(LIST, {"x": "1"}, headers={"Accept-Language": language}),
        client.get(LIST, {"x": "1", "lang": language}, headers={"Accept-Language": "fr"}),
    ):
        assert word in problem_of(response, 400, "unknown-parameter")["title"]
        assert response["Content-Language"] == language


def test_a_cookie_chooses_no_language(client, settings, groups):
    """The answer does not vary by cookies, so none may change it."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert client.get(LIST)["Content-Language"] == "ar"


def test_other_addresses_methods_and_formats_are_problems_too(client, groups):
    problem_of(client.get("/api/v1/nothing"), 404, "not-found")
    problem_of(client.get("/api/v1/groups/999999/"), 404, "not-found")
    problem_of(client.get("/api/v1/groups/abc/"), 404, "not-found")
    problem_of(client.get("/api/v1/groups.pdf"), 404, "not-found")
    problem_of(client.post(LIST, {}), 405, "method-not-allowed")
    problem_of(client.get(LIST, headers={"Accept": "image/png"}), 406, "not-acceptable")


def test_names_of_parameters_are_escaped_in_pointers(client):
    body = problem_of(client.get(LIST, {"a/b~c d": "1"}), 400, "unknown-parameter")
    assert body["errors"][0]["pointer"] == "#/a~1b~0c%20d"


def test_more_parameters_than_can_be_read_are_a_problem(client, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
    problem_of(client.get(LIST + "?a=1&b=2&c=3&d=4"), 400, "malformed-request")


def test_a_refused_method_is_told_which_there_are(client):
    for method in (client.put, client.patch, client.delete, client.trace):
        response = method(LIST)
        problem_of(response, 405, "method-not-allowed")
        assert set(response["Allow"].replace(" ", "").split(",")) == {"GET", "HEAD", "OPTIONS"}


def test_a_head_has_the_fields_of_the_answer_and_no_body(client, groups):
    whole, head = client.get(LIST), client.head(LIST)
    assert head.status_code == 200 and not head.content
    assert head["ETag"] == whole["ETag"] and head["Content-Type"] == whole["Content-Type"]


def test_problems_carry_the_fields_of_the_other_answers(client):
    response = client.get(LIST, {"x": "1"})
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["RateLimit"] and response["Cache-Control"] == "no-store"
    assert "ETag" not in response


def test_the_catalogue_of_apis_leads_to_all_of_it(client, monkeypatch):
    """RFC 9727 over RFC 9264. What the site exports follows (tests/services_exports)."""
    monkeypatch.setattr(views.catalogued, "_function", None)
    answer = client.get("/.well-known/api-catalog")
    assert (
        answer["Content-Type"]
        == 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"'
    )
    assert answer["Link"] == '<http://testserver/.well-known/api-catalog>; rel="api-catalog"'
    items, api = answer.json()["linkset"]
    assert items["item"] == [{"href": "http://testserver/api/v1/"}]
    assert api["anchor"] == "http://testserver/api/v1/"
    for relation in ("service-desc", "service-doc", "status"):
        assert client.get(api[relation][0]["href"]).status_code in (200, 503), relation
    assert client.head("/.well-known/api-catalog")["Link"] == answer["Link"]


@pytest.mark.parametrize("address", ["", "openapi.json", "problems/not-found/"])
def test_the_kernels_own_answers_are_open_and_tagged(client, address):
    answer = client.get(f"/api/v1/{address}")
    assert answer["Access-Control-Allow-Origin"] == "*" and "public" in answer["Cache-Control"]
    again = client.get(f"/api/v1/{address}", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("language", ["ar", "ckb", "en"])
def test_the_page_of_the_api_speaks_the_readers_language(client, language):
    page = client.get("/api/v1/docs/", {"lang": language})
    assert page.status_code == 200 and "Accept-Language" in page["Vary"]
    html = page.content.decode()
    assert f'<html lang="{language}"' in html
    assert "groups_list" in html and "<script>" not in html
    assert "POST /api/v1/networks/{network}/query/" in html and "stations-query_query-members" in html
    assert {f'href="?lang={code}"' in html for code in ("ar", "ckb", "en")} == {True}


def test_a_defect_is_reported_as_a_problem_without_its_text(client, caplog):
    client.raise_request_exception = False
    body = problem_of(client.get(LIST, {"broken": "true"}), 500, "internal-error")
    assert "as asked" not in json.dumps(body)
    assert "as asked" in caplog.text


def test_an_unchanged_answer_is_304_and_asks_no_table(client, groups, version, django_assert_num_queries):
    first = client.get(LIST)
    tag = first["ETag"]
    assert tag.startswith('"')
    with django_assert_num_queries(0):
        again = client.get(LIST, headers={"If-None-Match": tag})
    assert again.status_code == 304 and again["ETag"] == tag and not again.content
    version[0] = "2"
    assert client.get(LIST, headers={"If-None-Match": tag}).status_code == 200
    assert client.get(LIST + "?limit=2", headers={"If-None-Match": tag}).status_code == 200
    assert client.get(LIST + "?lang=ckb", headers={"If-None-Match": tag}).status_code == 200


def test_compressed_answers_keep_a_strong_tag_of_their_own(client, groups):
    plain = client.get(LIST)
    packed = client.get(LIST, headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(packed.content)) == plain.json()
    assert packed["ETag"].startswith('"') and packed["ETag"] != plain["ETag"]
    again = client.get(LIST, headers={"If-None-Match": packed["ETag"], "Accept-Encoding": "gzip"})
    assert again.status_code == 304


def test_csv_is_faithful_and_for_excel_it_is_guarded(client, groups):
    for name in ("=HYPERLINK(1)", "-5", "+9647701234567"):
        Group.objects.create(name=name)
    faithful = client.get("/api/v1/groups.csv").content
    assert client.get("/api/v1/groups/?bom=0", headers={"Accept": "text/csv"}).content == faithful
    assert not faithful.startswith(codecs.BOM_UTF8)
    names = [row[1] for row in csv.reader(io.StringIO(faithful.decode(), newline=""))]
    assert set(names) == {"name", *Group.objects.values_list("name", flat=True)}
    for address in ("/api/v1/groups.csv?bom=1", "/api/v1/groups.csv?bom=true"):
        excel = client.get(address)
        assert excel.content.startswith(codecs.BOM_UTF8)
        lines = excel.content.decode("utf-8-sig").splitlines()
        found = {line.partition(",")[2] for line in lines}
        assert {"'=HYPERLINK(1)", "-5", "+9647701234567"} < found and len(lines) == 11


def test_bom_belongs_to_addresses_that_have_csv(client, groups):
    assert client.get("/api/v1/groups/", {"bom": "1"}).status_code == 200
    problem_of(client.get(f"/api/v1/groups/{groups[0].pk}/", {"bom": "1"}), 400, "unknown-parameter")
    problem_of(client.get("/api/v1/groups.csv", {"bom": "perhaps"}), 400, "invalid-parameter")


@pytest.mark.parametrize(("language", "is_turned"), [("ar", True), ("ckb", True), ("en", False)])
def test_a_workbook_has_numbers_as_numbers_and_the_direction_of_its_language(
    client, groups, language, is_turned
):
    Group.objects.create(name="=HYPERLINK(1)")
    sheet = load_workbook(io.BytesIO(client.get("/api/v1/groups.xlsx", {"lang": language}).content)).active
    assert bool(sheet.sheet_view.rightToLeft) is is_turned
    rows = list(sheet.iter_rows())
    assert len(rows) == 9
    assert {(first.data_type, second.data_type) for first, second in rows[1:]} == {("n", "s")}


def test_json_lines_name_every_column(client, groups):
    lines = client.get("/api/v1/groups.jsonl").content.splitlines()
    assert [json.loads(line) for line in lines] == [{"id": group.pk, "name": group.name} for group in groups]


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "xlsx", "json"])
@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("?colour=red", 400, "unknown-parameter"),
        ("?above=x", 400, "invalid-parameter"),
        ("?cursor=a:b", 400, "invalid-cursor"),
        ("?limit=501", 400, "invalid-parameter"),
    ],
)
def test_an_error_is_a_problem_in_every_format(client, groups, suffix, query, status, code):
    problem_of(client.get(f"/api/v1/groups.{suffix}{query}"), status, code)


@pytest.mark.parametrize("suffix", ["jsonld", "ttl"])
def test_an_error_is_a_problem_in_graphs_too(client, groups, suffix, monkeypatch):
    problem_of(client.get(f"/api/v1/groups/999999.{suffix}"), 404, "not-found")
    problem_of(client.get(f"/api/v1/groups/{groups[0].pk}.{suffix}?x=1"), 400, "unknown-parameter")
    client.raise_request_exception = False
    # What cannot be written is found out only when it is rendered.
    monkeypatch.setattr(GroupResource, "document", lambda self, groups: {"@graph": object()})
    problem_of(client.get(f"/api/v1/groups/{groups[0].pk}.{suffix}"), 500, "internal-error")


def test_graphs_by_suffix_or_by_accept(client, groups):
    from rdflib import Graph

    address = f"/api/v1/groups/{groups[0].pk}"
    by_suffix = client.get(address + ".ttl")
    by_accept = client.get(address + "/", headers={"Accept": "text/turtle"})
    assert by_suffix.content == by_accept.content
    assert len(Graph().parse(data=by_suffix.content, format="turtle")) == 1
    assert client.get(address + ".jsonld").json()["@graph"][0]["title"] == groups[0].name


def test_too_many_requests_are_told_when_to_come_back(client, settings):
    settings.EGOV = {"API_REQUESTS_PER_MINUTE": 2}
    first, second, third = client.get(LIST), client.get(LIST), client.get(LIST)
    assert first["RateLimit-Policy"] == '"default";q=2;w=60'
    assert second["RateLimit"].startswith('"default";r=0;t=')
    problem_of(third, 429, "too-many-requests")
    assert 0 < int(third["Retry-After"]) <= 60


def test_a_forged_forwarding_header_gains_nothing(client, settings):
    settings.EGOV = {"API_REQUESTS_PER_MINUTE": 1}
    client.get(LIST, headers={"X-Forwarded-For": "203.0.113.1"})
    assert client.get(LIST, headers={"X-Forwarded-For": "198.51.100.1"}).status_code == 429


def test_preflight_needs_nothing_else(client):
    response = client.options(LIST, headers={"Origin": "https://example.org"})
    assert response.status_code == 204 and response["Access-Control-Allow-Origin"] == "*"


def test_problem_types_explain_themselves_in_every_language(client):
    body = client.get("/api/v1/problems/unknown-parameter/").json()
    assert set(body["title"]) == {"ar", "ckb", "en"} and len(set(body["title"].values())) == 3
    problem_of(client.get("/api/v1/problems/nothing/"), 404, "not-found")


def test_the_description_is_openapi_3_1_and_covers_parameters_formats_and_problems():
    document = openapi()
    assert document["openapi"].startswith("3.1")
    operation = document["paths"]["/api/v1/groups/"]["get"]
    assert {parameter["name"] for parameter in operation["parameters"]} == {
        "name", "kind", "above", "broken", "limit", "cursor", "bom", "lang",
    }  # fmt: skip
    assert set(operation["responses"]) == {"200", "400", "404", "406", "429"}
    assert "text/csv" in operation["responses"]["200"]["content"]
    assert "application/problem+json" in operation["responses"]["400"]["content"]


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(["name", "kind", "above", "limit", "cursor", "lang", "x"]), st.text(max_size=40)
    )
)
def test_no_query_breaks_the_kernel(client, query):
    assert client.get(LIST, query).status_code in {200, 400, 429}


def test_the_description_is_the_same_for_requests_at_the_same_time():
    description._openapi_text.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        first, *others = pool.map(lambda _number: description.openapi(), range(8))
    assert all(other == first for other in others)

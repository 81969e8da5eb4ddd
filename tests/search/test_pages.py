"""The search page, suggestions, the OpenSearch description, and the search tools for editors."""

import datetime as dt
import json
from copy import deepcopy
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.encoding import iri_to_uri

from egov_cms.search import reports, store
from egov_cms.search.models import QueryCount
from egov_cms.site import models as site
from tests.images import state
from tests.site.conftest import make_homes

from .conftest import add, document

pytestmark = pytest.mark.django_db
QUERIES = 25


def make_ministry():
    homes = make_homes()
    index = add(homes["ar"], site.NewsIndexPage, "news")
    for year in (2025, 2026):
        add(
            index,
            site.NewsPage,
            f"story-{year}",
            title=f"افتتاح مركز الطابو {year}",
            date=dt.date(year, 2, 1),
            summary="<b>خبر</b> عن الطابو.",
        )
    return homes


ministry_state = state("two-stories", make_ministry)


@pytest.fixture
def ministry(ministry_state, db):
    """The home pages of a site with two news items."""
    return deepcopy(ministry_state)


def page(client, path):
    response = client.get(iri_to_uri(path))
    assert response.status_code == 200, path
    return response.content.decode()


def test_results_are_marked_escaped_and_counted(client, ministry):
    html = page(client, "/ar/search/?q=طابو")
    assert "افتتاح مركز <mark>الطابو</mark> 2026" in html
    assert "&lt;b&gt;خبر&lt;/b&gt;" in html
    assert 'href="/ar/news/story-2026/"' in html


def test_facets_are_links_and_chosen_ones_can_be_removed(client, ministry):
    html = page(client, "/ar/search/?q=طابو")
    assert "year=2026" in html
    narrowed = page(client, "/ar/search/?q=طابو&year=2026")
    assert "story-2026" in narrowed
    assert 'href="/ar/news/story-2025/"' not in narrowed
    assert 'class="removable"' in narrowed


def test_the_query_is_escaped(client, ministry):
    html = page(client, "/ar/search/?q=%3Cscript%3Ealert(1)%3C/script%3E%22%27")
    assert "<script>alert" not in html


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?q=",
        "?q=%00",
        "?q=%FF",
        "?q=طابو&page=0",
        "?q=طابو&page=99999",
        "?q=طابو&page=x",
        "?type=zzz&year=%00",
        f"?q={'ا' * 3000}",
        "?q=طابو&year=" + "9" * 200,
        "?q=zzz",
        "?page=2",
        "?q=" + "%22*" * 50,
    ],
)
def test_invalid_parameters_give_a_page(client, ministry, query):
    page(client, f"/ar/search/{query}")


def test_a_page_without_results_says_so(client, ministry):
    html = page(client, "/en/search/?q=zzzqqq")
    assert "Nothing was found for “zzzqqq”" in html


def test_a_misspelt_query_links_to_the_corrected_one(client, ministry):
    html = page(client, "/ar/search/?q=الطلبو")
    assert "q=%D8%A7%D9%84%D8%B7%D8%A7%D8%A8%D9%88" in html


def test_the_number_of_queries_does_not_grow_with_the_site(client, ministry):
    def count_queries():
        with CaptureQueriesContext(connection) as queries:
            page(client, "/ar/search/?q=طابو")
        return len(queries)

    count_queries()
    before = count_queries()
    store.put(("", document(f"d{n}", f"سند الطابو {n}", facets={"year": [str(1990 + n)]})) for n in range(60))
    count_queries()
    assert count_queries() <= before <= QUERIES


def test_suggestions(client, ministry):
    answer = json.loads(page(client, "/ar/search/suggest/?q=افت"))
    assert [row["url"] for row in answer["suggestions"]] == ["/ar/news/story-2025/", "/ar/news/story-2026/"]
    assert json.loads(page(client, "/ar/search/suggest/?q=%00"))["suggestions"] == []
    assert json.loads(page(client, "/ar/search/completions/?q=افت"))[1][0].startswith("افتتاح")


def test_the_opensearch_description_has_both_url_templates(client, ministry):
    root = ElementTree.fromstring(client.get("/ar/search/opensearch.xml").content)
    urls = [url.get("template") for url in root if url.tag.endswith("Url")]
    assert urls == [
        "http://testserver/ar/search/?q={searchTerms}",
        "http://testserver/ar/search/completions/?q={searchTerms}",
    ]


def test_search_responses_are_not_stored_by_shared_caches(client, ministry):
    for path in ("/ar/search/?q=طابو", "/ar/search/suggest/?q=افت"):
        response = client.get(iri_to_uri(path))
        assert "private" in response["Cache-Control"]
        assert not response.cookies


class TestReports:
    def test_queries_without_results_are_counted_unless_they_contain_personal_data(self, client, ministry):
        for _time in range(3):
            page(client, "/ar/search/?q=الكلمةالمفقودة")
        for personal in ("199012345678", "a@b.iq", "07701234567"):
            page(client, f"/ar/search/?q={personal}")
        assert list(QueryCount.objects.values_list("searches", "empty", "clicks")) == [(3, 3, 0)]
        assert [row.words for row in reports.without_results()] == ["الكلمهالمفقوده"]

    def test_queries_are_reported_until_their_results_are_opened(self, client, ministry):
        for _time in range(3):
            page(client, "/ar/search/?q=طابو")
        assert [row.words for row in reports.without_clicks()] == ["طابو"]
        assert client.post("/ar/search/opened/", {"q": "الطابُو"}).status_code == 204
        assert client.post("/ar/search/opened/", {"q": "طابو"}).status_code == 204
        assert not reports.without_clicks()
        assert client.get("/ar/search/opened/").status_code == 405

    def test_old_counts_are_deleted(self):
        today = dt.date.today()
        for days, searches in ((200, 50), (40, 1), (40, 9), (1, 1)):
            day = today - dt.timedelta(days=days)
            QueryCount.objects.create(
                words=f"w{days}{searches}", locale="ar", searches=searches, last_day=day
            )
        reports.prune()
        assert set(QueryCount.objects.values_list("words", flat=True)) == {"w409", "w11"}


class TestEditors:
    @pytest.fixture
    def editor(self, admin_client, ministry, settings):
        settings.EGOV = {**settings.EGOV, "REQUIRE_MFA": False}
        return admin_client

    def test_a_group_is_tried_with_and_without(self, editor):
        response = editor.get(
            "/admin/search-tools/try/", {"terms": "سند\nطابو", "query": "سند", "locale": "ar"}
        )
        without, with_group = response.context["columns"]
        assert (without["total"], with_group["total"]) == (0, 2)

    @pytest.mark.parametrize(("scope", "total"), [("ar", 2), ("ckb", 0)])
    def test_a_group_for_one_language_is_tried_in_that_language(self, editor, scope, total):
        from egov_cms.search.models import SynonymGroup

        group = SynonymGroup.objects.create(terms="سند\nطابو", scope=scope, active=False)
        form = editor.get("/admin/search-tools/try/", {"group": group.pk}).context["form"]
        tried = {**form.initial, "query": "سند", "locale": "ar"}
        columns = editor.get("/admin/search-tools/try/", tried).context["columns"]
        assert [column["total"] for column in columns] == [0, total]

    def test_the_form_of_a_group_links_to_export_and_upload(self, editor):
        html = editor.get("/admin/snippets/egov_search/synonymgroup/add/").content.decode()
        assert 'href="/admin/exchange/synonyms/"' in html
        exported = editor.get("/admin/exchange/synonyms/export/synonyms.csv")
        assert b"".join(exported.streaming_content).startswith(b"\xef\xbb\xbf")

    def test_the_report_links_to_the_form_of_a_new_group(self, editor, client):
        for _time in range(3):
            page(client, "/ar/search/?q=zzzqqq")
        html = editor.get("/admin/search-tools/missed/").content.decode()
        url = "/admin/snippets/egov_search/synonymgroup/add/?terms=zzzqqq"
        assert url in html
        assert "zzzqqq</textarea>" in editor.get(url).content.decode()

    @pytest.mark.parametrize("name", ["search-tools/try/", "search-tools/missed/", "exchange/synonyms/"])
    def test_the_tools_need_the_permission_to_change_synonyms(
        self, client, ministry, django_user_model, name
    ):
        from django.contrib.auth.models import Permission

        user = django_user_model.objects.create_user("other", password="x")
        user.user_permissions.add(Permission.objects.get(codename="access_admin"))
        client.force_login(user)
        assert client.get(f"/admin/{name}").status_code in (302, 403)

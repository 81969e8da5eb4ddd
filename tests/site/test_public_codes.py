"""One resolver leads from a public code to what is public now; links are told from both ends."""

import pytest

from egov_cms.editing import subjects
from egov_cms.editing.change_log import FactDifference, record
from egov_cms.editing.models import ChangeLogEntry
from egov_cms.editing.subjects import register_subject
from egov_cms.site import public_codes, query_parameters
from egov_cms.site.models import SectionPage
from egov_cms.site.public_codes import PagesWithCode, PublicSubject, Relation, SubjectLink
from egov_cms.testing.factories import add_page, publish, translate

PAYS = Relation("pays-for", label="Pays for", inverse="Paid from")


def sections(codes, language):
    pages = SectionPage.objects.public().filter(slug__in=codes, locale__language_code=language)
    return {page.slug: PublicSubject(page.slug, page.title, page.url, language) for page in pages}


def lines(codes, language):
    return {code: PublicSubject(code, f"Line {code}", "", language) for code in codes if code != "9"}


@pytest.fixture
def kinds(monkeypatch):
    """Sections, which are pages, and budget lines, which have no pages of their own."""
    monkeypatch.setattr(public_codes, "_kinds", {})
    monkeypatch.setattr(public_codes, "_link_sources", [])
    monkeypatch.setattr(subjects, "_subjects", {})
    monkeypatch.setattr(query_parameters, "_parameters", dict(query_parameters._parameters))
    public_codes.register_code(
        "section",
        label="Section",
        code_help="Slug of a section.",
        pattern=r"[a-z-]{1,32}",
        resolve=sections,
        pages=PagesWithCode("egov_site.SectionPage", "slug"),
        data=lambda code: f"/api/v1/sections/{code}/",
    )
    public_codes.register_code(
        "budget-line", label="Line", code_help="Number of a line.", pattern=r"[0-9/]{1,9}", resolve=lines
    )


@pytest.fixture
def roads(homes, kinds):
    """A section that is public in Arabic and English."""
    page = add_page(homes["ar"], SectionPage, title="الطرق", slug="roads")
    english = translate(page, "en")
    english.title = "Roads"
    publish(english)
    return page


def follow(client, address, **headers):
    answer = client.get(address, headers={name.replace("_", "-"): value for name, value in headers.items()})
    return answer.status_code, answer.headers.get("Location")


def test_the_permanent_address_leads_to_the_page_in_the_readers_language(roads, client):
    assert public_codes.address("section", "roads") == "/id/section/roads"
    answer = client.get("/id/section/roads", headers={"accept-language": "en"})
    assert (answer.status_code, answer["Location"]) == (303, "/en/roads/")
    assert {"Accept", "Accept-Language"} <= {name.strip() for name in answer["Vary"].split(",")}
    assert follow(client, "/id/section/roads/", accept_language="ar") == (303, "/ar/roads/")


def test_a_language_that_lacks_the_page_leads_to_one_that_has_it(roads, client):
    assert follow(client, "/id/section/roads", accept_language="ckb") == (303, "/ar/roads/")
    roads.unpublish()
    assert follow(client, "/id/section/roads", accept_language="ckb") == (303, "/en/roads/")


def test_a_page_that_moved_is_found_where_it_is(roads, homes, client):
    other = add_page(homes["ar"], SectionPage, title="النقل", slug="transport")
    roads.move(other, pos="last-child")
    assert follow(client, "/id/section/roads", accept_language="ar") == (303, "/ar/transport/roads/")


def test_programs_are_led_to_the_data(roads, client):
    for wanted in ("application/json", "text/turtle", "application/ld+json, text/html;q=0.5"):
        assert follow(client, "/id/section/roads", accept=wanted) == (303, "/api/v1/sections/roads/")
    for wanted in ("text/html,application/json;q=0.5", "*/*"):
        assert follow(client, "/id/section/roads", accept=wanted)[1].endswith("/roads/")


@pytest.mark.parametrize(
    "address",
    ["/id/section/none", "/id/section/ROADS", "/id/nothing/roads", "/id/budget-line/9", "/id/section/a b"],
)
def test_what_nobody_knows_is_not_found(roads, client, address):
    assert client.get(address).status_code == 404


def test_a_subject_without_a_page_has_no_permanent_address(kinds, homes, client):
    assert public_codes.find("budget-line", ["01/02"], "en")["01/02"].title == "Line 01/02"
    assert client.get("/id/budget-line/01/02").status_code == 404


def test_what_was_withdrawn_is_gone_and_says_where_its_history_stands(roads, client):
    register_subject(
        "section",
        all_label="All",
        heading="Changes",
        introduction="",
        facts={"wording": "wording"},
        sentence=lambda entry, language: "",
    )
    record(
        "section",
        "roads",
        [FactDifference("wording", "", "text", 1, 2)],
        about=roads,
        title={"en": "Roads of old"},
    )
    assert follow(client, "/id/section/roads")[0] == 303
    for page in SectionPage.objects.filter(translation_key=roads.translation_key):
        page.unpublish()
    answer = client.get("/id/section/roads", headers={"accept-language": "en"})
    assert answer.status_code == 410
    text = answer.content.decode()
    assert "Roads of old" in text and "/en/services/changes/?section=roads" in text
    # Entries that were hidden from the public tell nothing.
    ChangeLogEntry.objects.update(public=False)
    assert follow(client, "/id/section/roads")[0] == 404


@pytest.fixture
def paid(roads):
    @public_codes.register_links
    def budget(kind, codes):
        yield SubjectLink("budget-line", "01", "section", "roads", PAYS)
        yield SubjectLink("budget-line", "01", "section", "roads", PAYS)
        yield SubjectLink("budget-line", "9", "section", "roads", PAYS)
        yield SubjectLink("budget-line", "01", "contract", "C-1", PAYS)


def told(kind, code, language="en"):
    return [(each.label, each.kind, each.subject.title) for each in public_codes.links(kind, code, language)]


def test_each_side_of_a_link_shows_the_other(paid):
    assert told("budget-line", "01") == [("Pays for", "section", "Roads")]
    assert told("section", "roads") == [("Paid from", "budget-line", "Line 01")]


def test_a_link_shows_only_what_is_public_now(paid, roads):
    roads.get_translations().get(locale__language_code="en").specific.unpublish()
    assert told("budget-line", "01", "en") == []
    assert told("section", "roads", "en") == []
    assert told("budget-line", "01", "ar") == [("Pays for", "section", "الطرق")]


def test_kinds_are_asked_once_for_many_subjects(paid, django_assert_num_queries):
    # The second one asks what is restricted, which is kept outside of a transaction that has changed something.
    with django_assert_num_queries(2):
        assert list(public_codes.links_of("budget-line", ["01", "9"], "ar")) == ["01"]


def test_a_code_that_does_not_fit_is_never_asked_for(kinds):
    assert public_codes.find("budget-line", ["x", "' OR 1"], "en") == {}
    with pytest.raises(LookupError):
        public_codes.find("contract", ["1"], "en")
    with pytest.raises(ValueError, match="small Latin letters"):
        public_codes.register_code("Budget Line", label="", code_help="", pattern="", resolve=lines)

"""The checklist for a case, differences in a governorate, and notices on the page of a service."""

import datetime

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from egov_cms.services.models import Audience, ServiceFee, ServiceOffering, ServicePage, ServiceStep
from egov_cms.site.models import Governorate, Notice, Office
from egov_cms.site.publication import changed
from egov_cms.site.query_parameters import normalise_query
from tests.services.conftest import add_rows

pytestmark = pytest.mark.django_db
LANGUAGES = ("ar", "ckb", "en")
COLD_PAGE = 25


@pytest.fixture
def get(sample):
    client = Client()

    def fetch(path, **query):
        cache.clear()
        answer = client.get(path, query)
        assert answer.status_code == 200
        return BeautifulSoup(answer.content, "html.parser")

    return fetch


def text(page_html):
    return " ".join(page_html.get_text(" ").replace("\u00a0", " ").split())


def ticked(page_html):
    return len(page_html.select("ul.tick > li"))


@pytest.fixture
def basra(service):
    """Two governorates with an office each of the traffic directorate."""
    places = {}
    for order, slug in enumerate(("baghdad", "basra")):
        places[slug] = Governorate.objects.create(
            code=f"X{order}", slug=slug, name={"ar": slug, "ckb": slug, "en": slug.title()}, sort_order=order
        )
        Office.objects.create(
            slug=f"traffic-{slug}",
            name={"ar": f"مرور {slug}", "ckb": f"هاتوچۆی {slug}", "en": f"Traffic {slug}"},
            unit=service("IQ-MOI-004").owner_unit,
            governorate=places[slug],
        )
    return places["basra"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_what_applies_to_a_case_is_shown(get, service, language):
    page = service("IQ-MOI-002", language)
    everything = get(page.url)
    assert ticked(everything) == 2
    options = [option["value"] for option in everything.select("#case-case option")]
    assert options == ["", "lost"]
    # In the chosen case the penalty is part of the total.
    lost = get(page.url, case="lost")
    assert ticked(lost) == 2
    assert lost.select_one("#case-case option[selected]")["value"] == "lost"
    assert "35,000" in text(lost.select_one(".facts")) and "35,000" not in text(
        everything.select_one(".facts")
    )


def test_rows_of_other_cases_are_left_out_and_counted(get, service):
    page = service("IQ-MOI-002", "en")
    add_rows(
        ServiceFee, "IQ-MOI-002", key="F9", label="Repair", amount_minor=3000, conditional=True, case_tag="damaged",
        condition="if damaged",
    )  # fmt: skip
    page_html = get(page.url, case="damaged")
    assert ticked(page_html) == 1
    assert "Loss penalty" not in text(page_html) and "Repair" in text(page_html)
    assert "Shown for: if damaged. 2 lines of other cases are left out." in text(page_html)
    assert "13,000" in text(page_html.select_one(".facts"))
    # An unknown value counts as not chosen.
    assert ticked(get(page.url, case="<script>")) == 2


def test_a_tag_of_an_audience_belongs_to_who_you_are(get, service):
    page = service("IQ-MOI-004", "en")
    assert {each.code for each in page.audiences.all()} == {"citizen", "resident"}
    source = service("IQ-MOI-004", "ar")
    visa = source.documents.first()
    source.documents.filter(pk=visa.pk).update(conditional=True, case_tag="resident")
    changed(source, "saved")
    page_html = get(page.url)
    assert page_html.select_one("#case-case") is None
    options = [option.get_text() for option in page_html.select("#case-audience option")]
    assert options == ["All", Audience.objects.get(code="resident").name["en"]]
    assert ticked(page_html) == ticked(get(page.url, audience="resident")) == 4


def test_steps_and_fees_of_the_chosen_channel(get, service):
    page = service("IQ-MOI-004", "en")
    # Steps can use several channels: a step of another channel stays unless it is an alternative.
    assert len({step.channel for step in page.steps.all()}) > 1
    assert get(page.url).select_one("#case-channel") is None
    first, second = page.steps.all()[:2]
    # Facts are those of the source, words those of the language.
    steps = ServiceStep.objects.filter(page__service_code="IQ-MOI-004")
    steps.filter(translation_key=first.translation_key).update(channel="online", title="Fill it online")
    steps.filter(translation_key=second.translation_key).update(
        channel="office", logic="or", title="Fill it at the counter"
    )
    ServiceFee.objects.filter(page__service_code="IQ-MOI-004", key="F2").update(channel="office")
    changed(page, "saved")
    usual = get(page.url)
    assert [each["value"] for each in usual.select("#case-channel option")] == ["", "online", "office"]
    online, office = get(page.url, channel="online"), get(page.url, channel="office")
    steps = [
        [title.get_text() for title in page_html.select("ol.steps h3")]
        for page_html in (usual, online, office)
    ]
    assert steps[1] == [title for title in steps[0] if title != "Fill it at the counter"]
    assert steps[2] == [title for title in steps[0] if title != "Fill it online"]
    assert office.select("ol.steps .logic") == []
    assert "Test fee" in text(office) and "Test fee" not in text(online.select_one("#fees"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_url_of_a_case_can_be_printed_and_sent(get, service, basra, language):
    page = service("IQ-MOI-002", language)
    page_html = get(page.url, case="lost")
    address = page_html.select_one("#case p a")["href"]
    assert address == f"/{language}/services/{page.slug}.print?case=lost"
    sheet = get(address)
    assert ticked(sheet) == 2
    assert sheet.select_one('link[rel="canonical"]')["href"].endswith(f"/{page.slug}.print")
    assert normalise_query("case=lost&governorate=basra&utm=1") == ("case=lost&governorate=basra", True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_differs_in_a_governorate(get, service, basra, language):
    for page in ServicePage.objects.filter(service_code="IQ-MOI-004"):
        ServiceOffering.objects.create(
            page=page, locale=page.locale, key="P1", governorate=basra, fee_minor=75000, duration_min=2,
            duration_max=3, duration_unit="working_day",
        )  # fmt: skip
    page = service("IQ-MOI-004", language)
    usual = get(page.url)
    assert "60,000" in text(usual.select_one(".facts")) and "75,000" not in text(usual.select_one(".facts"))
    assert "75,000" in text(usual.select_one("#where"))
    in_basra = get(page.url, governorate="basra")
    assert "75,000" in text(in_basra.select_one(".facts")) and "60,000" in text(in_basra.select_one(".facts"))
    assert "75,000" in text(in_basra.select_one("#fees"))
    assert "75,000" not in text(get(page.url, governorate="baghdad").select_one(".facts"))
    assert "75,000" in text(get(f"/{language}/services/{page.slug}.print", governorate="basra"))


def test_the_api_has_the_differences_of_places(get, service, basra, client):
    from egov_cms.services.snapshots import store

    page = service("IQ-MOI-004")
    ServiceOffering.objects.create(
        page=page, locale=page.locale, key="P1", governorate=basra, fee_minor=75000
    )
    store.refresh()
    cache.clear()
    places = client.get("/api/v1/services/IQ-MOI-004/").json()["data"]["places"]
    assert places == [
        {
            "governorate": "X1",
            "office": None,
            "fee": "75000",
            "currency": "IQD",
            "duration": None,
            "note": None,
        }
    ]


def test_a_case_is_within_the_query_budget_of_the_page(service, basra, client, django_assert_max_num_queries):
    page = service("IQ-MOI-004", "en")
    ServiceOffering.objects.create(
        page=page, locale=page.locale, key="P1", governorate=basra, fee_minor=75000
    )
    ServiceFee.objects.filter(page=page, key="F2").update(case_tag="again", conditional=True)
    for query in ({}, {"governorate": "basra", "case": "again", "channel": "office"}):
        cache.clear()
        with django_assert_max_num_queries(COLD_PAGE):
            client.get(page.url, query)
    # Current notices with their places are loaded for the first page and cached.
    give_notice(service, governorates=[basra])
    for query in ({}, {"governorate": "basra", "case": "again", "channel": "office"}):
        cache.clear()
        Notice.objects.current()
        with django_assert_max_num_queries(COLD_PAGE):
            client.get(page.url, query)


def give_notice(service, level="suspended", governorates=(), **fields):
    words = {code: f"notice {code}" for code in LANGUAGES}
    now = timezone.now()
    notice = Notice.objects.create(
        level=level, title=words, body=words, starts=now - datetime.timedelta(hours=1),
        **{"ends": now + datetime.timedelta(days=2), "everywhere": False, **fields},
    )  # fmt: skip
    notice.pages.add(service("IQ-MOI-004"))
    notice.governorates.add(*governorates)
    return notice


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notice_suspends_a_service_until_it_ends(get, service, language):
    page = service("IQ-MOI-004", language)
    assert get(page.url).select_one("a.button.go")
    notice = give_notice(service)
    page_html = get(page.url)
    assert page_html.select_one("a.button.go") is None
    assert "https://ur.gov.iq/" not in {link.get("href") for link in page_html.select("main a")}
    assert text(page_html).count(f"notice {language}") == 2  # its title and its text, once
    assert page_html.select_one(".notice.stop")
    Notice.objects.filter(pk=notice.pk).update(ends=timezone.now())
    page_html = get(page.url)
    assert page_html.select_one("a.button.go") and f"notice {language}" not in text(page_html)


@pytest.mark.parametrize("level", ["info", "limited"])
def test_a_notice_of_a_lower_level_keeps_the_button(get, service, level):
    give_notice(service, level)
    page_html = get(service("IQ-MOI-004", "en").url)
    assert page_html.select_one("a.button.go") and "notice en" in text(page_html)


def test_a_notice_of_one_place_keeps_the_button_and_is_shown_there(get, service, basra):
    give_notice(service, governorates=[basra])
    url = service("IQ-MOI-004", "en").url
    for query, is_shown in (
        ({}, True),
        ({"governorate": "basra"}, True),
        ({"governorate": "baghdad"}, False),
    ):
        page_html = get(url, **query)
        assert page_html.select_one("a.button.go")
        assert ("notice en (Basra)" in text(page_html.main)) is is_shown


def test_the_catalogue_marks_what_is_suspended(get, service):
    page = service("IQ-MOI-004", "en")
    assert get("/en/services/", event="driving").select("ol.results .tag.stop") == []
    give_notice(service)
    (tag,) = get("/en/services/", event="driving").select("ol.results .tag.stop")
    assert tag.find_parent("li", class_="result").a["href"] == page.url


def test_the_api_filters_notices_by_service(service, client):
    notice = give_notice(service)
    cache.clear()
    (row,) = client.get("/api/v1/notices/", {"service": "IQ-MOI-004"}).json()["data"]
    assert (row["id"], row["services"]) == (notice.pk, ["IQ-MOI-004"])
    assert client.get("/api/v1/notices/", {"service": "IQ-MOI-001"}).json()["data"] == []
    assert "/services/" in client.get("/ckb/status/").content.decode()

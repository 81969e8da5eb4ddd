"""A notice is shown where the things that it names are shown, from its start to its end, also on cached pages."""

import datetime as dt
from copy import deepcopy

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from egov_cms.site.models import Notice, OfficeIndexPage, SectionPage
from egov_cms.site.models.notice import next_change
from tests.images import state
from tests.site_public.conftest import make_governorates, make_office

from .conftest import add_page, make_homes, publish, translate

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
CODES = ("ar", "ckb", "en")


def give_notice(level="limited", starts=None, ends=None, **fields):
    now = timezone.now()
    words = {code: f"{level} notice {code}" for code in CODES}
    return Notice.objects.create(
        level=level, title=words, body=words, starts=starts or now - HOUR, ends=ends or now + HOUR,
        **{"everywhere": False, **fields},
    )  # fmt: skip


def make_places():
    """Offices in two governorates and an office index page in every language; returns the home pages and the offices."""
    homes = make_homes()
    index = add_page(homes["ar"], OfficeIndexPage, title="الدوائر", slug="offices")
    for code in ("ckb", "en"):
        publish(translate(index, code))
    governorates = make_governorates()
    offices = {
        "karkh": make_office(governorates["baghdad"]),
        "rusafa": make_office(governorates["baghdad"], "rusafa"),
        "ankawa": make_office(governorates["erbil"], "ankawa"),
    }
    return homes, {**governorates, **offices}


made = state("offices-in-two-governorates", make_places)


@pytest.fixture
def homes(made, db):
    return deepcopy(made[0])


@pytest.fixture
def places(made, db):
    return deepcopy(made[1])


def page(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def items(found):
    return {item.a["href"].split("/")[-2]: item.get_text(" ") for item in found.select("ul.results > li")}


@pytest.mark.parametrize("code", CODES)
def test_a_notice_of_an_office_is_shown_on_its_page_and_in_lists_only(places, client, code):
    give_notice("suspended").offices.add(places["karkh"])
    words = f"suspended notice {code}"
    assert words in page(client, f"/{code}/offices/baghdad/karkh/").main.get_text(" ")
    listed = items(page(client, f"/{code}/offices/"))
    assert [slug for slug, text in listed.items() if words in text] == ["karkh"]
    assert words not in page(client, f"/{code}/offices/baghdad/rusafa/").get_text(" ")
    assert words not in page(client, f"/{code}/").get_text(" ")


def test_a_notice_of_a_governorate_is_shown_for_all_its_offices(places, client):
    give_notice().governorates.add(places["baghdad"])
    listed = items(page(client, "/en/offices/"))
    assert {slug for slug, text in listed.items() if "limited notice" in text} == {"karkh", "rusafa"}
    assert page(client, "/en/offices/baghdad/").select_one(".notice.warn")
    assert page(client, "/en/offices/erbil/").select_one(".notice") is None


def test_a_suspended_office_is_not_shown_as_open(places, client):
    with time_machine.travel(dt.datetime(2026, 11, 23, 7, tzinfo=dt.UTC), tick=False):
        assert "Open until" in page(client, "/en/offices/baghdad/karkh/").main.get_text()
        give_notice("suspended").offices.add(places["karkh"])
        assert "Open until" not in page(client, "/en/offices/baghdad/karkh/").main.get_text()
        assert client.get("/api/v1/offices/karkh/").json()["data"]["open_now"] is False
        # A notice about some services at the office does not close the office.
        Notice.objects.all().delete()
        limited = give_notice("suspended")
        limited.offices.add(places["karkh"])
        limited.pages.add(OfficeIndexPage.objects.first())
        assert "Open until" in page(client, "/en/offices/baghdad/karkh/").main.get_text()


def test_a_list_of_offices_runs_the_same_queries_for_any_number_of_notices(
    places, client, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost():
        cache.clear()
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get("/en/offices/baghdad/")
        return len(found)

    client.get("/en/")  # the first visit ever creates the site's settings
    none = cost()
    give_notice().offices.add(places["karkh"])
    one = cost()
    for number in range(20):
        give_notice().offices.add(places["karkh" if number % 2 else "rusafa"])
        give_notice().governorates.add(places["baghdad"])
    assert cost() == one <= none + 7
    assert none <= 25


@pytest.mark.parametrize("seconds", [5, 40])
def test_a_cached_page_is_not_used_after_a_notice_begins_or_ends(
    places, client, seconds, django_capture_on_commit_callbacks
):
    client.get("/en/")  # the first visit ever creates the site's settings
    with time_machine.travel(NOON, tick=False) as clock:
        change = NOON + dt.timedelta(seconds=seconds)
        with django_capture_on_commit_callbacks(execute=True):
            give_notice("info", starts=NOON - HOUR, ends=change, everywhere=True)
            give_notice("suspended", starts=change, ends=NOON + HOUR, everywhere=True)
        before = client.get("/en/")
        assert b"info notice" in before.content and b"suspended notice" not in before.content
        assert f"max-age={seconds}" in before.headers["Cache-Control"]
        assert "stale-while-revalidate=0" in before.headers["Cache-Control"]
        clock.shift(seconds - 1)
        cached = client.get("/en/")
        assert cached.content == before.content and cached.headers["Age"] == str(seconds - 1)
        clock.shift(1)
        after = client.get("/en/")
        assert b"info notice" not in after.content and b"suspended notice" in after.content
        assert "max-age=300, s-maxage=60" in after.headers["Cache-Control"]


def test_the_next_change_is_the_nearest_in_the_future(db):
    assert next_change(timezone.now()) is None
    now = timezone.now()
    give_notice(starts=now - HOUR, ends=now + 3 * HOUR)
    give_notice(starts=now + 2 * HOUR, ends=now + 4 * HOUR)
    give_notice(starts=now + HOUR, ends=now + 4 * HOUR, is_public=False)
    assert next_change(now) == now + 2 * HOUR
    assert next_change(now + 2 * HOUR) == now + 3 * HOUR
    assert next_change(now + 5 * HOUR) is None


@pytest.mark.parametrize("code", CODES)
def test_the_page_of_notices_names_what_they_concern(places, homes, client, code):
    section = add_page(homes["ar"], SectionPage, title="قسم", slug="section")
    publish(translate(section, "en"))
    notice = give_notice()
    notice.pages.add(section)
    notice.offices.add(places["karkh"])
    notice.governorates.add(places["erbil"])
    shown = page(client, f"/{code}/status/").select_one(f"#notice-{notice.pk}")
    links = {link["href"]: link.get_text() for link in shown.select("p a")}
    assert links[f"/{code}/offices/baghdad/karkh/"] == places["karkh"].name[code]
    assert links[f"/{code}/offices/erbil/"] == places["erbil"].name[code]
    # In Sorani the section does not exist.
    assert (f"/{code}/section/" in links) is (code != "ckb")


def test_ended_notices_are_listed_for_a_month(homes, client):
    now = timezone.now()
    give_notice("info", starts=now - 40 * 24 * HOUR, ends=now - 29 * 24 * HOUR)
    give_notice("limited", starts=now - 40 * 24 * HOUR, ends=now - 31 * 24 * HOUR)
    text = page(client, "/en/status/").main.get_text()
    assert "info notice en" in text and "limited notice en" not in text


@pytest.mark.parametrize("code", CODES)
def test_the_feed_of_notices(places, client, code):
    import xml.etree.ElementTree as ET

    notice = give_notice("suspended")
    notice.offices.add(places["karkh"])
    give_notice(ends=timezone.now() - HOUR / 2)
    answer = client.get(f"/{code}/status/feed.atom")
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    atom = "{http://www.w3.org/2005/Atom}"
    (entry,) = ET.fromstring(answer.content).findall(f"{atom}entry")
    assert f"suspended notice {code}" in entry.find(f"{atom}title").text
    assert entry.find(f"{atom}link").get("href").endswith(f"/{code}/status/#notice-{notice.pk}")
    assert entry.find(f"{atom}category").get("term") == places["karkh"].name[code]


def test_the_api_filters_by_office_and_governorate(places, client):
    everywhere = give_notice("info", everywhere=True)
    of_office, of_governorate = give_notice(), give_notice("suspended")
    of_office.offices.add(places["karkh"])
    of_governorate.governorates.add(places["baghdad"])

    def keys(**query):
        return {row["id"] for row in client.get("/api/v1/notices/", query).json()["data"]}

    assert keys() == {everywhere.pk, of_office.pk, of_governorate.pk}
    assert keys(office="karkh") == {of_office.pk, of_governorate.pk}
    assert keys(office="rusafa") == {of_governorate.pk}
    assert keys(governorate="baghdad") == {of_office.pk, of_governorate.pk}
    assert keys(governorate=places["erbil"].code) == set()
    row = client.get(f"/api/v1/notices/{of_office.pk}/", {"lang": "ckb"}).json()["data"]
    assert (row["offices"], row["governorates"], row["everywhere"]) == (["karkh"], [], False)
    assert row["url"] == f"http://testserver/ckb/status/#notice-{of_office.pk}"
    assert client.get("/api/v1/notices/", {"place": "x"}).status_code == 400


def post(client, **data):
    rows = {
        f"{name}-{what}_FORMS": "0" if what != "MAX_NUM" else "1000"
        for name in ("page_rows", "office_rows")
        for what in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")
    }
    words = {f"{name}_{code}": "words" for name in ("title", "body") for code in range(3)}
    words |= {f"{name}_{code}": "words" for name in ("title", "body") for code in CODES}
    dates = {"starts": "2026-01-01 08:00", "ends": "2099-01-01 08:00"}
    return client.post(
        reverse("wagtailsnippets_egov_site_notice:add"),
        {"level": "info", "is_public": "on", **dates, **words, **rows, **data},
    )


def test_an_editor_chooses_what_a_notice_concerns(places, admin, client):
    client.force_login(admin)
    form = post(client).context["form"]
    assert set(form.errors) == {"everywhere"}
    assert (
        not client.get(reverse("wagtailsnippets_egov_site_notice:add")).context["form"].initial["everywhere"]
    )
    answer = post(
        client,
        governorates=[places["erbil"].pk],
        **{"office_rows-TOTAL_FORMS": "1", "office_rows-0-office": places["karkh"].pk},
    )
    assert answer.status_code == 302, answer.context["form"].errors
    notice = Notice.objects.get()
    assert (list(notice.offices.all()), list(notice.governorates.all())) == (
        [places["karkh"]],
        [places["erbil"]],
    )
    assert not notice.everywhere

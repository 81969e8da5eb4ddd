"""The content of the pages, for readers and for other programs."""

import datetime as dt
import json
import re

import pytest
import time_machine
from django.utils import timezone

from egov_cms.site import models as site

from .conftest import CODES, make_law

SUNDAY_TEN = dt.datetime(2026, 11, 22, 7, 0, tzinfo=dt.UTC)  # 10:00 in Baghdad


def main_of(response):
    return response.content.decode().partition("<main")[2].partition("</main>")[0]


def head_of(response):
    return response.content.decode().partition("</head>")[0]


@pytest.mark.parametrize(
    ("code", "date"), [("ar", "20 كانون الثاني 2026"), ("ckb", "کانوونی دووەم"), ("en", "20 January 2026")]
)
def test_news_has_its_date_in_iraqi_months(ministry, client, code, date):
    html = main_of(client.get(f"/{code}/news/story/"))
    assert date in html
    assert 'datetime="2026-01-20"' in html


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (SUNDAY_TEN, "Open until 2:00 pm"),
        (SUNDAY_TEN - dt.timedelta(hours=4), "Closed, opens today at 8:00 am"),
        (SUNDAY_TEN + dt.timedelta(hours=8), "Closed, opens tomorrow at 8:00 am"),
        (SUNDAY_TEN + dt.timedelta(days=2, hours=8), "Closed, opens on Sunday"),
    ],
)
def test_an_office_shows_whether_it_is_open(ministry, client, moment, words):
    with time_machine.travel(moment, tick=False):
        html = main_of(client.get("/en/offices/baghdad/karkh/"))
        assert words in html
        assert words in main_of(client.get("/en/offices/"))
    assert "(today)" in html


def test_an_office_has_its_address_contact_and_map_links(ministry, client):
    html = main_of(client.get("/en/offices/baghdad/karkh/"))
    assert 'href="tel:+9647801234567"' in html
    assert '<bdi dir="ltr">+964 780 123 4567</bdi>' in html
    assert re.search(r'href="geo:33\.31520*,44\.36610*\?q=33\.31520*,44\.36610*\(Office%20karkh\)"', html)
    assert re.search(r'href="https://www\.openstreetmap\.org/\?mlat=33\.31520*&amp;mlon=44\.36610*#', html)
    assert "opposite the post office" in html
    assert "Ramp or level entrance" in html
    assert 'href="/en/organisation/finance/"' in html
    assert "<img" not in html


def test_an_office_without_hours_shows_no_state(ministry, client):
    site.OfficeHours.objects.all().delete()
    html = main_of(client.get("/en/offices/baghdad/karkh/"))
    assert "Closed" not in html
    assert "have not been published" in html


def test_offices_are_found_by_governorate_and_by_text(ministry, client):
    assert "karkh" in main_of(client.get("/ar/offices/baghdad/"))
    assert "لم تُنشر دوائر" in main_of(client.get("/ar/offices/erbil/"))
    assert "karkh" in main_of(client.get("/ar/offices/?governorate=baghdad"))
    assert "/offices/baghdad/karkh/" in main_of(client.get("/en/offices/", {"q": "palestine"}))
    assert "No office has these words" in main_of(client.get("/en/offices/", {"q": "zzz"}))
    assert client.get("/en/offices/nowhere/").status_code == 404


def test_what_readers_type_is_escaped(ministry, client):
    for path in ("offices/", "legislation/"):
        html = client.get(f"/en/{path}", {"q": '"><script>alert(1)</script>'}).content.decode()
        assert "<script>alert" not in html


def test_text_in_another_language_is_marked(ministry, client):
    html = main_of(client.get("/ckb/offices/baghdad/karkh/"))
    assert re.search(r'<span lang="ar" dir="rtl">مقابل دائرة البريد</span>', html)
    assert '<div lang="ar" dir="rtl"><p>من الأحد.</p>' in main_of(client.get("/ckb/faq/"))


def test_a_person_has_present_and_past_roles(ministry, client):
    html = main_of(client.get("/en/people/sara-ahmed/"))
    present, _heading, past = html.partition("Past roles")
    assert "Minister" in present
    assert "Minister 2" in past
    assert (
        'href="http://testserver/en/organisation/finance/"' in html
        or 'href="/en/organisation/finance/"' in html
    )


def test_a_law_that_is_not_in_force_is_marked(ministry, client):
    newer = make_law("9", year=2024)
    site.LegalReference.objects.filter(pk=ministry["law"].pk).update(status="repealed", changed_by=newer)
    html = main_of(client.get("/en/legislation/law-8-2019/"))
    assert "no longer in force" in html
    assert 'href="/en/legislation/law-9-2024/"' in html
    assert 'href="/en/legislation/law-8-2019/"' in main_of(client.get("/en/legislation/law-9-2024/"))


def test_legislation_is_filtered(ministry, client):
    make_law("9", year=2024, kind="circular")
    html = main_of(client.get("/en/legislation/?kind=circular&year=2024"))
    assert "Traffic Law No. 9" in html
    assert "Traffic Law No. 8" not in html
    assert "No text fits" in main_of(client.get("/en/legislation/?kind=agreement"))
    assert client.get("/en/legislation/?kind=nonsense").status_code == 404


def test_notices_are_shown_on_every_page_while_they_are_in_force(ministry, client):
    words = {"ar": "فيضان", "ckb": "لافاو", "en": "Flood"}
    site.Notice.objects.create(
        level="suspended", title=words, body=words, ends=timezone.now() + dt.timedelta(hours=2)
    )
    for code in CODES:
        html = client.get(f"/{code}/about/").content.decode()
        assert words[code] in html
        assert 'class="notice stop"' in html
    with time_machine.travel(timezone.now() + dt.timedelta(hours=3)):
        from django.core.cache import cache

        cache.clear()
        assert "Flood" not in client.get("/en/about/").content.decode()


def test_pages_have_alternates_and_breadcrumbs_as_metadata(ministry, client):
    head = head_of(client.get("/ckb/about/mission/?utm_source=x"))
    assert '<link rel="canonical" href="http://testserver/ckb/about/mission/">' in head
    for code in CODES:
        assert f'hreflang="{code}" href="http://testserver/{code}/about/mission/"' in head
    assert 'hreflang="x-default" href="http://testserver/ar/about/mission/"' in head
    assert '<meta property="og:locale" content="ckb_IQ">' in head
    assert "<title>mission ckb – وەزارەتی پلاندانان</title>" in head
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', head)[1])
    assert data["@type"] == "BreadcrumbList"
    assert [item["name"] for item in data["itemListElement"]][1:] == ["about ckb", "mission ckb"]


def test_the_home_page_has_the_ministry_as_metadata(ministry, client):
    head = head_of(client.get("/en/"))
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', head)[1])
    assert data["@type"] == "GovernmentOrganization"
    assert data["name"] == "Ministry of Planning"
    assert data["telephone"] == ["+964 780 000 0000"]


def test_a_title_cannot_end_the_json_ld_script(ministry, client):
    type(ministry["mission"]["en"]).objects.filter(pk=ministry["mission"]["en"].pk).update(
        title="</script><script>alert(1)</script>"
    )
    assert "<script>alert" not in client.get("/en/about/mission/").content.decode()


def test_the_address_of_a_record_has_its_own_languages(ministry, client):
    head = head_of(client.get("/en/offices/baghdad/karkh/"))
    assert 'hreflang="ckb" href="http://testserver/ckb/offices/baghdad/karkh/"' in head


def test_a_page_without_translations_lists_only_existing_languages(ministry, client):
    site.ContentPage.objects.get(pk=ministry["mission"]["ckb"].pk).unpublish()
    response = client.get("/en/about/mission/")
    assert 'hreflang="ckb" href="http' not in head_of(response)
    assert 'href="/ckb/about/mission/"' in response.content.decode()  # the switcher keeps the path


def test_a_demonstration_is_not_for_search_engines(ministry, client):
    assert "noindex" not in head_of(client.get("/en/"))
    settings = site.SiteSettings.objects.get()
    settings.illustrative = True
    settings.save()
    assert '<meta name="robots" content="noindex">' in head_of(client.get("/en/"))


def test_news_is_paged_and_filtered_by_year(ministry, client):
    html = main_of(client.get("/en/news/?year=2026"))
    assert "story en" in html
    assert client.get("/en/news/?year=1999").status_code == 404
    assert client.get("/en/news/?page=77").status_code == 200
    assert "/en/news/feed.atom" in html


def test_no_page_loads_from_another_host(ministry, client):
    for path in ("", "news/story/", "offices/baghdad/karkh/", "legislation/"):
        html = client.get(f"/en/{path}").content.decode()
        loaded = re.findall(r'<(?:script|img|iframe|source)[^>]+src(?:set)?="([^"]+)"', html)
        loaded += re.findall(r'<link rel="(?:stylesheet|preload|icon)"[^>]*href="([^"]+)"', html)
        assert loaded
        assert all(address.startswith("/") for address in loaded), loaded

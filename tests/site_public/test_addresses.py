"""The root address, well-known files, sitemap, feed."""

import datetime as dt
import xml.etree.ElementTree as ElementTree

import pytest
from django.utils import timezone

from egov_cms.site import models as site
from egov_cms.site import sitemaps

from .conftest import CODES

SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.mark.parametrize(
    ("header", "target"), [("ckb", "/ckb/"), ("ku", "/ckb/"), ("en-GB", "/en/"), ("fr", "/ar/"), ("", "/ar/")]
)
def test_the_root_redirects_to_the_readers_language(client, db, header, target):
    response = client.get("/", headers={"Accept-Language": header})
    assert response.status_code == 302
    assert response.headers["Location"] == target
    assert response.headers["Vary"] == "Accept-Language"
    assert not response.cookies


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/ku", "/ckb/"),
        ("/ku/", "/ckb/"),
        ("/ku/news/?page=2", "/ckb/news/?page=2"),
        ("/ku//evil.example", "/ckb/evil.example"),
    ],
)
def test_kurdish_is_sorani(client, db, path, target):
    response = client.get(path)
    assert response.status_code == 301
    assert response.headers["Location"] == target


def test_robots(ministry, client):
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /admin/" in text
    assert "Sitemap: http://testserver/sitemap.xml" in text


def test_security_expires_in_the_future(ministry, client):
    response = client.get("/.well-known/security.txt")
    assert response.headers["Content-Type"].startswith("text/plain")
    fields = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
    assert fields["Contact"] == "mailto:info@example.gov.iq"
    expires = dt.datetime.fromisoformat(fields["Expires"])
    assert timezone.now() < expires < timezone.now() + dt.timedelta(days=366)
    assert fields["Canonical"] == "http://testserver/.well-known/security.txt"


def test_health_runs_no_queries(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert response.json() == {"status": "ok"}
    assert "no-store" in response.headers["Cache-Control"]


def test_readiness_names_its_parts(client, db):
    response = client.get("/readyz")
    assert response.json()["checks"] == {"database": True, "cache": True, "migrations": True, "search": True}
    assert response.status_code == 200


def test_without_a_cache_the_site_is_ready_and_degraded(client, db, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["status"] == "degraded"
    assert response.json()["degraded"] == ["cache"]
    assert response.json()["checks"]["cache"] is False


def test_the_colours_have_their_own_style_sheet(ministry, client):
    html = client.get("/ar/").content.decode()
    address = next(part.split('"')[0] for part in html.split('href="') if part.startswith("/colours-"))
    response = client.get(address)
    assert response.headers["Content-Type"].startswith("text/css")
    assert "--ministry" in response.content.decode()
    assert "immutable" in response.headers["Cache-Control"]
    assert client.get("/colours-000000000000.css").status_code == 404


def sitemap_rows(client, path="/sitemap.xml"):
    response = client.get(path)
    assert response.headers["Content-Type"].startswith("application/xml")
    tree = ElementTree.fromstring(response.content)
    return {
        url.find("s:loc", SITEMAP).text: {
            link.get("hreflang"): link.get("href") for link in url.findall("x:link", SITEMAP)
        }
        for url in tree.findall("s:url", SITEMAP)
    }


def test_the_sitemap_has_every_public_address_with_its_languages(ministry, client):
    rows = sitemap_rows(client)
    for path in ("", "about/mission/", "news/story/", "offices/baghdad/karkh/", "legislation/law-8-2019/"):
        for code in CODES:
            alternates = rows[f"http://testserver/{code}/{path}"]
            assert alternates == {
                **{each: f"http://testserver/{each}/{path}" for each in CODES},
                "x-default": f"http://testserver/ar/{path}",
            }


def test_every_address_of_the_sitemap_answers(ministry, client):
    for address in sitemap_rows(client):
        assert client.get(address.removeprefix("http://testserver")).status_code == 200, address


def test_the_sitemap_leaves_out_what_is_not_public(ministry, client):
    ministry["mission"]["ckb"].unpublish()
    site.Office.objects.update(is_public=False)
    from egov_cms.site.page_cache import raise_version

    raise_version()
    rows = sitemap_rows(client)
    assert "http://testserver/ckb/about/mission/" not in rows
    assert set(rows["http://testserver/en/about/mission/"]) == {"ar", "en", "x-default"}
    assert not any("karkh" in address for address in rows)


def test_a_large_sitemap_is_split(ministry, client, monkeypatch):
    monkeypatch.setattr(sitemaps, "LONGEST_PART", 20)
    tree = ElementTree.fromstring(client.get("/sitemap.xml").content)
    parts = [part.text for part in tree.findall("s:sitemap/s:loc", SITEMAP)]
    assert len(parts) > 1
    found = [
        address for part in parts for address in sitemap_rows(client, part.removeprefix("http://testserver"))
    ]
    assert len(found) == len(set(found)) > 20
    assert client.get(f"/sitemap-{len(parts) + 1}.xml").status_code == 404
    assert client.get("/sitemap-0.xml").status_code == 404


@pytest.mark.parametrize("code", CODES)
def test_the_feed_is_in_its_language(ministry, client, code):
    ministry["story"][code].save_revision().publish()
    response = client.get(f"/{code}/news/feed.atom")
    assert response.headers["Content-Type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(response.content)
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == code
    assert feed.find("a:updated", ATOM).text
    assert feed.find("a:author/a:name", ATOM).text
    entry = feed.find("a:entry", ATOM)
    assert entry.find("a:title", ATOM).text == f"story {code}"
    assert entry.find("a:link", ATOM).get("href") == f"http://testserver/{code}/news/story/"
    assert dt.datetime.fromisoformat(entry.find("a:updated", ATOM).text).tzinfo


def test_a_language_without_news_has_no_feed(ministry, client):
    ministry["news"]["ckb"].unpublish()
    assert client.get("/ckb/news/feed.atom").status_code == 404

"""Whole pages are cached for anonymous readers, and invalidated when anything that they show changes."""

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.utils import timezone
from wagtail.contrib.frontend_cache.backends import BaseBackend
from wagtail.models import PageViewRestriction

from egov_cms.site import models as site
from egov_cms.site.page_cache import version


def test_a_cached_page_runs_no_queries(ministry, client, django_assert_num_queries):
    """That every kind of page is cached is shown in tests/contracts."""
    first = client.get("/ckb/about/")
    with django_assert_num_queries(0):
        second = client.get("/ckb/about/")
    assert second.content == first.content
    assert second.headers["ETag"] == first.headers["ETag"]


def test_headers_allow_caches_in_front_to_store_the_page(ministry, client):
    response = client.get("/ar/about/")
    control = response.headers["Cache-Control"]
    assert "public" in control
    assert "public, max-age=300" in control
    # Nobody can purge a cache that the site does not know.
    assert "s-maxage=60" in control
    assert "stale-while-revalidate=60" in control
    assert "stale-if-error" not in control
    assert response.headers["Vary"] == "Accept-Encoding"
    assert not response.cookies
    assert not response.headers["ETag"].startswith("W/")


def test_a_reader_who_has_the_page_gets_304(ministry, client):
    etag = client.get("/ar/about/").headers["ETag"]
    response = client.get("/ar/about/", headers={"If-None-Match": etag})
    assert response.status_code == 304
    assert response.content == b""
    assert response.headers["ETag"] == etag
    assert "max-age" in response.headers["Cache-Control"]


def test_compressed_and_plain_pages_are_cached_separately(ministry, client):
    plain = client.get("/ar/about/")
    packed = client.get("/ar/about/", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["ETag"] != plain.headers["ETag"]
    again = client.get("/ar/about/", headers={"Accept-Encoding": "gzip, br"})
    assert again.content == packed.content


def test_unknown_parameters_make_no_other_cache_entry(ministry, client, django_assert_num_queries):
    client.get("/ar/news/")
    with django_assert_num_queries(0):
        response = client.get("/ar/news/?utm_source=letter&fbclid=1&page=abc")
    assert "utm_source" not in response.content.decode()
    assert "fbclid" not in response.content.decode()


def test_free_text_searches_are_not_cached(ministry, client):
    client.get("/en/offices/", {"q": "najaf"})
    before = len(cache._cache)
    for word in ("karkh", "rusafa", "basra"):
        assert client.get("/en/offices/", {"q": word}).status_code == 200
    assert not any(key for key in list(cache._cache) if "egov-page-" in key)
    assert len(cache._cache) == before


def test_a_publication_is_visible_immediately(ministry, client):
    page = site.ContentPage.objects.get(pk=ministry["mission"]["en"].pk)
    assert "New words" not in client.get("/en/about/mission/").content.decode()
    page.title = "New words"
    page.save_revision().publish()
    assert "New words" in client.get("/en/about/mission/").content.decode()
    page.unpublish()
    assert client.get("/en/about/mission/").status_code == 404


def test_a_draft_does_not_empty_the_cache(ministry):
    before = version()
    page = site.ContentPage.objects.get(pk=ministry["mission"]["en"].pk)
    page.title = "Draft words"
    page.save_revision()
    assert version() == before


@pytest.mark.parametrize(
    "change",
    [
        lambda made: site.Notice.objects.create(
            title={"ar": "تنبيه", "ckb": "ئاگاداری", "en": "Flood"},
            body={"ar": "تنبيه", "ckb": "ئاگاداری", "en": "Flood"},
            ends=timezone.now() + dt.timedelta(days=1),
        ),
        lambda made: site.SiteSettings.objects.get().save(),
        lambda made: site.MinistryIdentity.objects.get().save(),
        lambda made: made["office"].save(),
        lambda made: made["law"].delete(),
        lambda made: made["story"]["en"].delete(),
        lambda made: PageViewRestriction.objects.create(
            page=made["about"]["en"], restriction_type=PageViewRestriction.LOGIN
        ),
    ],
    ids=["notice", "settings", "identity", "office", "law", "deletion", "restriction"],
)
def test_every_change_that_readers_can_see_raises_the_version(ministry, change):
    before = version()
    change(ministry)
    assert version() != before


def test_feedback_does_not_raise_the_version(ministry):
    before = version()
    site.PageFeedback.objects.create(path="/en/", locale="en", helpful=True)
    assert version() == before


def test_a_commit_raises_the_version_again(ministry, django_capture_on_commit_callbacks):
    """A page rendered between the change and its commit shows the old state, so it must be invalidated too."""
    with django_capture_on_commit_callbacks() as callbacks:
        ministry["office"].save()
    between = version()
    for callback in callbacks:
        callback()
    assert version() != between


def test_responses_for_staff_are_private(ministry, client):
    client.get("/en/about/")
    client.force_login(User.objects.create_superuser("staff"))
    response = client.get("/en/about/")
    assert "private" in response.headers["Cache-Control"]
    assert "public" not in response.headers["Cache-Control"]
    anonymous = type(client)().get("/en/about/")
    assert "public" in anonymous.headers["Cache-Control"]


def test_a_restricted_page_is_not_cached_nor_listed(ministry, client):
    PageViewRestriction.objects.create(
        page=ministry["mission"]["en"], restriction_type=PageViewRestriction.PASSWORD, password="secret"
    )
    response = client.get("/en/about/mission/")
    assert "One sentence" not in response.content.decode()
    assert "public" not in response.headers.get("Cache-Control", "")
    for address in ("site-map/", "a-z/", "about/"):
        assert "/en/about/mission/" not in client.get(f"/en/{address}").content.decode()
    assert "/en/about/mission/" not in client.get("/sitemap.xml").content.decode()


def test_the_cache_can_be_switched_off(ministry, client, settings):
    settings.EGOV = {**settings.EGOV, "PAGE_CACHE_SECONDS": 0}
    client.get("/en/about/")
    ministry["about"]["en"].__class__.objects.filter(pk=ministry["about"]["en"].pk).update(
        title="Changed silently"
    )
    assert "Changed silently" in client.get("/en/about/").content.decode()


def test_posts_are_never_answered_from_the_cache(ministry, client):
    client.get("/en/about/")
    assert client.post("/en/about/").status_code in (403, 405, 200)
    assert client.head("/en/about/").status_code == 200


class RememberingCache(BaseBackend):
    """A cache in front of the site that records the purged addresses."""

    purged = set()

    def purge(self, url):
        self.purged.add(url)


def test_caches_in_front_purge_the_page_and_the_lists_that_show_it(
    ministry, settings, django_capture_on_commit_callbacks
):
    settings.WAGTAILFRONTENDCACHE = {"front": {"BACKEND": f"{__name__}.RememberingCache"}}
    RememberingCache.purged.clear()
    with django_capture_on_commit_callbacks(execute=True):
        site.NewsPage.objects.get(pk=ministry["story"]["en"].pk).save_revision().publish()
    assert {
        "http://testserver/en/news/story/",
        "http://testserver/en/news/",
        "http://testserver/en/",
        "http://testserver/en/news/feed.atom",
        "http://testserver/sitemap.xml",
    } <= RememberingCache.purged

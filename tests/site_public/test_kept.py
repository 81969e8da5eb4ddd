"""What is kept is given until something that it shows is dropped, and never what was read before a drop."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import TestCase

from egov_cms.site import models as site
from egov_cms.site import outbox, page_cache
from egov_cms.site.models.outbox import OutboxEntry
from egov_cms.site.publication import together


@pytest.fixture
def keep():
    """Keeps "value" under "k" with the tags, begun now or at `begun`; returns whether it is kept."""
    cache.clear()

    def keep(*tags, begun=None):
        return page_cache.keep("k", "value", begun or page_cache.start(), tags, 60)

    # The first one finds no value of its tags and is made once more.
    keep("a", "b", "c")
    return keep


@pytest.fixture
def no_transaction(monkeypatch):
    """Drops are final at once, as outside of a test's own transaction."""

    class Outside:
        in_atomic_block = False

    monkeypatch.setattr(page_cache.transaction, "get_connection", lambda: Outside)


def test_only_what_carries_a_dropped_tag_is_lost(keep, no_transaction):
    assert keep("a", "b")
    page_cache.drop({"c"})
    assert page_cache.find("k") == "value"
    page_cache.drop({"b"})
    assert page_cache.find("k") is None
    assert keep("a", "b")
    page_cache.raise_version()
    assert page_cache.find("k") is None


def test_what_was_begun_before_a_drop_is_not_kept(keep, no_transaction):
    begun = page_cache.start()
    page_cache.drop({"a"})
    assert not keep("a", begun=begun)
    assert keep("b", begun=begun)
    assert keep("a")


def test_a_lost_tag_counts_as_dropped(keep, no_transaction):
    assert keep("a")
    page_cache.drop({"c"})
    cache.delete(page_cache._tag_key("a"))
    assert page_cache.find("k") is None
    page_cache.keep("other", "value", page_cache.start(), {"a"}, 60)
    assert page_cache.find("k") is None


def test_a_lost_generation_begins_higher(keep):
    before = page_cache.start().generation
    cache.delete(page_cache.GENERATION_KEY)
    assert page_cache.start().generation > before


def test_nothing_is_kept_between_a_change_and_its_commit(keep, db, monkeypatch):
    assert keep("a")
    with TestCase.captureOnCommitCallbacks(execute=True), transaction.atomic():
        page_cache.drop({"a"})
        assert page_cache.find("k") is None
        assert not keep("a")
        assert keep("b")
        during = page_cache.start()
    assert not keep("a", begun=during)
    assert keep("a")


def test_a_process_killed_before_its_hook_leaves_nothing_stale(keep, db, monkeypatch):
    assert keep("a")
    begun = page_cache.start()
    with transaction.atomic():
        page_cache.drop({"a"})
    # The hook is never called: the test's own transaction is not committed.
    during = page_cache.start()
    now = page_cache.time.time()
    monkeypatch.setattr(page_cache.time, "time", lambda: now + page_cache.PENDING_SECONDS + 1)
    assert page_cache.find("k") is None
    assert not keep("a", begun=begun)
    assert not keep("a", begun=during)
    assert keep("a")


def test_the_commit_of_another_change_does_not_end_the_wait(keep, db):
    with transaction.atomic():
        page_cache.drop({"a"})
        with TestCase.captureOnCommitCallbacks(execute=True):
            page_cache.drop({"a"})
        assert not keep("a")


def test_a_part_tells_its_tags_to_the_page_around(keep, db):
    def part():
        page_cache.shows("a")
        return 1

    for _made_then_kept in range(3):
        with page_cache.collecting() as shown:
            assert page_cache.cached_by_version("part", part) == 1
        assert "a" in shown.tags


def test_a_part_read_in_a_publication_shows_what_was_written(ministry):
    office = ministry["office"]
    read = lambda: site.Office.objects.get(pk=office.pk).whatsapp  # noqa: E731
    page_cache.cached_by_version("number", read)
    with together():
        office.whatsapp = "+9647701234567"
        office.save()
        assert page_cache.cached_by_version("number", read) == "+9647701234567"


def test_a_page_finished_after_a_change_is_not_kept(ministry, client, monkeypatch):
    page = site.ContentPage.objects.get(pk=ministry["mission"]["en"].pk)
    serve = site.ContentPage.serve

    def slow(self, request, *args, **kwargs):
        response = serve(self, request, *args, **kwargs).render()
        page.title = "New words"
        page.save_revision().publish()
        return response

    client.get("/en/about/mission/")
    cache.clear()
    monkeypatch.setattr(site.ContentPage, "serve", slow)
    assert "New words" not in client.get("/en/about/mission/").content.decode()
    monkeypatch.setattr(site.ContentPage, "serve", serve)
    assert "New words" in client.get("/en/about/mission/").content.decode()


def test_a_hit_is_two_reads_of_the_cache(ministry, client, monkeypatch, django_assert_num_queries):
    # The first answer finds no values of tags, the second is kept.
    client.get("/en/about/")
    client.get("/en/about/")
    calls = []
    for name in ("get", "get_many"):
        original = getattr(type(cache._connections[cache._alias]), name)
        monkeypatch.setattr(
            type(cache._connections[cache._alias]),
            name,
            lambda self, *args, _name=name, _original=original, **kw: (
                calls.append(_name) or _original(self, *args, **kw)
            ),
        )
    with django_assert_num_queries(0):
        client.get("/en/about/")
    # The get_many of this cache asks for its keys one by one.
    assert calls[:2] == ["get", "get_many"] and calls.count("get_many") == 1


class Front(BaseHTTPRequestHandler):
    """A cache in front of the site: remembers what it is told to lose."""

    def do_PURGE(self):
        if tags := self.headers.get("xkey-purge"):
            self.server.tags.update(tags.split())
        else:
            self.server.purged.append(f"http://{self.headers['Host']}{self.path}")
        self.send_response(self.server.answer)
        self.end_headers()

    def log_message(self, *_arguments):
        """Say nothing."""


@pytest.fixture
def front(settings):
    server = HTTPServer(("127.0.0.1", 0), Front)
    server.purged, server.tags, server.answer = [], set(), 200
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.WAGTAILFRONTENDCACHE = {
        "front": {
            "BACKEND": "wagtail.contrib.frontend_cache.backends.HTTPBackend",
            "LOCATION": f"http://127.0.0.1:{server.server_port}",
        }
    }
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("end", ["publish", "withdraw", "delete"])
def test_a_cache_in_front_loses_the_page_in_all_languages_and_what_lists_it(
    ministry, front, end, django_capture_on_commit_callbacks
):
    page = site.NewsPage.objects.get(pk=ministry["story"]["en"].pk)
    with django_capture_on_commit_callbacks(execute=True):
        if end == "publish":
            page.save_revision().publish()
        elif end == "withdraw":
            page.unpublish()
        else:
            page.delete()
    paths = {"sitemap.xml"}
    for language in ("ar", "ckb", "en"):
        paths.update(f"{language}/{name}" for name in ("news/story/", "news/", "", "news/feed.atom"))
    assert {f"http://testserver/{path}" for path in paths} <= set(front.purged)


def test_a_cache_that_knows_tags_loses_every_page_that_shows_the_change(
    ministry, client, front, settings, django_capture_on_commit_callbacks
):
    backend = "egov_cms.site.purges.TaggedHTTPBackend"
    settings.WAGTAILFRONTENDCACHE = {"front": {**settings.WAGTAILFRONTENDCACHE["front"], "BACKEND": backend}}
    settings.EGOV = {**settings.EGOV, "SHARED_CACHE_SECONDS": 86400}

    def kept_of(path):
        answer = client.get(path)
        assert "s-maxage=86400" in answer.headers["Cache-Control"]
        return set(answer.headers["Cache-Tag"].split(","))

    listing, other = kept_of("/en/news/"), kept_of("/en/people/sara-ahmed/")
    page = site.NewsPage.objects.get(pk=ministry["story"]["en"].pk)
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()
    assert front.tags & listing - {"all"} and not front.tags & other
    front.answer = 503
    with django_capture_on_commit_callbacks(execute=True):
        page.unpublish()
    assert OutboxEntry.objects.filter(kind="purge").exists()
    front.answer = 200
    outbox.deliver()
    assert not OutboxEntry.objects.exists()

"""Visits are counted per page and day, also of cached pages, without queries and without data about the reader."""

import datetime as dt
import os
import threading

import pytest
import time_machine
from django.core.management import call_command
from django.db import OperationalError, connection
from wagtail.models import Page, Site

from egov_cms.site import visits
from egov_cms.site.models import DailyPageCount
from tests.conftest import REPOSITORY

BROWSER = (
    "Mozilla/5.0 (Linux; Android 14; CUBOT NOTE 20) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"
)
ROBOTS = [
    "",
    "curl/8.5.0",
    "WhatsApp/2.24.6",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0 Safari/537.36",
    "Mozilla/5.0 (compatible; SomeCrawler/1.0)",
]


@pytest.fixture
def counting(settings, monkeypatch):
    """Visits are counted, and written when a test calls for it."""
    settings.EGOV = {**settings.EGOV, "COUNT_VISITS": True}
    monkeypatch.setattr(visits, "start_writing", lambda: threading.current_thread())
    visits.buffer.take()
    yield visits
    visits.buffer.take()


@pytest.fixture
def reader(client):
    """`reader("/ar/about/")`: a request as of a browser."""

    def get(path, **headers):
        return client.get(path, headers={"User-Agent": BROWSER, **headers})

    return get


def counted():
    visits.flush()
    return dict(DailyPageCount.objects.values_list("path", "visits"))


def test_a_cached_page_is_counted_without_a_query(ministry, reader, counting, django_assert_num_queries):
    reader("/ar/about/")
    with django_assert_num_queries(0):
        for _ in range(4):
            assert reader("/ar/about/").status_code == 200
    reader("/en/about/mission/")
    assert counted() == {"/ar/about/": 5, "/en/about/mission/": 1}
    row = DailyPageCount.objects.get(path="/ar/about/")
    assert (row.page_id, row.locale, row.site) == (ministry["about"]["ar"].pk, "ar", Site.objects.get())


def test_a_reader_who_has_the_page_already_is_counted(ministry, reader, counting):
    etag = reader("/ar/about/").headers["ETag"]
    assert reader("/ar/about/", **{"If-None-Match": etag}).status_code == 304
    assert counted() == {"/ar/about/": 2}


def test_numbers_are_added_to_the_row_of_the_day(ministry, reader, counting):
    with time_machine.travel(dt.datetime(2026, 3, 1, 20, 0, tzinfo=dt.UTC), tick=False):
        reader("/ar/about/")
        counted()
        reader("/ar/about/")
    # In Baghdad it is already the next day.
    with time_machine.travel(dt.datetime(2026, 3, 1, 21, 30, tzinfo=dt.UTC), tick=False):
        reader("/ar/about/")
    counted()
    days = dict(DailyPageCount.objects.values_list("day", "visits"))
    assert days == {dt.date(2026, 3, 1): 2, dt.date(2026, 3, 2): 1}


def test_any_number_of_visits_is_written_in_few_queries(ministry, counting, django_assert_max_num_queries):
    day = dt.date(2026, 3, 1)
    counts = {visits.Visit(day, "testserver", f"/ar/{number}/"): 3 for number in range(300)}
    with django_assert_max_num_queries(8):
        assert visits.write(counts) == 900
    assert DailyPageCount.objects.count() == 300


@pytest.mark.parametrize("agent", ROBOTS)
def test_robots_are_not_counted(ministry, client, counting, agent):
    client.get("/ar/about/", headers={"User-Agent": agent})
    assert counted() == {}


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Purpose": "prefetch"},
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"X-Moz": "prefetch"},
        {"Sec-Fetch-Dest": "empty"},
    ],
)
def test_prefetch_and_background_requests_are_not_counted(ministry, reader, counting, headers):
    reader("/ar/about/", **headers)
    assert counted() == {}


def test_errors_files_redirects_and_posts_are_not_counted(ministry, reader, client, counting):
    reader("/ar/nothing/")
    reader("/ar/news/feed.atom")
    reader("/sitemap.xml")
    reader("/")
    client.head("/ar/about/", headers={"User-Agent": BROWSER})
    client.post("/ar/feedback/", {}, headers={"User-Agent": BROWSER})
    assert counted() == {}


def test_staff_are_not_counted(ministry, reader, client, counting, django_user_model):
    client.force_login(django_user_model.objects.create_superuser("staff"))
    assert reader("/ar/about/").status_code == 200
    assert counted() == {}


def test_it_can_be_switched_off(ministry, reader, counting, settings):
    settings.EGOV = {**settings.EGOV, "COUNT_VISITS": False}
    reader("/ar/about/")
    assert counted() == {}


def test_no_data_about_the_reader_is_stored(ministry, client, counting):
    secret = {
        "User-Agent": BROWSER + " secret-agent",
        "Referer": "https://secret.example/",
        "Cookie": "a=secret",
    }
    response = client.get("/ar/about/?q=secret&utm_source=secret", headers=secret, REMOTE_ADDR="10.9.8.7")
    assert response.status_code == 200
    assert not response.cookies
    assert "secret" not in repr(visits.buffer._counts)
    assert "10.9.8.7" not in repr(visits.buffer._counts)
    assert counted() == {"/ar/about/": 1}
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM egov_site_dailypagecount")
        stored = str(cursor.fetchall())
    assert "secret" not in stored
    assert "10.9.8.7" not in stored
    columns = {field.name for field in DailyPageCount._meta.get_fields()}
    assert columns == {"id", "day", "site", "path", "locale", "page", "visits"}


def test_counts_that_cannot_be_written_are_kept_for_later(ministry, reader, counting, monkeypatch):
    reader("/ar/about/")

    def fails(rows):
        raise OperationalError("database is locked")

    with monkeypatch.context() as patched:
        patched.setattr(visits, "_add", fails)
        assert visits.flush() == 0
    assert not DailyPageCount.objects.exists()
    reader("/ar/about/")
    assert counted() == {"/ar/about/": 2}


def test_a_count_does_not_empty_the_page_cache(ministry, reader, counting):
    from egov_cms.site.page_cache import version

    before = version()
    reader("/ar/about/")
    counted()
    assert version() == before


def test_the_counts_of_a_deleted_page_are_kept(ministry, reader, counting):
    reader("/en/about/mission/")
    counted()
    Page.objects.get(pk=ministry["mission"]["en"].pk).delete()
    assert DailyPageCount.objects.get().page is None


def test_the_number_of_addresses_in_memory_is_limited(counting, monkeypatch):
    monkeypatch.setattr(visits, "MOST_ADDRESSES", 10)
    day = dt.date(2026, 3, 1)
    for number in range(50):
        visits.buffer.add(visits.Visit(day, "testserver", f"/ar/{number}/"))
    visits.buffer.add(visits.Visit(day, "testserver", "/ar/3/"))
    taken = visits.buffer.take()
    assert len(taken) == 10
    assert taken[visits.Visit(day, "testserver", "/ar/3/")] == 2


def test_no_count_is_lost_with_many_threads(counting):
    visit = visits.Visit(dt.date(2026, 3, 1), "testserver", "/ar/")
    threads = [
        threading.Thread(target=lambda: [visits.buffer.add(visit) for _ in range(500)]) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert visits.buffer.take()[visit] == 4000


def test_a_process_writes_its_counts_when_it_ends(counting, monkeypatch):
    monkeypatch.undo()
    called = []
    monkeypatch.setattr(visits.atexit, "register", called.append)
    thread = visits.start_writing()
    assert called == [visits.flush]
    assert thread.is_alive()
    assert thread.daemon


def test_a_forked_process_starts_without_counts(counting):
    visits.buffer.add(visits.Visit(dt.date(2026, 3, 1), "testserver", "/ar/"))
    child = os.fork()
    if child == 0:
        os._exit(sum(visits.buffer.take().values()))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert sum(visits.buffer.take().values()) == 1


def test_the_log_of_a_cache_in_front_is_added(ministry, tmp_path, capsys):
    log = tmp_path / "visits.log"
    log.write_text(
        "2026-03-01T10:00:00+03:00 testserver /ar/about/\n"
        "2026-03-01T23:30:00+00:00 testserver /ar/about/\n"
        "2026-03-01T11:00:00+03:00 testserver /ar/about/\n"
        "2026-03-01T10:00:00+03:00 testserver /static/egov.css\n"
        "not a line\n"
        "yesterday testserver /ar/about/\n"
    )
    call_command("count_visits", str(log), dry_run=True)
    assert not DailyPageCount.objects.exists()
    call_command("count_visits", str(log))
    assert "3 visits of 2 addresses and days; 3 lines left out." in capsys.readouterr().out
    days = dict(DailyPageCount.objects.values_list("day", "visits"))
    assert days == {dt.date(2026, 3, 1): 2, dt.date(2026, 3, 2): 1}
    with pytest.raises(Exception, match="cannot be read"):
        call_command("count_visits", str(tmp_path / "none"))


def test_the_guide_has_the_same_rule():
    guide = (REPOSITORY / "docs" / "deployers-guide.md").read_text(encoding="utf-8")
    assert f'"~*{visits.ROBOTS}" 0;' in guide

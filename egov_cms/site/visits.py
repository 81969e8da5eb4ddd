"""Counts page views per page and day, without cookies, network addresses or names of browsers.

Every HTML response of the public site to a reader (`is_reader`) is counted, also from the page cache. A request only
adds one to a number in memory; a thread of each process writes the numbers into `DailyPageCount` every minute and
when the process ends, one statement for many addresses. Only the address without its query and the day are stored.
A page opened twice by one person counts twice: to distinguish persons would need data that we do not store.

Not counted: signed-in staff, programs that do not identify as a browser or identify as a robot, prefetched pages,
and responses that are not pages (files, errors, redirects, addresses that contain a secret).
"""

from __future__ import annotations

import atexit
import datetime as dt
import logging
import os
import re
import threading
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from django.db import DatabaseError, connection, connections, transaction
from django.http.request import split_domain_port
from django.utils import timezone
from wagtail.models import Site

from egov_cms.adapters.wagtail.pages import page_model, site_of_host
from egov_cms.conf import egov_settings
from egov_cms.site import languages
from egov_cms.site.models import DailyPageCount

Page = page_model()

logger = logging.getLogger(__name__)

FLUSH_SECONDS = 60
# More different addresses in a minute do not come from readers; further addresses are not counted.
MOST_ADDRESSES = 10_000
LONGEST_PATH = 255
ROWS_AT_ONCE = 150

# Every browser sends “Mozilla”; robots that also do add a name or their owner's address. Cubot is a brand of phones.
BROWSERS = ("Mozilla/", "Opera/")
ROBOTS = r"(?<!cu)bot\b|crawl|spider|slurp|scrap|fetch|monitor|uptime|headless|lighthouse|validator|preview|https?://|@"
_ROBOTS = re.compile(ROBOTS, re.IGNORECASE)


class Visit(NamedTuple):
    """One page view, without personal data."""

    day: dt.date
    host: str
    path: str


def is_reader(headers) -> bool:
    """Is this a browser's request for a page to display? Reads the request's headers and stores none."""
    agent = headers.get("User-Agent", "")
    early = headers.get("Sec-Purpose", "") + headers.get("Purpose", "") + headers.get("X-Moz", "")
    return (
        agent.startswith(BROWSERS)
        and not _ROBOTS.search(agent)
        and "prefetch" not in early
        and "prerender" not in early
        and headers.get("Sec-Fetch-Dest", "document") == "document"
    )


def count(request, content_type: str) -> None:
    """Add one to the count of this address if a reader gets a page. Runs no queries."""
    if (
        egov_settings.COUNT_VISITS
        and request.method == "GET"
        and content_type.startswith("text/html")
        and len(request.path) <= LONGEST_PATH
        and languages.split_path(request.path)[0]
        and is_reader(request.headers)
    ):
        buffer.add(Visit(timezone.localdate(), request.get_host().lower(), request.path))


class Buffer:
    """Counts of this process that are not written yet. Thread-safe; empty in a forked process."""

    def __init__(self):
        self._lock = threading.Lock()
        self._counts: Counter[Visit] = Counter()
        self._writer: threading.Thread | None = None

    def add(self, visit: Visit) -> None:
        with self._lock:
            if visit in self._counts or len(self._counts) < MOST_ADDRESSES:
                self._counts[visit] += 1
            if self._writer is None:
                self._writer = start_writing()

    def take(self) -> Counter[Visit]:
        with self._lock:
            taken, self._counts = self._counts, Counter()
            return taken

    def put_back(self, counts: Counter[Visit]) -> None:
        with self._lock:
            self._counts.update(counts)


buffer = Buffer()


def start_writing() -> threading.Thread:
    """Start the thread that writes the counts until the process ends."""
    atexit.register(flush)
    thread = threading.Thread(target=_write_for_ever, name="egov-visits", daemon=True)
    thread.start()
    return thread


def _write_for_ever():
    pause = threading.Event()
    while not pause.wait(FLUSH_SECONDS):
        flush()
        connections.close_all()


def _forget_after_fork():
    """The parent process writes its counts itself."""
    buffer.__init__()


os.register_at_fork(after_in_child=_forget_after_fork)


def flush() -> int:
    """Write the counts of this process. Returns the number of visits; after a database error they are kept for later."""
    counts = buffer.take()
    if not counts:
        return 0
    try:
        return write(counts)
    except DatabaseError:
        buffer.put_back(counts)
        logger.warning("Visits could not be written; they wait for the next minute.", exc_info=True)
        return 0


def write(counts: dict[Visit, int]) -> int:
    """Add counts to the rows of their days. A fixed number of queries, and one for each 150 addresses."""
    sites = {host: _site(host) for host in {visit.host for visit in counts}}
    roots = {(root.site_id, root.language_code): root.root_path for root in Site.get_site_root_paths()}
    added: Counter[tuple[dt.date, int, str]] = Counter()
    for visit, number in counts.items():
        if sites[visit.host] is not None:
            added[visit.day, sites[visit.host], visit.path] += number
    places = {}
    for _day, site, path in added:
        code, rest = languages.split_path(path)
        if root := roots.get((site, code)):
            places[site, path] = root + rest
    pages = dict(
        Page.objects.filter(url_path__in=set(places.values()), alias_of=None).values_list("url_path", "pk")
    )
    rows = [
        (day, site, path, languages.split_path(path)[0], pages.get(places.get((site, path))), number)
        # Sorted, so that two processes never deadlock.
        for (day, site, path), number in sorted(added.items())
    ]
    with transaction.atomic():
        for start in range(0, len(rows), ROWS_AT_ONCE):
            _add(rows[start : start + ROWS_AT_ONCE])
    return sum(added.values())


def _site(host) -> int | None:
    name, port = split_domain_port(host)
    site = site_of_host(name, int(port) if port.isdigit() else 80)
    return site.pk if site else None


def _add(rows: Iterable[tuple]) -> None:
    """Insert rows or add to existing ones. Django's upsert can only replace a value."""
    table = connection.ops.quote_name(DailyPageCount._meta.db_table)
    rows = list(rows)
    places = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(rows))
    # Only the table name and placeholders are formatted into the statement.
    statement = (
        f"INSERT INTO {table} (day, site_id, path, locale, page_id, visits) VALUES {places}"  # noqa: S608
        f" ON CONFLICT (day, site_id, path) DO UPDATE SET visits = {table}.visits + excluded.visits,"
        " page_id = excluded.page_id"
    )
    adapt = DailyPageCount._meta.get_field("day").get_db_prep_save
    with connection.cursor() as cursor:
        cursor.execute(statement, [value for day, *rest in rows for value in (adapt(day, connection), *rest)])

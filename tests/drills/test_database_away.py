"""The database is locked by another process, or stopped: kept pages are served, forms keep what was typed, and all is well
again without a restart."""

import os
import shutil
import sqlite3
import subprocess
import tempfile
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests import servers
from tests.engines import postgresql_folder

from .sites import Reader, Site, hidden

PAGES = ("/ar/", "/en/services/", "/en/offices/", "/en/status/", "/en/a-z/", "/sitemap.xml")
ASKED = (
    "/en/search/?q=passport",
    "/en/search/suggest/?q=pass",
    "/api/v1/services/",
    "/api/v1/services.csv",
    "/api/v1/search/?q=pass",
    "/api/v1/offices/",
    "/accounts/login/",
    "/readyz",
)
WRITTEN = "The office was closed although the page says that it is open"


def copied(data, folder):
    """The data of the demonstration, for a site that is broken on purpose."""
    folder = folder / "site"
    shutil.copytree(data, folder, ignore=shutil.ignore_patterns("cache", "*.sqlite3*"))
    with (
        closing(sqlite3.connect(data / "demo.sqlite3")) as source,
        closing(sqlite3.connect(folder / "demo.sqlite3")) as target,
    ):
        source.backup(target)
    return folder


@pytest.fixture
def site(demonstration_served, tmp_path):
    with Site(copied(demonstration_served[1], tmp_path)) as running:
        yield running


@pytest.fixture
def other(site):
    """Another process' connection to the database."""
    with closing(sqlite3.connect(site.folder / "demo.sqlite3", isolation_level=None)) as connection:
        yield connection


def answer_of(reader):
    """A reader's answer about a page, with a form that was open long enough."""
    _status, text, _seconds = reader.ask("/en/about/")
    time.sleep(2.5)
    return {"path": "/en/about/", "useful": "no", "comment": WRITTEN, "token": hidden(text, "token")}


def test_readers_do_not_wait_for_a_writer(site, other):
    reader, staff = Reader(site), Reader(site)
    assert staff.sign_in() == 302
    answer = answer_of(reader)
    rows = other.execute("SELECT p.page_ptr_id FROM egov_site_legislationindexpage p").fetchall()
    edit = f"/admin/pages/{rows[0][0]}/edit/"
    draft = staff.form(edit) | {"summary": WRITTEN}
    other.execute("BEGIN IMMEDIATE")
    for path in (*PAGES, *ASKED):
        status, _text, seconds = reader.ask(path)
        assert status == 200 and seconds < 5, (path, status, seconds)
    for path in ("/admin/", "/admin/pages/", "/admin/reports/"):
        status, _text, seconds = staff.ask(path)
        assert status in (200, 302, 404) and seconds < 8, (path, status, seconds)
    status, text, seconds = reader.ask("/en/feedback/", answer)
    assert (status, seconds < 30) == (503, True)
    assert WRITTEN in text and "Nothing was saved" in text
    status, text, seconds = staff.ask(edit, draft)
    assert (status, seconds < 30) == (503, True)
    assert WRITTEN in text
    other.execute("ROLLBACK")
    assert staff.ask(edit, draft)[0] == 302
    assert WRITTEN in staff.ask(edit)[1]
    # The page that was shown sends the same again.
    assert reader.ask("/en/feedback/", {**answer, "comment": WRITTEN})[0] == 303
    for path in (*PAGES, *ASKED):
        assert reader.status(path) == 200, path


# Without a write-ahead log a writer keeps readers out.
NO_LOG = 'DATABASES["default"]["OPTIONS"] |= {"init_command": "PRAGMA journal_mode=DELETE", "timeout": 2}'


def test_a_database_that_nobody_may_read(demonstration_served, tmp_path):
    """Locked as a whole, as a copy or a repair does it: only what is kept can be served."""
    folder = copied(demonstration_served[1], tmp_path)
    with (
        closing(sqlite3.connect(folder / "demo.sqlite3", isolation_level=None)) as other,
        Site(folder, NO_LOG) as site,
    ):
        reader = Reader(site)
        answer = answer_of(reader)
        for path in PAGES:
            assert reader.status(path) == 200
        other.execute("BEGIN EXCLUSIVE")
        for path in PAGES:
            status, _text, seconds = reader.ask(path)
            assert status == 200 and seconds < 2, (path, status, seconds)
        status, text, _seconds = reader.ask("/en/people/")
        assert status == 503 and "busy or cannot be reached" in text
        status, text, _seconds = reader.ask("/en/feedback/", answer)
        assert status == 503 and WRITTEN in text
        assert reader.status("/readyz") == 503 and reader.status("/healthz") == 200
        other.execute("ROLLBACK")
        for path in (*PAGES, *ASKED, "/en/people/"):
            assert reader.status(path) == 200, path
        assert reader.ask("/en/feedback/", answer)[0] == 303


class Cluster:
    """A PostgreSQL server of this test alone, on a port of its own."""

    def __init__(self, folder):
        self.folder, self.port = folder, servers.free_port()
        self.run(
            "initdb", "-A", "trust", "-U", "egov", "-E", "UTF8", "--locale=C.UTF-8", "-D", folder / "data"
        )

    def run(self, program, *arguments):
        command = [str(postgresql_folder() / program), *map(str, arguments)]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")

    def start(self, more=""):
        options = f"{more} -p {self.port} -c unix_socket_directories={self.folder} -c fsync=off"
        self.run(
            "pg_ctl", "-D", self.folder / "data", "-l", self.folder / "log", "-w", "-o", options, "start"
        )

    def stop(self):
        self.run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "-w", "stop")


@pytest.fixture
def own_postgres():
    folder = Path(tempfile.mkdtemp(prefix="egov-drill-postgres-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    cluster = Cluster(folder)
    cluster.start()
    try:
        cluster.run("createdb", "-h", "127.0.0.1", "-p", cluster.port, "-U", "egov", "egov")
        yield cluster
    finally:
        if servers.answers(cluster.port):
            cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


DATABASE = """
DATABASES = {{"default": prepared({{
    "ENGINE": "django.db.backends.postgresql", "NAME": "egov", "USER": "egov",
    "HOST": "127.0.0.1", "PORT": "{port}", "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True,
}})}}
"""


def test_postgresql_is_stopped_and_started(own_postgres, tmp_path):
    cluster = own_postgres
    with Site(tmp_path, DATABASE.format(port=cluster.port)) as site:
        reader = Reader(site)
        answer = answer_of(reader)
        for path in (*PAGES, *ASKED):
            assert reader.status(path) == 200, path
        cluster.stop()
        for path in PAGES:
            status, _text, seconds = reader.ask(path)
            assert status == 200 and seconds < 5, (path, status, seconds)
        status, text, _seconds = reader.ask("/en/feedback/", answer)
        assert status == 503 and WRITTEN in text
        status, text, _seconds = reader.ask("/api/v1/services/?limit=3")
        assert status == 503 and '"status": 503' in text
        status, text, _seconds = reader.ask("/en/people/")
        assert status == 503 and "busy or cannot be reached" in text
        assert reader.status("/readyz") == 503 and reader.status("/healthz") == 200
        cluster.start()
        assert reader.ask("/en/feedback/", answer)[0] == 303
        for path in (*PAGES, *ASKED, "/en/people/"):
            assert reader.status(path) == 200, path
        # Read-only, as a standby is: pages are read, forms say that nothing was saved.
        cluster.stop()
        cluster.start("-c default_transaction_read_only=on")
        for path in (*PAGES, *ASKED, "/en/people/?page=1"):
            assert reader.status(path) == 200, path
        status, text, _seconds = reader.ask("/en/feedback/", answer)
        assert status == 503 and WRITTEN in text
        cluster.stop()
        cluster.start()
        assert reader.ask("/en/feedback/", answer)[0] == 303

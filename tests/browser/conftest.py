"""The demonstration ministry in a real browser: one server and one browser for the whole run.

The server is that of `make demo` (production server, hashed and compressed files, page cache), with its data
in a folder of its own. EGOV_TEST_SITE_URL names a running demonstration to use instead.
"""

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.conftest import run_folder
from tests.images import migrated_database

from .visits import Visitor

REPOSITORY = Path(__file__).resolve().parents[2]
STARTS_WITHIN_SECONDS = 600


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


def pytest_collection_finish(session):
    """Let the demonstration load its content while tests without a browser run: it takes half a minute."""
    if os.environ.get("PYTEST_XDIST_WORKER", "gw0") != "gw0" or session.config.option.collectonly:
        return
    here = Path(__file__).parent
    if not os.environ.get("EGOV_TEST_SITE_URL") and any(
        item.path.is_relative_to(here) for item in session.items
    ):
        starter.start(session.config._tmp_path_factory)


def pytest_sessionfinish(session):
    """End a demonstration that nobody came to use."""
    if os.environ.get("PYTEST_XDIST_WORKER", "gw0") == "gw0":
        starter.stop()
        with shared_server(session.config._tmp_path_factory) as server:
            if server and not server["users"]:
                end(server)


@pytest.fixture(scope="session")
def site_url(tmp_path_factory):
    """The address of the demonstration, without a slash at its end. Parallel processes share one server."""
    if running := os.environ.get("EGOV_TEST_SITE_URL"):
        yield running.rstrip("/")
        return
    with shared_server(tmp_path_factory) as server:
        server.update(server or start(server.folder))
        server["users"] += 1
        url = server["url"]
        wait_for(url + "/readyz", server)
    yield url
    with shared_server(tmp_path_factory) as server:
        server["users"] -= 1
        if not server["users"]:
            end(server)


@pytest.fixture(scope="session")
def visitor(chromium, site_url):
    """Visits each page once and keeps what was seen: `visitor.see("service", "ar")`."""
    return Visitor(chromium, site_url)


@pytest.fixture
def open_page(chromium, site_url):
    """A Playwright page in a context of its own: `open_page("/ar/", java_script_enabled=False)`."""
    contexts = []

    def go(path, **options):
        options.setdefault("viewport", {"width": 360, "height": 740})
        context = chromium.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.goto(site_url + path)
        return page

    yield go
    for context in contexts:
        context.close()


class Server(dict):
    """`url`, `pid`, `users` of the demonstration; empty while there is none. `folder`: its data and its log."""

    def __init__(self, folder, values):
        super().__init__(values)
        self.folder = folder


@contextmanager
def shared_server(tmp_path_factory):
    """The server that all test processes of a run share, with the others kept out for a while; changes are kept."""
    folder = run_folder(tmp_path_factory) / "demonstration"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        path = folder / "server.json"
        server = Server(folder, json.loads(path.read_text()) if path.exists() else {})
        try:
            yield server
        finally:
            path.write_text(json.dumps(server))


class Starter:
    """Starts the demonstration as soon as the migrations have run, so that they need not run for it as well."""

    def __init__(self):
        self.over, self.thread = threading.Event(), None

    def start(self, tmp_path_factory):
        self.thread = threading.Thread(target=self._wait, args=[tmp_path_factory], daemon=True)
        self.thread.start()

    def stop(self):
        self.over.set()
        if self.thread is not None:
            self.thread.join()

    def _wait(self, tmp_path_factory):
        while not self.over.wait(0.5):
            if migrated_database(run_folder(tmp_path_factory)):
                with shared_server(tmp_path_factory) as server:
                    server.update(server or start(server.folder))
                return


starter = Starter()


def start(folder):
    """Start the demonstration, with its data in `folder`, without waiting for it."""
    port, data = free_port(), folder / "var"
    data.mkdir(exist_ok=True)
    if image := migrated_database(folder.parent):
        shutil.copy(image, data / "demo.sqlite3")
    environment = {name: value for name, value in os.environ.items() if name != "EGOV_TEST_DATABASE_URL"}
    environment |= {"DJANGO_SETTINGS_MODULE": "egov_cms.settings.demo", "EGOV_DEMO_VAR": str(data)}
    with (folder / "log").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve_demo", "--port", str(port)],
            cwd=REPOSITORY,
            env=environment | {"PORT": str(port)},
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    return {"url": f"http://127.0.0.1:{port}", "pid": process.pid, "users": 0}


def end(server):
    with suppress(ProcessLookupError):
        os.killpg(server["pid"], signal.SIGTERM)
    server.clear()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def alive(pid):
    # A child of this process that has ended would count as there until somebody asks for it.
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for(url, server):
    began = time.monotonic()
    while time.monotonic() - began < STARTS_WITHIN_SECONDS and alive(server["pid"]):
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.5)
    log = (server.folder / "log").read_text()
    end(server)
    pytest.fail(f"The demonstration did not answer in {STARTS_WITHIN_SECONDS} s:\n{log[-3000:]}")

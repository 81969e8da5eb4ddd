"""The demonstration ministry in a real browser: one server and one browser for the whole run.

The server is that of `make demo` (production server, hashed and compressed files, page cache), with its data
in a folder of its own. EGOV_TEST_SITE_URL names a running demonstration to use instead.
"""

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from .visits import Visitor

REPOSITORY = Path(__file__).resolve().parents[2]
STARTS_WITHIN_SECONDS = 600


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def site_url(tmp_path_factory):
    """The address of the demonstration, without a slash at its end. Parallel processes share one server."""
    if running := os.environ.get("EGOV_TEST_SITE_URL"):
        yield running.rstrip("/")
        return
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "demonstration"
    folder.mkdir(exist_ok=True)
    shared = folder / "server.json"
    with alone(folder):
        server = json.loads(shared.read_text()) if shared.exists() else {"users": 0}
        if not server["users"]:
            server = start(folder)
        server["users"] += 1
        shared.write_text(json.dumps(server))
    yield server["url"]
    with alone(folder):
        server = json.loads(shared.read_text())
        server["users"] -= 1
        shared.write_text(json.dumps(server))
        if not server["users"]:
            os.killpg(server["pid"], signal.SIGTERM)


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


@contextmanager
def alone(folder):
    """Keep the other test processes out for a while."""
    with (folder / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def start(folder):
    """Start the demonstration, with its data in `folder`, and wait until it answers."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {name: value for name, value in os.environ.items() if name != "EGOV_TEST_DATABASE_URL"}
    environment |= {"DJANGO_SETTINGS_MODULE": "egov_cms.settings.demo", "EGOV_DEMO_VAR": str(folder / "var")}
    log = folder / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "manage.py", "serve_demo", "--port", str(port)],
            cwd=REPOSITORY,
            env=environment | {"PORT": str(port)},
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    wait_for(url + "/readyz", server, log)
    return {"url": url, "pid": server.pid, "users": 0}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(url, server, log):
    began = time.monotonic()
    while time.monotonic() - began < STARTS_WITHIN_SECONDS and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.5)
    if server.poll() is None:
        os.killpg(server.pid, signal.SIGTERM)
    pytest.fail(f"The demonstration did not answer in {STARTS_WITHIN_SECONDS} s:\n{log.read_text()[-3000:]}")

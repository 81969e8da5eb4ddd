"""The demonstration as `make demo` serves it: one server for all processes of a run.

It is the production server with hashed and compressed files and a page cache, with its data in a folder of its own:
what the tests of the browser open, and on SQLite what the tests of the demonstration read. It loads its content while
tests that do not need it run: that takes half a minute. EGOV_TEST_SITE_URL names a running demonstration to open
instead.
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

REPOSITORY = Path(__file__).resolve().parent.parent
STARTS_WITHIN_SECONDS = 600


class Server(dict):
    """`url`, `pid`, `users` of the demonstration; empty while there is none. `folder`: its data and its log."""

    def __init__(self, folder, values):
        super().__init__(values)
        self.folder = folder


@contextmanager
def shared_server(run):
    """The server of the run with this folder, with other processes kept out for a while; changes are kept."""
    folder = run / "demonstration"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        path = folder / "server.json"
        server = Server(folder, json.loads(path.read_text()) if path.exists() else {})
        try:
            yield server
        finally:
            path.write_text(json.dumps(server))


@contextmanager
def served(run):
    """The address of the demonstration, once it answers, and the folder of its data."""
    with shared_server(run) as server:
        server.update(server or start(server.folder))
        server["users"] += 1
        url = server["url"]
        wait_for(url + "/readyz", server)
    yield url, server.folder / "var"
    with shared_server(run) as server:
        server["users"] -= 1
        if not server["users"]:
            end(server)


def end_unused(run):
    """End a demonstration that nobody came to use."""
    with shared_server(run) as server:
        if server and not server["users"]:
            end(server)


class Starter:
    """Starts the demonstration as soon as the migrations have run, so that they need not run for it as well."""

    def __init__(self):
        self.over, self.thread = threading.Event(), None

    def start(self, run):
        self.thread = threading.Thread(target=self._wait, args=[run], daemon=True)
        self.thread.start()

    def stop(self):
        self.over.set()
        if self.thread is not None:
            self.thread.join()

    def _wait(self, run):
        from .images import migrated_database

        while not self.over.wait(0.5):
            if migrated_database(run):
                with shared_server(run) as server:
                    server.update(server or start(server.folder))
                return


starter = Starter()


def start(folder):
    """Start the demonstration, with its data in `folder`, without waiting for it."""
    from .images import migrated_database

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

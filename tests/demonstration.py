"""The demonstration as `make demo` serves it: one server for all processes of a run.

It is the production server with hashed and compressed files and a page cache, with its data in a folder of its own:
what the tests of the browser open, and on SQLite what the tests of its content read. To load that takes half a minute, so
it is started early and used late. EGOV_TEST_SITE_URL names a running demonstration to open instead.
"""

import fcntl
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing, contextmanager, suppress
from functools import partial

import pytest

from .engines import REPOSITORY
from .servers import free_port

# Longer than any loaded machine took to load the content.
TRIES, PAUSE_SECONDS = 1200, 0.5


def is_used_by(item):
    """Does this test open the demonstration, or read its content?"""
    return not {"site_url", "demonstration"}.isdisjoint(item.fixturenames)


def is_served_to(item):
    """Does this test need the server that this run starts?"""
    return (
        is_used_by(item)
        and not os.environ.get("EGOV_TEST_SITE_URL")
        and ("site_url" in item.fixturenames or on_sqlite())
    )


def on_sqlite():
    from django.db import connection

    return connection.vendor == "sqlite"


@contextmanager
def alone(run):
    """The folder of the demonstration of a run, with the other processes kept out within the block."""
    folder = run / "demonstration"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield folder


def start_once(run):
    """Start the demonstration of the run with this folder without waiting for it; `{"url": …, "pid": …}`."""
    from .images import migrated_database

    with alone(run) as folder:
        known = folder / "server.json"
        if not known.exists():
            data = folder / "var"
            data.mkdir()
            if image := migrated_database(run):
                shutil.copy(image, data / "demo.sqlite3")
            known.write_text(json.dumps(start(folder, data)))
        return json.loads(known.read_text())


def start(folder, data):
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if name != "EGOV_TEST_DATABASE_URL"}
    environment |= {
        "DJANGO_SETTINGS_MODULE": "egov_cms.settings.demo",
        "EGOV_DEMO_VAR": str(data),
        "PORT": str(port),
    }
    with (folder / "log").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve_demo", "--port", str(port)],
            cwd=REPOSITORY,
            env=environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    return {"url": f"http://127.0.0.1:{port}", "pid": process.pid}


def served(run):
    """The address of the demonstration, once it answers, and the folder of its data."""
    server = start_once(run)
    for _try in range(TRIES):
        if not alive(server["pid"]):
            break
        with suppress(OSError), urllib.request.urlopen(server["url"] + "/readyz", timeout=5):
            return server["url"], run / "demonstration" / "var"
        time.sleep(PAUSE_SECONDS)
    log = (run / "demonstration" / "log").read_text()
    pytest.fail(f"The demonstration does not answer:\n{log[-3000:]}")


def end(run):
    """End the demonstration of a run, if one was started."""
    known = run / "demonstration" / "server.json"
    if known.exists():
        with suppress(ProcessLookupError):
            os.killpg(json.loads(known.read_text())["pid"], signal.SIGTERM)


def alive(pid):
    # A child of this process that has ended would count as there until somebody asks for it.
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture(scope="package")
def demonstration(request, database_image):
    """The whole demonstration in the test database; its editors' password.

    On SQLite a copy of the one that is served, else a new one.
    """
    from django.test import override_settings

    if on_sqlite() and not os.environ.get("EGOV_TEST_SITE_URL"):
        _url, data = request.getfixturevalue("demonstration_served")
        with (
            database_image("demonstration", partial(copied, data)) as password,
            override_settings(MEDIA_ROOT=data / "media"),
        ):
            yield password
    else:
        with database_image("demonstration", loaded_anew) as password:
            yield password


def copied(data):
    """Copies the demonstration that is served from this folder. Its password is checked once, then kept as tests do."""
    from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
    from django.contrib.auth.models import User
    from django.db import connection

    with closing(sqlite3.connect(data / "demo.sqlite3")) as source:
        source.backup(connection.connection)
    password = (data / "editor-password").read_text().strip()
    (hashed,) = set(User.objects.values_list("password", flat=True))
    assert PBKDF2PasswordHasher().verify(password, hashed)
    User.objects.update(password=make_password(password))
    return password


def loaded_anew():
    from egov_cms.demo.loading import load

    password = "a quiet river 1975"
    load(password)
    return password


@pytest.fixture
def loaded(demonstration, db):
    """The demonstration, for one test: what the test changes is taken back. Gives its password."""
    return demonstration

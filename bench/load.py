"""Benchmark of many readers at once: a hundred clients ask the demonstration for mixed pages for thirty seconds.

The server is that of `make demo`: gunicorn with the page cache, in processes of its own, on a database of its own in a
temporary folder (EGOV_BENCH_VAR names a prepared one). Each client keeps one connection and asks for the next page as soon
as it has the last, on the same machine as the server: they take a part of its processors. Every tenth request is a search,
which no cache keeps; a service is published every five seconds, which drops what shows it.

Milliseconds from the request to the last byte of the answer; an error is any answer but 200, and any broken connection.
The bar: no error, 99 of 100 answers within three seconds on two processors.
"""

import http.client
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles

from tests.servers import free_port, running

CLIENTS, SECONDS, PUBLISH_EVERY = 100, 30, 5
REPOSITORY = Path(__file__).resolve().parent.parent
WORDS = ("جواز", "إجازة سوق", "licence", "passport", "مۆڵەت", "البطاقة الوطنية", "marriage")
PUBLISH = """
import django, time
django.setup()
from egov_cms.services.models import ServicePage
while True:
    for page in ServicePage.objects.filter(locale__language_code="ar", live=True):
        page.get_latest_revision_as_object().save_revision().publish()
        time.sleep({seconds})
"""


def measure(clients=CLIENTS, seconds=SECONDS):
    with tempfile.TemporaryDirectory() as name, _site(Path(name)) as (port, publishing):
        addresses = _addresses(port)
        taken, failed, ends = [], [], time.monotonic() + seconds
        threads = [
            threading.Thread(target=_client, args=(port, addresses, number, ends, taken, failed))
            for number in range(clients)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        published = publishing.poll() is None
    assert published, "The process that publishes has ended."
    cuts = quantiles(taken, n=100)
    return [
        {
            "clients": clients,
            "seconds": seconds,
            "requests": len(taken),
            "per second": round(len(taken) / seconds),
            "median ms": round(cuts[49]),
            "p95 ms": round(cuts[94]),
            "p99 ms": round(cuts[98]),
            "slowest ms": round(max(taken)),
            "errors": len(failed),
            "first error": failed[0] if failed else "",
        }
    ]


@contextmanager
def _site(folder):
    """The served demonstration and the process that publishes in it: (port, Popen)."""
    port = free_port()
    variables = {
        "EGOV_DEMO_VAR": os.environ.get("EGOV_BENCH_VAR") or str(folder / "var"),
        "DJANGO_SETTINGS_MODULE": "egov_cms.settings.demo",
    }
    environment = {**os.environ, **variables}
    environment.pop("EGOV_TEST_DATABASE_URL", None)
    prepare = [sys.executable, "manage.py", "serve_demo", "--prepare-only"]
    subprocess.run(prepare, cwd=REPOSITORY, env=environment, check=True, capture_output=True)
    os.environ.update(variables)
    serve = [sys.executable, str(REPOSITORY / "manage.py"), "serve_demo", "--port", str(port)]
    with running(serve, port, folder / "log"):
        publish = [sys.executable, "-c", PUBLISH.format(seconds=PUBLISH_EVERY)]
        publishing = subprocess.Popen(publish, cwd=REPOSITORY, env=environment)
        try:
            yield port, publishing
        finally:
            publishing.kill()
            publishing.wait()


def _addresses(port):
    """Pages of all kinds in all languages, as the site map lists them."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    found = []
    for language in ("ar", "ckb", "en"):
        connection.request("GET", f"/{language}/a-z/")
        html = connection.getresponse().read().decode()
        links = {part.partition('"')[0] for part in html.split('href="')[1:]}
        found += sorted(link for link in links if link.startswith(f"/{language}/") and "?" not in link)
    return found


def _client(port, addresses, number, ends, taken, failed):
    chosen = random.Random(number)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    while time.monotonic() < ends:
        address = chosen.choice(addresses)
        if chosen.random() < 0.1:
            address = f"/{address[1:].partition('/')[0]}/search/?q={_quoted(chosen.choice(WORDS))}"
        began = time.monotonic()
        try:
            connection.request("GET", address, headers={"Accept-Encoding": "gzip"})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                failed.append(f"{answer.status} {address}")
        except (OSError, http.client.HTTPException) as error:
            failed.append(f"{type(error).__name__} {address}")
            connection.close()
        taken.append((time.monotonic() - began) * 1000)


def _quoted(words):
    from urllib.parse import quote

    return quote(words)

"""Benchmark of pages without a page cache, beside a site made by `wagtail start` with the same words.

Both sites run in processes of their own, each through its real WSGI application: DEBUG off, cached template loader,
connections kept, no page cache, no compression. They are asked in turn, a few requests each, in one run, so that what else runs on the
machine meets both. Times are milliseconds of processor time of one request, as the lowest, the median and the 95th
percentile; "ratio" is the median of the plain site divided by ours (1: as fast), with the lowest and highest ratio of
the rounds. Our site is the demonstration; EGOV_BENCH_VAR names a prepared one (`manage.py serve_demo --prepare-only`).
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from statistics import median, quantiles

ROUNDS, REQUESTS, WARM_UP = 12, 15, 20
REPOSITORY = Path(__file__).resolve().parent.parent
LANGUAGE = "ar"


def measure(rounds=ROUNDS):
    from bench import _plain_site

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours = Server(REPOSITORY, _our_environment(folder), "egov_cms.demo.wsgi")
        try:
            addresses = {
                "service": ours.ask(service=LANGUAGE)["path"],
                "home": f"/{LANGUAGE}/",
                "list": f"/{LANGUAGE}/services/",
            }
            pages = {each: ours.ask(path=path)["text"] for each, path in addresses.items()}
            site = _plain_site.make(folder, pages)
            plain = Server(
                site, _plain_site.child_environment("plain.settings.bench", REPOSITORY, site), "plain.wsgi"
            )
            try:
                return list(_rows(ours, addresses, plain, _plain_site.ADDRESSES, rounds))
            finally:
                plain.end()
        finally:
            ours.end()


def _our_environment(folder):
    from bench import _plain_site

    environment = _plain_site.child_environment("bench._settings", REPOSITORY)
    environment["EGOV_DEMO_VAR"] = os.environ.get("EGOV_BENCH_VAR") or str(folder / "ours")
    environment.pop("EGOV_TEST_DATABASE_URL", None)
    command = [sys.executable, "manage.py", "serve_demo", "--prepare-only"]
    done = subprocess.run(
        command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    return environment


def _rows(ours, addresses, plain, plain_addresses, rounds):
    for name, path in addresses.items():
        sides = [(ours, path), (plain, plain_addresses[name])]
        for server, address in sides:
            server.ask(path=address, requests=WARM_UP)
        times = {server: [] for server, _address in sides}
        ratios = []
        for number in range(rounds):
            # The one that is asked first meets what the other left in the processor's caches: they take turns.
            for server, address in sides if number % 2 else reversed(sides):
                times[server].append(server.ask(path=address, requests=REQUESTS)["times"])
            ratios.append(median(times[plain][-1]) / median(times[ours][-1]))
        all_times = {server: [each for part in parts for each in part] for server, parts in times.items()}
        yield {
            "page": name,
            "ours ms": _spread(all_times[ours]),
            "plain ms": _spread(all_times[plain]),
            "ratio": round(median(all_times[plain]) / median(all_times[ours]), 2),
            "rounds": f"{min(ratios):.2f}–{max(ratios):.2f}",
            **{
                f"{side} {unit}": server.ask(path=address)[unit]
                for unit in ("queries", "bytes")
                for side, (server, address) in zip(("ours", "plain"), sides, strict=True)
            },
        }


def _spread(times):
    return f"{min(times):.1f} / {median(times):.1f} / {quantiles(times, n=20)[-1]:.1f}"


class Server:
    """A process with one site, which answers one JSON line for each line that it is sent."""

    def __init__(self, folder, environment, application):
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.pages", application],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, **question):
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"A site of the benchmark ended at {question}.")
        return json.loads(line)

    def end(self):
        self._process.stdin.close()
        self._process.wait(timeout=30)


def serve(application):
    """Answer questions on the standard input: an address (`path`), with `requests` how often; a `service` in a language."""
    application = import_module(application).application
    for line in sys.stdin:
        question = json.loads(line)
        if "service" in question:
            answer = {"path": longest_service(question["service"])}
        elif count := question.get("requests"):
            answer = {"times": [_time(application, question["path"]) for _request in range(count)]}
        else:
            answer = _look(application, question["path"])
        print(json.dumps(answer), flush=True)


def longest_service(language):
    """The address of the service with the most rows in a language: a page with little on it would flatter us."""
    from egov_cms.services.models import ROWS, ServicePage

    pages = ServicePage.objects.public().filter(locale__language_code=language).order_by("pk")
    return max(pages, key=lambda page: sum(getattr(page, name).count() for name in ROWS)).url


def _time(application, path):
    started = time.process_time()
    _request(application, path)
    return (time.process_time() - started) * 1000


def _look(application, path):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        body = _request(application, path)
    return {"text": body.decode(), "bytes": len(body), "queries": len(queries)}


def _request(application, path):
    from io import BytesIO

    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80", "HTTP_HOST": "127.0.0.1", "SERVER_PROTOCOL": "HTTP/1.1", "SCRIPT_NAME": "",
        "REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "http", "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr, "wsgi.version": (1, 0), "wsgi.multithread": False,
        "wsgi.multiprocess": False, "wsgi.run_once": False, "HTTP_ACCEPT": "text/html",
    }  # fmt: skip
    status = []
    response = application(environ, lambda line, headers, exception=None: status.append(line))
    try:
        body = b"".join(response)
    finally:
        response.close()
    if not status[0].startswith("200"):
        raise RuntimeError(f"{path}: {status[0]}")
    return body


if __name__ == "__main__":
    serve(sys.argv[1])

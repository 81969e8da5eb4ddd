"""nginx as the deployer's guide sets it up, in front of the demonstration: it keeps pages, counts, and outlives the site."""

import re
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.management import call_command

from tests.engines import REPOSITORY

GUIDE = REPOSITORY / "docs" / "deployers-guide.md"
BROWSER = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"
PAGE = "/ar/about/"


class Application(ThreadingHTTPServer):
    """The demonstration with a counter: `asked` are the paths that came through; pages are kept for a second."""

    daemon_threads = True

    def __init__(self, site_url):
        super().__init__(("127.0.0.1", 0), Relay)
        self.site_url, self.asked = site_url, []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def stop(self):
        self.shutdown()
        self.server_close()


class Relay(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        with urllib.request.urlopen(self.server.site_url + self.path) as answer:
            body, headers = answer.read(), answer.headers
        self.send_response(200)
        for name in ("Content-Type", "ETag", "Vary"):
            if headers[name]:
                self.send_header(name, headers[name])
        self.send_header("Cache-Control", re.sub("s-maxage=[0-9]+", "s-maxage=1", headers["Cache-Control"]))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        """Say nothing."""


# The guide has TLS, the folders of a server and the port of its application.
HERE = {
    r"^server \{ listen 80;.*$": "",
    r"listen 443 ssl http2;": "listen 127.0.0.1:{port};",
    r"/var/(?:cache|log)/nginx/": "{folder}/",
    r"/srv/planning/": "{folder}/",
}


def configuration(application):
    """The two parts of the guide as one, in the folder and on the port of this test."""
    server, counting = re.findall(r"```nginx\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    (log,) = re.findall(r"^access_log .*;", counting, re.MULTILINE)
    text = counting.replace(log, "") + server.replace("listen 443", f"{log}\n    listen 443")
    for there, here in {**HERE, r"http://127\.0\.0\.1:8000": application.url}.items():
        text, found = re.subn(there, here, text, flags=re.MULTILINE)
        assert found, f"the guide has no {there}"
    return text


@pytest.fixture
def front(nginx, site_url):
    """`(get, application, log)`: what nginx answers, what the application was asked, the log of the visits."""
    application = Application(site_url)
    url, folder = nginx(configuration(application))

    def get(path, **headers):
        request = urllib.request.Request(url + path, headers={"User-Agent": BROWSER, **headers})
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read()

    yield get, application, folder / "planning-views.log"
    application.stop()


def test_a_page_is_kept_and_its_readers_are_counted(front, capsys, db):
    get, application, log = front
    first = get(PAGE)
    assert first[0] == 200 and get(PAGE) == first
    assert application.asked == [PAGE]
    # The application counted the first reader itself.
    assert re.findall(r"^\S+ 127\.0\.0\.1 (\S+)$", log.read_text(), re.MULTILINE) == [PAGE]
    call_command("count_visits", str(log), dry_run=True)
    assert "1 visits of 1 addresses" in capsys.readouterr().out


def test_robots_are_not_counted(front):
    get, _application, log = front
    get(PAGE)
    get(PAGE, **{"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"})
    assert log.read_text() == ""


def test_staff_see_the_application_itself(front):
    get, application, _log = front
    get(PAGE)
    get(PAGE, Cookie="egov_staff=1")
    assert application.asked == [PAGE, PAGE]


def test_readers_go_on_reading_when_the_application_is_down(front):
    get, application, _log = front
    first = get(PAGE)
    application.stop()
    # Until the kept page is too old to be given without asking.
    time.sleep(1.5)
    assert get(PAGE) == first


def test_documents_are_given_by_the_site_alone(front):
    get, _application, _log = front
    with pytest.raises(urllib.error.HTTPError, match="404"):
        get("/media/documents/letter.pdf")

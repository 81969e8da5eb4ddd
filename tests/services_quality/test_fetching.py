"""Start links are asked over a real connection, and never inside the ministry's own network."""

import http.server
import socket
import threading
import time
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_cms.services.quality import fetching
from egov_cms.services.quality.fetching import Refused, checked_address, is_public, look


class Answers(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_HEAD(self):
        self.answer(body=False)

    def do_GET(self):
        self.answer(body=True)

    def answer(self, body):
        self.server.asked.append((self.command, self.path, dict(self.headers)))
        path = urlsplit(self.path).path
        if path == "/slow":
            time.sleep(5)
        if path == "/drip":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            for _number in range(20):
                try:
                    self.wfile.write(b"X-A: b\r\n")
                    self.wfile.flush()
                except OSError:
                    return
                time.sleep(0.3)
        target = {
            "/moved": "/fine",
            "/loop": "/loop",
            "/metadata": "http://169.254.169.254/latest/",
            "/inside": f"http://127.0.0.1:{self.server.other}/secret",
            "/file": "file:///etc/passwd",
        }.get(path)
        status = 302 if target else {"/gone": 404, "/broken": 500, "/closed": 403}.get(path, 200)
        if path == "/get-only" and self.command == "HEAD":
            status = 501
        self.send_response(status)
        if target:
            self.send_header("Location", target)
        self.send_header("Set-Cookie", "a=b")
        content = b"x" * 1_000_000 if path == "/large" else b"fine"
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if body:
            try:
                self.wfile.write(content)
            except OSError:
                self.close_connection = True

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def server():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.asked, server.daemon_threads = [], True
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        server.other = free.getsockname()[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def ask(server):
    server.asked.clear()
    address, port = server.server_address[0], server.server_address[1]

    def run(path, **options):
        return look(f"http://{address}:{port}{path}", allowed=frozenset({(address, port)}), **options)

    return run


@pytest.mark.parametrize("path", ["/fine", "/moved", "/closed", "/get-only", "/large"])
def test_an_address_that_answers_works(ask, path):
    outcome = ask(path)
    assert (outcome.ok, outcome.message) == (True, "")


def test_head_is_tried_first_and_get_only_where_it_fails(ask, server):
    ask("/fine")
    assert [command for command, _path, _headers in server.asked] == ["HEAD"]
    server.asked.clear()
    ask("/get-only")
    assert [command for command, _path, _headers in server.asked] == ["HEAD", "GET"]


def test_no_cookie_and_no_credentials_are_sent(ask, server):
    ask("/moved")
    for _command, _path, headers in server.asked:
        assert not {"cookie", "authorization"} & {name.lower() for name in headers}


@pytest.mark.parametrize(("path", "status"), [("/gone", 404), ("/broken", 500), ("/loop", 302)])
def test_an_address_that_does_not_work_says_why(ask, path, status):
    outcome = ask(path)
    assert (outcome.ok, outcome.status) == (False, status)
    assert outcome.message


@pytest.mark.parametrize("path", ["/metadata", "/inside", "/file"])
def test_a_redirect_into_the_network_is_not_followed(ask, server, path):
    outcome = ask(path)
    assert not outcome.ok
    assert outcome.message
    assert all(asked == path for _command, asked, _headers in server.asked)


@pytest.mark.parametrize("path", ["/slow", "/drip"])
def test_a_slow_server_is_left_at_the_deadline(ask, path):
    begun = time.monotonic()
    assert not ask(path, seconds=1.0).ok
    assert time.monotonic() - begun < 3


def test_without_the_permission_of_a_test_the_local_server_is_refused(server):
    address, port = server.server_address[0], server.server_address[1]
    server.asked.clear()
    for scheme in ("http", "https"):
        assert not look(f"{scheme}://{address}:{port}/fine").ok
    assert server.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://example.org/",
        "https://user:secret@example.org/",
        "https://localhost/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://10.0.0.7/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::ffff:10.0.0.7]/",
        "https://[64:ff9b::a00:7]/",
        "https://[fd00::1]/",
        "https://0.0.0.0/",
        "https://100.64.0.1/",
        "https://224.0.0.1/",
        "https://1.1.1.1:22/",
        "https://1.1.1.1:99999/",
        "https:///",
        "javascript:alert(1)",
    ],
)
def test_addresses_that_are_never_asked(url):
    with pytest.raises(Refused):
        checked_address(urlsplit(url))
    assert not look(url).ok


def test_a_name_with_one_private_address_among_public_ones_is_refused(monkeypatch):
    def names(*found):
        entries = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 443)) for ip in found]
        monkeypatch.setattr(fetching.socket, "getaddrinfo", lambda *args, **options: entries)

    names("1.1.1.1", "10.0.0.7")
    with pytest.raises(Refused):
        checked_address(urlsplit("https://ministry.example/"))
    names("1.1.1.1")
    assert checked_address(urlsplit("https://ministry.example/")) == ("ministry.example", 443, "1.1.1.1")


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch):
    """A name that answers otherwise the second time is not asked a second time."""
    answers = iter(["1.1.1.1", "127.0.0.1"])
    reached = []

    def resolve(*args, **options):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), 443))]

    def connect(address, timeout=None):
        reached.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(fetching.socket, "getaddrinfo", resolve)
    monkeypatch.setattr(fetching.socket, "create_connection", connect)
    outcome = look("https://ministry.example/")
    assert reached == [("1.1.1.1", 443)]
    assert not outcome.ok


@given(st.ip_addresses())
def test_only_addresses_of_the_public_internet_are_public(ip):
    if is_public(str(ip)):
        assert ip.is_global
        assert not (ip.is_private or ip.is_loopback or ip.is_link_local or ip.is_multicast)


@given(st.text(max_size=80))
def test_whatever_an_editor_types_is_an_outcome_and_no_error(text):
    assert not look("https://127.0.0.1:1/" + text, seconds=1).ok

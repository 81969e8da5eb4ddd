"""Servers on loopback, with and without TLS, that answer well and badly; no test reaches further."""

import datetime as dt
import gzip
import http.server
import ipaddress
import socket
import ssl
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LOOPBACK = "127.0.0.1"
LARGE = b"x" * 1_000_000
STATUS = {"/gone": 404, "/broken": 500, "/closed": 403, "/unchanged": 304, "/no-csv": 404}
TYPES = {"/table": "Text/CSV; charset=windows-1256", "/no-csv": "text/html", "/untyped": ""}


class Answers(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_HEAD(self):
        self.answer()

    def do_GET(self):
        self.answer()

    def do_POST(self):
        self.answer()

    def answer(self):
        path = urlsplit(self.path).path
        length = int(self.headers.get("Content-Length") or 0)
        self.server.asked.append(Asked(self.command, self.path, dict(self.headers), self.rfile.read(length)))
        try:
            special = getattr(self, "send_" + path.strip("/").replace("-", "_"), None)
            special() if special else self.send_whole(path)
        except OSError:
            self.close_connection = True

    def send_whole(self, path):
        target = self.server.redirects.get(path)
        status = 302 if target else STATUS.get(path, 200)
        if path == "/get-only" and self.command == "HEAD":
            status = 501
        self.send_response(status)
        if target:
            self.send_header("Location", target.encode().decode("latin-1"))
        self.send_header("Set-Cookie", "a=b")
        self.send_header("ETag", '"7"')
        if kind := TYPES.get(path, "text/plain"):
            self.send_header("Content-Type", kind)
        content = {"/large": LARGE, "/empty": b""}.get(path, b"fine")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD" and status != 304:
            self.wfile.write(content)

    def send_slow(self):
        self.server.leave.wait(5)

    def send_drip(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        self.drip(b"X-A: b\r\n")

    def send_body_drip(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        self.drip(b"x")

    def drip(self, drop):
        for _number in range(50):
            self.wfile.write(drop)
            self.wfile.flush()
            if self.server.leave.wait(0.1):
                break

    def send_cut_short(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")
        self.close_connection = True

    def send_cut_chunk(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfine\r\n9\r\nhalf")
        self.close_connection = True

    def send_chunks(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _number in range(1000):
            self.wfile.write(b"3e8\r\n" + b"x" * 1000 + b"\r\n")
        self.wfile.write(b"0\r\n\r\n")

    def send_nonsense(self):
        self.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
        self.close_connection = True

    def send_packed(self):
        self.packed(gzip.compress(b"packed " * 100))

    def send_half_packed(self):
        self.packed(gzip.compress(b"packed " * 100)[:-12])

    def send_wrongly_packed(self):
        self.packed(b"not packed at all")

    def send_bomb(self):
        self.packed(gzip.compress(bytes(50_000_000)))

    def send_strangely_packed(self):
        self.packed(b"...", "br")

    def packed(self, content, encoding="gzip"):
        self.send_response(200)
        self.send_header("Content-Encoding", encoding)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *args):
        pass


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: dict
    body: bytes


@dataclass
class Site:
    """A running server. `allowed` lets this room reach it, `asked` is what came in."""

    server: http.server.HTTPServer
    scheme: str
    asked: list = field(default_factory=list)

    @property
    def port(self):
        return self.server.server_address[1]

    @property
    def allowed(self):
        return frozenset({(LOOPBACK, self.port)})

    def url(self, path, host=LOOPBACK):
        return f"{self.scheme}://{host}:{self.port}{path}"


def run(scheme, context=None):
    server = http.server.ThreadingHTTPServer((LOOPBACK, 0), Answers)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    server.asked, server.daemon_threads, server.leave = [], True, threading.Event()
    server.redirects = {}
    # A handshake that fails is what some tests are about.
    server.handle_error = lambda *args: None
    threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
    return Site(server, scheme, server.asked)


def end(site):
    site.server.leave.set()
    site.server.shutdown()
    site.server.server_close()


@pytest.fixture(scope="session")
def running():
    site = run("http")
    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        other = free.getsockname()[1]
    site.server.redirects = {
        "/moved": "/fine",
        "/moved-table": "/table",
        "/loop": "/loop",
        "/arabic": "/خدمات?ن=1",
        "/metadata": "http://169.254.169.254/latest/",
        "/inside": f"http://{LOOPBACK}:{other}/secret",
        "/file": "file:///etc/passwd",
        "/not-an-address": "http://[",
        "/other-name": site.url("/fine", host="localhost"),
    }
    yield site
    end(site)


@pytest.fixture
def site(running):
    """A site by http on loopback: `site.url("/fine")`."""
    running.asked.clear()
    return running


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """The path of a certificate for 127.0.0.1 with its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(1))
        .not_valid_after(now + dt.timedelta(1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(LOOPBACK))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "loopback.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture(scope="session")
def running_tls(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    site = run("https", context)
    yield site
    end(site)


@pytest.fixture
def tls_site(running_tls):
    """A site by https on loopback whose certificate nobody has signed."""
    running_tls.asked.clear()
    return running_tls


@pytest.fixture
def trusted(certificate, monkeypatch):
    """The certificate of `tls_site` is one of those that this machine trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


@pytest.fixture
def seconds():
    """How long the block took: `with seconds() as took: …; took()`."""

    class Took:
        def __enter__(self):
            self.start = time.monotonic()
            return lambda: time.monotonic() - self.start

        def __exit__(self, *error):
            return False

    return Took

"""One exchange over HTTP with a checked address: pinned to its IP address, ended at a deadline, errors in words."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from django.utils.translation import gettext as _

from egov_cms.fetching.addresses import Destination, Pairs, checked
from egov_cms.fetching.errors import FetchError

REDIRECTS = 5
REDIRECTED = (301, 302, 303, 307, 308)
# A host has several addresses so that one may be down; more than these are not tried.
ADDRESSES = 3
CONNECT_SECONDS = 5.0
# These say who asks or where a message ends: nobody who calls this room may set them.
FORBIDDEN_HEADERS = {
    "authorization", "connection", "content-length", "cookie", "expect", "host", "proxy-authorization", "te",
    "transfer-encoding", "upgrade",
}  # fmt: skip


@dataclass(frozen=True)
class Request:
    """What is asked, of whatever address. `headers` go to the first site only, `common` also to where it forwards."""

    method: str
    deadline: float
    common: dict[str, str]
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    allowed: Pairs = frozenset()

    def __post_init__(self):
        if bad := {name.lower() for name in self.headers} & FORBIDDEN_HEADERS:
            raise ValueError(f"These headers are not sent: {', '.join(sorted(bad))}")


@dataclass(frozen=True)
class Answer:
    """The head of an answer, with what reads its body. Valid while `follow` runs only."""

    url: str
    raw: http.client.HTTPResponse
    connection: PinnedConnection

    @property
    def status(self) -> int:
        return self.raw.status

    def read(self, size: int) -> bytes:
        """At most `size` bytes of the body as it was sent, b"" at its end. Raises FetchError."""
        with _errors_in_words(self.connection):
            chunk = self.raw.read(size)
            self.connection.raise_if_cut()
        return chunk


def follow(url: str, request: Request, take: Callable[[Answer], Any], redirects: int = REDIRECTS):
    """Ask `url`, and where it forwards to, each checked anew; return `take(answer)` of the last answer.

    Raises FetchError, and what `take` raises. With `redirects=0` a forwarding answer is an answer like any other.
    """
    headers, origin, status = request.headers, None, None
    for _hop in range(redirects + 1):
        with _errors_in_words():
            destination = checked(url, request.allowed, request.deadline)
        # What was meant for one site is not shown to another.
        if origin not in (None, destination.origin):
            headers = {}
        origin = destination.origin
        with _exchange(url, destination, request, headers) as answer:
            location = _location(answer.raw)
            if redirects == 0 or answer.status not in REDIRECTED or not location:
                return take(answer)
            status = answer.status
        # `checked` refuses what is no address.
        with suppress(ValueError):
            location = urljoin(url, location)
        url = location
    raise FetchError("too-many-redirects", _("The address is forwarded too often."), status)


def _location(raw) -> str:
    """HTTP reads headers as ISO 8859-1; many servers write an Arabic address as it is, in UTF-8."""
    location = raw.headers.get("Location", "")
    with suppress(UnicodeError):
        return location.encode("iso-8859-1").decode()
    return location


@contextmanager
def _exchange(url, destination, request, headers):
    connection = PinnedConnection(destination, request.deadline)
    sent = {**headers, **request.common, "Connection": "close"}
    try:
        with _errors_in_words(connection):
            connection.request(request.method, destination.path, request.body, sent)
            raw = connection.getresponse()
            # What is missing of the headers looks like their end.
            connection.raise_if_cut()
        with raw:
            yield Answer(url, raw, connection)
    finally:
        connection.close()


class PinnedConnection(http.client.HTTPConnection):
    """A connection to the checked IP addresses that names, and has the certificate checked for, the host.

    A timeout of a socket begins anew with every byte; at the deadline this one is cut, whatever the other side sends.
    """

    def __init__(self, destination: Destination, deadline: float):
        super().__init__(destination.host, destination.port)
        self._destination, self._deadline = destination, deadline
        self._watch = None
        self.is_cut = False
        self.default_port = 443 if destination.scheme == "https" else 80

    def connect(self):
        self.sock = self._reach()
        if self._destination.scheme == "https":
            # The handshake begins when the clock runs: wrapping takes the connection away from the plain socket.
            self.sock = ssl.create_default_context().wrap_socket(
                self.sock, server_hostname=self._destination.host, do_handshake_on_connect=False
            )
        self._watch = threading.Timer(self._remaining(), self._end, [self.sock])
        self._watch.daemon = True
        self._watch.start()
        if self._destination.scheme == "https":
            self.sock.do_handshake()

    def _reach(self) -> socket.socket:
        *others, last = self._destination.ips[:ADDRESSES]
        for ip in others:
            with suppress(OSError):
                seconds = min(self._remaining(), CONNECT_SECONDS)
                sock = socket.create_connection((ip, self.port), timeout=seconds)
                sock.settimeout(self._remaining())
                return sock
        return socket.create_connection((last, self.port), timeout=self._remaining())

    def _remaining(self) -> float:
        remaining = self._deadline - time.monotonic()
        if remaining <= 0:
            raise TimeoutError
        return remaining

    def _end(self, sock):
        self.is_cut = True
        # The other side may have hung up by now. After a TLS socket's own `shutdown` the waiting thread would read the
        # encrypted bytes as if they were the answer.
        with suppress(OSError):
            socket.socket.shutdown(sock, socket.SHUT_RDWR)

    def raise_if_cut(self):
        if self.is_cut:
            raise TimeoutError

    def close(self):
        if self._watch:
            self._watch.cancel()
        super().close()


@contextmanager
def _errors_in_words(connection: PinnedConnection | None = None):
    """What goes wrong in the block becomes a FetchError; when the deadline has cut the connection, it is that."""
    try:
        yield
    except (OSError, http.client.HTTPException) as error:
        cut = connection is not None and connection.is_cut
        raise _in_words(TimeoutError() if cut else error) from None


def _in_words(error) -> FetchError:
    if isinstance(error, TimeoutError):
        return FetchError("timeout", _("The server does not answer in time."))
    if isinstance(error, socket.gaierror):
        return FetchError("unknown-host", _("The name of the site is not known."))
    if isinstance(error, ssl.SSLError):
        return FetchError("certificate", _("The site's certificate is not valid."))
    if isinstance(error, http.client.IncompleteRead):
        return FetchError("incomplete", _("The answer breaks off before its end."))
    if isinstance(error, http.client.HTTPException):
        return FetchError("bad-answer", _("The server's answer is not valid."))
    return FetchError("no-connection", _("No connection to the site."))

"""Asks a public address whether it answers, without ever reaching into the ministry's own network.

Addresses come from editors, so they are not trusted: only https, only addresses of the public internet, checked after
every redirect. The connection goes to the very IP address that was checked, so that a name that changes its answer
between the check and the connection (DNS rebinding) gains nothing. No cookies, no credentials, little is read, and
everything ends at a deadline.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from django.utils.translation import gettext as _

PORTS = (443, 8443)
REDIRECTS = 5
SECONDS = 15.0
# Read of an answer to GET, to see that one comes.
BYTES = 16 * 1024
AGENT = "egov-cms link check"
# The server is there; it only does not let a program in.
ALIVE = (401, 403, 405, 407, 429)
# Blocks from which a public IPv6 address leads to any IPv4 address: NAT64, 6to4 and Teredo.
TUNNELS = tuple(
    ipaddress.ip_network(block) for block in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
)


class Refused(Exception):
    """An address that is never asked, with the reason in words."""


@dataclass(frozen=True)
class Outcome:
    """`ok`: somebody answers there. `status` is the last HTTP status, None where none came. `message` says why not."""

    ok: bool
    status: int | None
    message: str
    url: str


def look(url: str, *, allowed: frozenset[tuple[str, int]] = frozenset(), seconds: float = SECONDS) -> Outcome:
    """Ask `url` by HEAD, then by GET where HEAD is refused. Never raises for what the network does.

    `allowed` names (IP address, port) pairs that are asked although they are not public, by http too. No caller in
    production passes it.
    """
    deadline = time.monotonic() + seconds
    outcome = _follow(url, "HEAD", allowed, deadline)
    # Many servers answer HEAD wrongly. An address that must not be asked is not asked again.
    if not outcome.ok and outcome.status is not None:
        outcome = _follow(url, "GET", allowed, deadline)
    return outcome


def _follow(url, method, allowed, deadline) -> Outcome:
    status = None
    for _hop in range(REDIRECTS + 1):
        try:
            status, location = _ask(url, method, allowed, deadline)
        except Refused as error:
            return Outcome(False, None, str(error), url)
        except (OSError, http.client.HTTPException, ValueError) as error:
            # A broken answer to HEAD may be mended by GET, so it counts as an answer.
            heard = 0 if isinstance(error, http.client.HTTPException) and method == "HEAD" else None
            return Outcome(False, heard, _reason(error), url)
        if status not in (301, 302, 303, 307, 308) or not location:
            ok = status < 400 or status in ALIVE
            return Outcome(
                ok, status, "" if ok else _("The server answers %(status)s.") % {"status": status}, url
            )
        url = urljoin(url, location)
    return Outcome(False, status, _("The address is forwarded too often."), url)


def _ask(url, method, allowed, deadline) -> tuple[int, str]:
    parts = urlsplit(url)
    host, port, address = checked_address(parts, allowed)
    remaining = deadline - time.monotonic()
    if remaining <= 0:
        raise TimeoutError
    connection = _Connection(host, port, address, tls=parts.scheme == "https", seconds=remaining)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {"User-Agent": AGENT, "Accept": "*/*", "Connection": "close"}
        connection.request(method, path, headers=headers)
        with connection.getresponse() as response:
            if connection.cut:
                # What is missing of the headers looks like their end.
                raise TimeoutError
            if method == "GET":
                response.read(BYTES)
            return response.status, response.headers.get("Location", "")
    finally:
        connection.close()


def checked_address(parts: SplitResult, allowed=frozenset()) -> tuple[str, int, str]:
    """The host, the port and the one IP address to connect to. Raises Refused, or OSError for an unknown host."""
    if parts.scheme not in (("https", "http") if allowed else ("https",)):
        raise Refused(_("The address does not begin with https://"))
    if parts.username or parts.password or not parts.hostname:
        raise Refused(_("The address is not one of a public site."))
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        host = parts.hostname.encode("idna").decode() if not parts.hostname.isascii() else parts.hostname
    except (ValueError, UnicodeError):
        raise Refused(_("The address is not one of a public site.")) from None
    found = {entry[4][0] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    granted = sorted(ip for ip in found if (ip, port) in allowed)
    if granted:
        return host, port, granted[0]
    if parts.scheme != "https":
        raise Refused(_("The address does not begin with https://"))
    # One private address among several is enough: a name of the public internet has none.
    if port not in PORTS or not found or not all(is_public(ip) for ip in found):
        raise Refused(_("The address is not one of a public site."))
    return host, port, sorted(found, key=lambda ip: (":" in ip, ip))[0]


def is_public(ip: str) -> bool:
    """Does this IP address belong to the public internet, in every way of reading it?"""
    try:
        address = ipaddress.ip_address(ip.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(str(address.ipv4_mapped))
        if any(address in block for block in TUNNELS):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


class _Connection(http.client.HTTPConnection):
    """A connection to a given IP address that names, and has the certificate checked for, the host."""

    def __init__(self, host, port, address, *, tls, seconds):
        super().__init__(host, port, timeout=seconds)
        self._address, self._tls, self._seconds = address, tls, seconds
        self._watch = None
        self.cut = False
        if (tls and port == 443) or (not tls and port == 80):
            self.default_port = port

    def connect(self):
        raw = socket.create_connection((self._address, self.port), timeout=self._seconds)
        self.sock = raw
        # A timeout of the socket begins anew with every byte; this one ends a server that drips.
        self._watch = threading.Timer(self._seconds, self._end, [raw])
        self._watch.daemon = True
        self._watch.start()
        if self._tls:
            self.sock = ssl.create_default_context().wrap_socket(raw, server_hostname=self.host)

    def _end(self, sock):
        self.cut = True
        # The other side may have hung up by now.
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

    def close(self):
        if self._watch:
            self._watch.cancel()
        super().close()


def _reason(error) -> str:
    if isinstance(error, TimeoutError):
        return _("The server does not answer in time.")
    if isinstance(error, socket.gaierror):
        return _("The name of the site is not known.")
    if isinstance(error, ssl.SSLError):
        return _("The site's certificate is not valid.")
    return _("No connection to the site.")

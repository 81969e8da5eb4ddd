"""Which addresses may be asked: https, usual ports, and only machines of the public internet."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _

from egov_cms.fetching.errors import AddressRefused

PORTS = (443, 8443)
# Blocks from which a public IPv6 address leads to any IPv4 address: NAT64, 6to4 and Teredo.
TUNNELS = tuple(
    ipaddress.ip_network(block) for block in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
)

Pairs = frozenset[tuple[str, int]]


@dataclass(frozen=True)
class Destination:
    """A checked address. Connections go to one of `ips`, never to the name again: it could answer otherwise by then."""

    scheme: str
    host: str
    port: int
    ips: tuple[str, ...]
    path: str

    @property
    def origin(self) -> tuple[str, str, int]:
        return self.scheme, self.host, self.port


def checked(url: str, allowed: Pairs = frozenset(), deadline: float | None = None) -> Destination:
    """Where to connect for `url`, IPv4 first. Raises AddressRefused, TimeoutError, or OSError for an unknown host.

    `allowed` names (IP address, port) pairs that are asked although they are not public, by http too; only tests
    pass it. `deadline` is a moment of `time.monotonic()`.
    """
    parts, host, port = _parts(url, allowed)
    found = _resolve(host, port, deadline)
    if granted := sorted(ip for ip in found if (ip, port) in allowed):
        ips = granted
    elif parts.scheme != "https":
        raise AddressRefused(_("The address does not begin with https://"))
    # One private address among several is enough: a name of the public internet has none.
    elif port not in PORTS or not found or not all(is_public(ip) for ip in found):
        raise AddressRefused(_("The address is not one of a public site."))
    else:
        ips = sorted(found, key=lambda ip: (":" in ip, ip))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Destination(parts.scheme, host, port, tuple(ips), iri_to_uri(path))


def _parts(url, allowed) -> tuple[SplitResult, str, int]:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        host = host if host.isascii() else host.encode("idna").decode()
    except (ValueError, UnicodeError):
        raise AddressRefused(_("The address is not one of a public site.")) from None
    if parts.scheme not in (("https", "http") if allowed else ("https",)):
        raise AddressRefused(_("The address does not begin with https://"))
    if parts.username or parts.password or not host:
        raise AddressRefused(_("The address is not one of a public site."))
    return parts, host, port


def _resolve(host, port, deadline) -> set[str]:
    """All IP addresses of a host. The resolver knows no deadline, so it is asked in a thread that may be left behind."""
    outcome: list = []

    def ask():
        try:
            outcome.append({entry[4][0] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)})
        except (OSError, UnicodeError) as error:
            outcome.append(error)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(None if deadline is None else max(0.0, deadline - time.monotonic()))
    if not outcome:
        raise TimeoutError
    if isinstance(outcome[0], UnicodeError):
        # A label of more than 63 letters, an empty one.
        raise AddressRefused(_("The address is not one of a public site."))
    if isinstance(outcome[0], OSError):
        raise outcome[0]
    return outcome[0]


def is_public(ip: str) -> bool:
    """Does this IP address belong to the public internet, in every way of reading it?"""
    try:
        address = ipaddress.ip_address(ip.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(str(address.ipv4_mapped))
        # Python counts the old private block fec0::/10 as public.
        if address.is_site_local or any(address in block for block in TUNNELS):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved

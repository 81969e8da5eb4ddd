"""Nothing that a test does in its process reaches another machine: connections, datagrams and look-ups of names are refused.

An audit hook (PEP 578) sees every socket, whichever library opens it, and cannot be taken out again.
"""

import ipaddress
import socket
import sys
from contextlib import suppress

NAMES = {"", "localhost", "ip6-localhost", "testserver", socket.gethostname()}


class Outgoing(PermissionError):
    """A test has tried to reach another machine."""


def guard():
    sys.addaudithook(_refuse)


def is_here(host) -> bool:
    """Is this the name or the address of this machine? None: any address of it."""
    if host is None:
        return True
    host = host.decode() if isinstance(host, bytes) else str(host)
    if host in NAMES or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _refuse(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        # Sockets of the file system have a path.
        if isinstance(address, tuple) and not is_here(address[0]):
            raise Outgoing(f"{event} {address}")
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        host = arguments[0]
        # An address is no question to anybody.
        if not (is_here(host) or _is_address(host)):
            raise Outgoing(f"{event} {host}")


def _is_address(host) -> bool:
    for read in (ipaddress.ip_address, socket.inet_aton):  # the second takes 0x7f.1 and 2130706433 as well
        with suppress(ValueError, OSError, TypeError):
            read(host)
            return True
    return False

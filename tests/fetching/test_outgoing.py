"""The tests themselves reach no other machine, by any library."""

import asyncio
import socket
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from tests.outgoing import Outgoing

# Documentation addresses (RFC 5737, RFC 3849) and a name that never exists (RFC 2606).
ADDRESSES = ["192.0.2.1", "2001:db8::1", "10.1.2.3", "169.254.169.254"]


def connect(host):
    socket.create_connection((host, 80), timeout=1)


def connect_without_waiting(host):
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as opened:
        opened.setblocking(False)
        opened.connect_ex((host, 80))


def datagram(host):
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM) as opened:
        opened.sendto(b"", (host, 53))


def request(host):
    urllib.request.urlopen(f"http://{f'[{host}]' if ':' in host else host}/", timeout=1)


def coroutine(host):
    # A loop may run in this thread already: that of the browser.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(asyncio.open_connection(host, 80))).result()


@pytest.mark.parametrize("reach", [connect, connect_without_waiting, datagram, request, coroutine])
@pytest.mark.parametrize("host", ADDRESSES)
def test_no_other_machine_is_reached(reach, host):
    with pytest.raises((Outgoing, OSError)) as error:
        reach(host)
    reason = error.value
    while reason is not None and not isinstance(reason, Outgoing):
        reason = getattr(reason, "reason", None) or reason.__cause__ or reason.__context__
    assert isinstance(reason, Outgoing), error.value


@pytest.mark.parametrize("reach", [connect, request, coroutine])
def test_no_name_is_looked_up(reach):
    with pytest.raises((Outgoing, OSError)) as error:
        reach("name.invalid")
    assert "name.invalid" in str(error.value)


def test_this_machine_is_reached():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        for host in ("127.0.0.1", "localhost"):
            with suppress(ConnectionRefusedError):
                socket.create_connection((host, listening.getsockname()[1]), timeout=1).close()

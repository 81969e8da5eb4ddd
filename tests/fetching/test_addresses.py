"""Only https addresses of the public internet are asked, and the connection goes where the check looked."""

import socket
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_cms.fetching import AddressRefused, FetchError, check, fetch, post
from egov_cms.fetching.addresses import checked, is_public

REFUSED = [
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
    "https://[2002:a00:7::1]/",
    "https://[fd00::1]/",
    "https://[fec0::1]/",
    "https://0.0.0.0/",
    "https://0x7f.1/",
    "https://2130706433/",
    "https://100.64.0.1/",
    "https://224.0.0.1/",
    "https://1.1.1.1:22/",
    "https://1.1.1.1:99999/",
    "https://" + "a" * 70 + ".example/",
    "https://[/",
    "https:///",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "",
]


@pytest.mark.parametrize("url", REFUSED)
def test_addresses_that_are_never_asked(url, monkeypatch):
    monkeypatch.setattr(socket, "create_connection", lambda *args, **options: pytest.fail("a connection"))
    result = check(url)
    assert not result.ok
    assert result.message
    for ask in (fetch, lambda url: post(url, b"", content_type="text/plain")):
        with pytest.raises(AddressRefused) as refused:
            ask(url)
        assert refused.value.code == "address-refused"


@pytest.fixture
def names(monkeypatch):
    """`names("1.1.1.1", …)`: what every host name stands for."""

    def stand_for(*found):
        entries = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 443)) for ip in found]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: entries)

    return stand_for


def test_a_name_with_one_private_address_among_public_ones_is_refused(names):
    names("1.1.1.1", "10.0.0.7")
    with pytest.raises(AddressRefused):
        checked("https://ministry.example/")
    names("2606:4700::1111", "1.1.1.1")
    found = checked("https://ministry.example/a?b=c")
    assert (found.host, found.port, found.path) == ("ministry.example", 443, "/a?b=c")
    assert found.ips == ("1.1.1.1", "2606:4700::1111")


def test_an_arabic_address_is_asked_in_the_letters_of_the_protocol(names):
    names("1.1.1.1")
    found = checked("https://وزارة.example/خدمات عامة?ن=1")
    assert found.host == "xn--mgbexc3i.example"
    assert found.path.isascii() and " " not in found.path
    assert found.path.startswith("/%D8%AE")


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch):
    """A name that answers otherwise the second time is not asked a second time."""
    answers = iter(["1.1.1.1", "127.0.0.1"])
    reached = []

    def resolve(*args, **options):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), 443))]

    def connect(address, timeout=None):
        reached.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)
    result = check("https://ministry.example/")
    assert reached == [("1.1.1.1", 443)]
    assert not result.ok


def test_the_next_address_of_a_name_is_tried_when_one_is_down(names, monkeypatch):
    names("1.1.1.1", "1.0.0.1", "9.9.9.9", "8.8.8.8")
    reached = []

    def connect(address, timeout=None):
        reached.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(FetchError) as failed:
        fetch("https://ministry.example/")
    assert failed.value.code == "no-connection"
    assert reached == ["1.0.0.1", "1.1.1.1", "8.8.8.8"]


def test_an_unknown_name_says_so(monkeypatch):
    def resolve(*args, **options):
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(FetchError) as failed:
        fetch("https://ministry.example/")
    assert failed.value.code == "unknown-host"


def test_a_resolver_that_does_not_answer_ends_at_the_deadline(monkeypatch, seconds):
    leave = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: leave.wait(5) and [])
    with seconds() as took, pytest.raises(FetchError) as failed:
        fetch("https://ministry.example/", seconds=0.2)
    leave.set()
    assert failed.value.code == "timeout"
    assert took() < 3


@given(st.ip_addresses())
def test_only_addresses_of_the_public_internet_are_public(ip):
    if is_public(str(ip)):
        assert ip.is_global
        assert not (ip.is_private or ip.is_loopback or ip.is_link_local or ip.is_multicast)
        assert not getattr(ip, "is_site_local", False)


@given(st.text(max_size=80))
def test_whatever_an_editor_types_is_a_result_and_no_error(text):
    assert not check("https://127.0.0.1:1/" + text, seconds=1).ok


@given(st.text(max_size=60))
def test_whatever_stands_for_a_host_is_checked_or_refused(text):
    deadline = time.monotonic() + 1
    try:
        found = checked(f"https://[{text}]/", deadline=deadline)
    except (AddressRefused, OSError):
        return
    assert all(is_public(ip) for ip in found.ips)

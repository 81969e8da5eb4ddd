"""A file of another site: whole or an error, within its limit, never from inside the ministry's own network."""

import hashlib
import io

import pytest

from egov_cms.fetching import FetchError, fetch

from .conftest import LARGE


@pytest.fixture
def get(site):
    return lambda path, **options: fetch(site.url(path), allowed=site.allowed, **options)


@pytest.fixture
def refused(get):
    """The code of the error that fetching a path raises, after its words were looked at."""

    def code(path, **options):
        with pytest.raises(FetchError) as error:
            get(path, **options)
        assert str(error.value)
        return error.value.code

    return code


def test_a_file_comes_with_its_kind_and_its_fingerprint(get, site):
    found = get("/moved-table")
    assert (found.status, found.ok, found.url) == (200, True, site.url("/table"))
    assert (found.media_type, found.charset) == ("text/csv", "windows-1256")
    assert (found.body, found.size) == (b"fine", 4)
    assert found.sha256 == hashlib.sha256(b"fine").hexdigest()
    assert found.headers["etag"] == found.headers["ETag"] == '"7"'


@pytest.mark.parametrize("path", ["/large", "/chunks"])
def test_a_large_file_is_streamed_to_where_it_shall_go(get, path, tmp_path):
    with (tmp_path / "file").open("wb") as file:
        found = get(path, into=file)
    assert (found.body, found.size) == (b"", len(LARGE))
    assert (tmp_path / "file").read_bytes() == LARGE


@pytest.mark.parametrize("path", ["/large", "/chunks", "/bomb"])
def test_what_is_larger_than_the_limit_is_refused(refused, path):
    into = io.BytesIO()
    assert refused(path, into=into, limit_bytes=100_000) == "too-large"
    assert len(into.getvalue()) <= 100_000


def test_a_file_as_large_as_the_limit_is_taken(get):
    assert get("/large", limit_bytes=len(LARGE)).size == len(LARGE)


def test_an_empty_file_is_a_file(get):
    assert get("/empty").body == b""


def test_a_packed_answer_is_unpacked(get):
    assert get("/packed").body == b"packed " * 100


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/cut-short", "incomplete"),
        ("/cut-chunk", "incomplete"),
        ("/half-packed", "incomplete"),
        ("/wrongly-packed", "bad-answer"),
        ("/strangely-packed", "wrong-encoding"),
        ("/nonsense", "bad-answer"),
        ("/loop", "too-many-redirects"),
        ("/metadata", "address-refused"),
        ("/inside", "address-refused"),
        ("/file", "address-refused"),
    ],
)
def test_what_is_no_whole_file_of_a_public_site_is_an_error(refused, path, code):
    assert refused(path) == code


@pytest.mark.parametrize("path", ["/slow", "/drip", "/body-drip"])
def test_everything_ends_at_the_deadline(refused, path, seconds):
    with seconds() as took:
        assert refused(path, seconds=0.5) == "timeout"
    assert took() < 3


def test_a_body_over_tls_ends_at_the_deadline_too(tls_site, trusted, seconds):
    with seconds() as took, pytest.raises(FetchError) as error:
        fetch(tls_site.url("/body-drip"), allowed=tls_site.allowed, seconds=0.5)
    assert error.value.code == "timeout"
    assert took() < 3


def test_a_file_over_tls_is_whole(tls_site, trusted):
    assert fetch(tls_site.url("/large"), allowed=tls_site.allowed).body == LARGE


def test_the_page_of_an_error_is_not_taken_for_the_file(get):
    into = io.BytesIO()
    found = get("/no-csv", into=into, media_types=["text/csv"])
    assert (found.status, found.ok, found.body) == (404, False, b"fine")
    assert into.getvalue() == b""


def test_another_kind_of_file_than_expected_is_refused(get, refused):
    assert get("/table", media_types=["text/csv"]).ok
    assert refused("/fine", media_types=["text/csv"]) == "wrong-type"
    assert refused("/untyped", media_types=["text/csv"]) == "wrong-type"
    assert get("/untyped").media_type == ""


def test_a_file_that_has_not_changed_is_not_sent_again(get, site):
    found = get("/unchanged", etag='"7"')
    assert (found.status, found.body) == (304, b"")
    assert site.asked[0].headers["If-None-Match"] == '"7"'


def test_headers_stay_with_the_site_that_they_are_for(get, site):
    headers = {"X-Api-Key": "secret"}
    get("/moved", headers=headers)
    assert ["X-Api-Key" in each.headers for each in site.asked] == [True, True]
    site.asked.clear()
    get("/other-name", headers=headers)
    assert ["X-Api-Key" in each.headers for each in site.asked] == [True, False]


@pytest.mark.parametrize("name", ["Cookie", "authorization", "Host", "Content-Length", "Transfer-Encoding"])
def test_credentials_and_the_frame_of_a_message_are_nobodys_to_set(get, site, name):
    with pytest.raises(ValueError, match=name.lower()):
        get("/fine", headers={name: "x"})
    assert site.asked == []


def test_a_disk_that_is_full_is_not_told_as_a_fault_of_the_site(get):
    class Full(io.BytesIO):
        def write(self, data):
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        get("/fine", into=Full())

"""A message to another site."""

import pytest

from egov_cms.fetching import FetchError, post


@pytest.fixture
def send(site):
    def run(path, **options):
        return post(site.url(path), b"{}", content_type="application/json", allowed=site.allowed, **options)

    return run


def test_a_message_arrives_as_it_was_given(send, site):
    found = send("/fine", headers={"X-Signature": "abc"})
    assert (found.status, found.ok, found.body) == (200, True, b"fine")
    (asked,) = site.asked
    assert (asked.method, asked.body) == ("POST", b"{}")
    assert (asked.headers["Content-Type"], asked.headers["X-Signature"]) == ("application/json", "abc")
    assert not {"cookie", "authorization"} & {name.lower() for name in asked.headers}


@pytest.mark.parametrize(("path", "status"), [("/gone", 404), ("/broken", 500), ("/moved", 302)])
def test_a_refusal_and_a_forwarding_are_answers(send, site, path, status):
    found = send(path)
    assert (found.status, found.ok) == (status, False)
    assert len(site.asked) == 1


def test_no_more_of_a_long_answer_is_read_than_needed(send):
    assert send("/large").size == 64 * 1024


@pytest.mark.parametrize("path", ["/slow", "/drip", "/body-drip"])
def test_everything_ends_at_the_deadline(send, path, seconds):
    with seconds() as took, pytest.raises(FetchError) as error:
        send(path, seconds=0.5)
    assert error.value.code == "timeout"
    assert took() < 3

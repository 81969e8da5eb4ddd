"""Whether somebody answers at an address, asked over a real connection."""

import pytest

from egov_cms.fetching import check


@pytest.fixture
def ask(site):
    return lambda path, **options: check(site.url(path), allowed=site.allowed, **options)


@pytest.mark.parametrize("path", ["/fine", "/moved", "/arabic", "/closed", "/get-only", "/large", "/packed"])
def test_an_address_that_answers_works(ask, path):
    result = ask(path)
    assert (result.ok, result.message) == (True, "")


def test_head_is_tried_first_and_get_only_where_it_fails(ask, site):
    ask("/fine")
    assert [each.method for each in site.asked] == ["HEAD"]
    site.asked.clear()
    ask("/get-only")
    assert [each.method for each in site.asked] == ["HEAD", "GET"]


def test_no_cookie_and_no_credentials_are_sent(ask, site):
    ask("/moved")
    assert len(site.asked) == 2
    for each in site.asked:
        assert not {"cookie", "authorization"} & {name.lower() for name in each.headers}


@pytest.mark.parametrize(("path", "status"), [("/gone", 404), ("/broken", 500), ("/loop", 302)])
def test_an_address_that_does_not_work_says_why(ask, path, status):
    result = ask(path)
    assert (result.ok, result.status) == (False, status)
    assert result.message


def test_what_is_not_http_is_no_answer(ask):
    result = ask("/nonsense")
    assert (result.ok, result.status) == (False, None)
    assert result.message


@pytest.mark.parametrize("path", ["/metadata", "/inside", "/file", "/not-an-address"])
def test_a_redirect_into_the_network_is_not_followed(ask, site, path):
    result = ask(path)
    assert not result.ok
    assert result.message
    assert {each.path for each in site.asked} == {path}


@pytest.mark.parametrize("path", ["/slow", "/drip"])
def test_everything_ends_at_the_deadline(ask, path, seconds):
    with seconds() as took:
        result = ask(path, seconds=0.5)
    assert took() < 3
    assert (result.ok, result.status) == (False, None)


def test_without_the_exception_of_tests_loopback_is_not_asked(site):
    assert not check(site.url("/fine")).ok
    assert site.asked == []


class TestOverTLS:
    def test_a_trusted_certificate_is_accepted(self, tls_site, trusted):
        assert check(tls_site.url("/fine"), allowed=tls_site.allowed).ok

    def test_a_certificate_that_nobody_signed_is_not(self, tls_site):
        result = check(tls_site.url("/fine"), allowed=tls_site.allowed)
        assert (result.ok, result.status) == (False, None)
        assert tls_site.asked == []

    def test_a_certificate_of_another_name_is_not(self, tls_site, trusted):
        assert not check(tls_site.url("/fine", host="localhost"), allowed=tls_site.allowed).ok
        assert tls_site.asked == []

    @pytest.mark.parametrize("path", ["/slow", "/drip"])
    def test_everything_ends_at_the_deadline(self, tls_site, trusted, path, seconds):
        with seconds() as took:
            assert not check(tls_site.url(path), allowed=tls_site.allowed, seconds=0.5).ok
        assert took() < 3

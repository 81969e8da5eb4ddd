"""What browsers are told they may load and do: strict in public, relaxed below the admin's address only."""

import pytest
from django.urls import reverse


def policy(response):
    directives = (part.split() for part in response["Content-Security-Policy"].split(";"))
    return {name: set(sources) for name, *sources in directives}


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/ar/", "/ar/no-such-page/", "/accounts/login/", "/robots.txt"])
def test_public_addresses_have_the_strict_policy(client, homes, address):
    directives = policy(client.get(address, follow=True))
    assert directives["default-src"] == {"'none'"}
    assert directives["script-src"] == {"'self'"}
    assert directives["style-src"] == {"'self'"}
    assert directives["base-uri"] == {"'none'"}
    assert directives["frame-ancestors"] == {"'none'"}
    assert not any(
        "unsafe" in source or "http" in source for group in directives.values() for source in group
    )


def test_the_policy_is_relaxed_below_the_admin_only(editing):
    directives = policy(editing.get("/admin/"))
    assert directives["script-src"] == {"'self'", "'unsafe-inline'"}
    assert directives["default-src"] == {"'none'"}
    assert not any("http" in source or source == "*" for group in directives.values() for source in group)
    assert policy(editing.get("/ar/"))["script-src"] == {"'self'"}


def test_previews_may_be_framed_by_the_admin(editing):
    answer = editing.get("/admin/")
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert policy(answer)["frame-ancestors"] == {"'self'"}


def test_headers_that_protect_the_reader(client, homes):
    answer = client.get("/ar/")
    assert answer["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert "camera=()" in answer["Permissions-Policy"]
    assert "geolocation=(self)" in answer["Permissions-Policy"]


@pytest.mark.parametrize("address", ["/", "/ar/", "/en/", "/ckb/no-such-page/", "/robots.txt"])
def test_no_public_answer_sets_a_cookie(client, homes, address):
    assert not client.get(address).cookies


def test_the_choice_of_language_stays_with_the_accounts(client, db):
    cookie = client.get(reverse("account_login"), {"language": "ckb"}).cookies["django_language"]
    assert cookie["path"] == "/accounts/"
    assert cookie["httponly"]
    assert not client.get(reverse("account_login"), {"language": "xx"}).cookies.get("django_language")

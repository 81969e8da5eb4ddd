"""Staff sign in by password and second factor, in three languages; nobody makes an account."""

import inspect
import re

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView, PasswordResetConfirmView, PasswordResetView
from django.urls import URLPattern, get_resolver, reverse

PASSWORD = "a quiet river 1975"
ACCOUNT_PAGES = ["account_login", "account_reset_password", "account_reset_password_done"]
STAFF_PAGES = [
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "account_change_password",
    "account_logout",
]


def code_of(secret):
    """What the app shows now: the middle one of those that count, which the next half minute does not end."""
    _before, now, _after = totp.yield_hotp_counters_from_time()
    return totp.format_hotp_value(totp.hotp_value(secret, now))


@pytest.fixture
def secret(editor):
    """The editor's authenticator app."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(editor, secret)
    return secret


@pytest.fixture
def required(settings):
    settings.EGOV = {**settings.EGOV, "REQUIRE_MFA": True}


def sign_in(client, **fields):
    return client.post(reverse("account_login"), {"login": "zainab", "password": PASSWORD, **fields})


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("ckb", "rtl"), ("en", "ltr")])
@pytest.mark.parametrize("name", ACCOUNT_PAGES)
def test_account_pages_speak_the_chosen_language(client, name, language, direction):
    page = client.get(reverse(name), {"language": language}).content.decode()
    assert f'<html lang="{language}" dir="{direction}">' in page
    assert page.count("hreflang=") == 3
    again = client.get(reverse(name)).content.decode()
    assert f'<html lang="{language}"' in again, "the choice is kept"


@pytest.mark.parametrize("language", ["ar", "ckb"])
@pytest.mark.parametrize("name", STAFF_PAGES)
def test_staff_pages_are_translated(editing, editor, name, language):
    sign_in(editing)
    page = editing.get(reverse(name), {"language": language}).content.decode()
    words = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>|&\w+;|[\w.+-]+@[\w.-]+", " ", page, flags=re.DOTALL)
    latin = set(re.findall(r"\b[A-Z][a-z]{3,}\b", words)) - {"English", "Zainab", "Example", "Test"}
    assert latin == set()


def test_the_language_bar_keeps_where_the_person_was_going(client, db):
    page = client.get(reverse("account_login"), {"next": "/admin/pages/"}).content.decode()
    assert "next=%2Fadmin%2Fpages%2F&amp;language=ckb" in page


def test_nobody_can_make_an_account(client, db):
    form = {"username": "x", "email": "x@example.org", "password1": PASSWORD, "password2": PASSWORD}
    page = client.post(reverse("account_signup"), form)
    assert not User.objects.filter(username="x").exists()
    assert reverse("account_signup") not in client.get(reverse("account_login")).content.decode()
    assert page.status_code == 200


def test_the_admin_leads_to_this_sign_in(client, db):
    assert client.get("/admin/").url == "/accounts/login/?next=/admin/"
    assert client.get("/admin/login/?next=/admin/pages/").url == "/accounts/login/?next=%2Fadmin%2Fpages%2F"
    assert client.post("/admin/login/", {"username": "zainab", "password": PASSWORD}).status_code == 302
    assert client.get("/admin/password_reset/").url == "/accounts/password/reset/"


def test_a_password_is_enough_where_no_second_step_is_required(client, editor):
    assert sign_in(client).url == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_the_address_of_mail_signs_in_too(client, editor):
    assert sign_in(client, login="zainab@example.gov.iq").url == "/admin/"


def test_whoever_has_an_app_is_asked_for_its_code(client, secret):
    assert sign_in(client).url == reverse("mfa_authenticate")
    assert client.get("/admin/").status_code == 302
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert wrong.status_code == 200
    right = client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert right.url == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_a_recovery_code_works_once(client, editor, secret):
    codes = RecoveryCodes.activate(editor).get_unused_codes()
    sign_in(client)
    assert client.post(reverse("mfa_authenticate"), {"code": codes[0]}).url == "/admin/"
    client.post(reverse("account_logout"))
    sign_in(client)
    assert client.post(reverse("mfa_authenticate"), {"code": codes[0]}).status_code == 200


def test_where_it_is_required_nobody_edits_without(transactional_db, client, editor, required):
    sign_in(client)
    for address in ("/admin/", "/admin/pages/", "/admin/feedback/"):
        assert client.get(address).url == reverse("mfa_activate_totp")
    asked_again = client.get(reverse("mfa_activate_totp")).url
    page = client.post(asked_again, {"password": PASSWORD}, follow=True)
    secret = page.context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert Authenticator.objects.filter(user=editor, type=Authenticator.Type.TOTP).exists()
    assert client.get("/admin/").status_code == 200


def test_a_factor_that_one_has_is_not_one_that_was_used(client, editor, secret, required):
    """A session that began on another road: with a password alone, or made by a program."""
    client.force_login(editor)
    asked = client.get("/admin/pages/?p=2")
    assert asked.url == f"{reverse('mfa_reauthenticate')}?next=%2Fadmin%2Fpages%2F%3Fp%3D2"
    assert client.post(asked.url, {"code": code_of(secret)}).status_code == 302
    assert client.get("/admin/").status_code == 200


def test_a_factor_used_at_the_sign_in_is_enough(client, editor, secret, required):
    sign_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert client.get("/admin/").status_code == 200


def sign_in_views():
    """(address, pattern name) of every mounted view that takes a password, whoever brought it."""
    for pattern in walk(get_resolver()):
        view = getattr(pattern.callback, "view_class", pattern.callback)
        if inspect.isclass(view) and issubclass(
            view, LoginView | PasswordResetView | PasswordResetConfirmView
        ):
            yield pattern


def walk(resolver):
    for each in resolver.url_patterns:
        if isinstance(each, URLPattern):
            yield each
        else:
            yield from walk(each)


def test_there_is_one_way_to_sign_in(client, editor, subtests):
    """Every view of every package that would take a password leads to the one with the second factor and the limit."""
    found = {pattern.name for pattern in sign_in_views()}
    assert {"wagtailcore_login", "wagtailadmin_login"} <= found
    for name in found:
        arguments = {"uidb64": "x", "token": "y"} if name.endswith("confirm") else {}
        address = reverse(name, kwargs=arguments)
        for answer in (
            client.get(address),
            client.post(address, {"username": "zainab", "password": PASSWORD, "login": "zainab"}),
        ):
            with subtests.test(f"{name} {answer.request['REQUEST_METHOD']}"):
                assert answer.status_code == 302
                assert answer.url in (reverse("account_login"), reverse("account_reset_password"))
                assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("spellings", [["zainab"], ["ZAINAB", "zainab@example.gov.iq", " Zainab ", "zainab"]])
def test_failures_are_counted_for_a_person_however_she_is_named(client, editor, spellings):
    for attempt in range(5):
        sign_in(client, login=spellings[attempt % len(spellings)], password="wrong")
    assert sign_in(client).status_code == 200
    assert "_auth_user_id" not in client.session


def test_recovery_codes_alone_are_no_second_step(client, editor, required):
    RecoveryCodes.activate(editor)
    client.force_login(editor)
    assert client.get("/admin/").url == reverse("mfa_activate_totp")


def test_the_last_second_step_stays_where_it_is_required(editor, secret, required, settings):
    last = Authenticator.objects.get(user=editor)
    assert not get_adapter().can_delete_authenticator(last)
    passkey = Authenticator.objects.create(user=editor, type=Authenticator.Type.WEBAUTHN, data={})
    assert get_adapter().can_delete_authenticator(last)
    passkey.delete()
    settings.EGOV = {"REQUIRE_MFA": False}
    assert get_adapter().can_delete_authenticator(last)


def test_passwords_cannot_be_guessed_for_long(client, editor):
    for _attempt in range(5):
        sign_in(client, password="wrong")
    assert sign_in(client).status_code == 200, "the sixth attempt is refused, even with the right password"
    assert "_auth_user_id" not in client.session


def test_the_right_password_signs_in_after_a_few_mistakes(client, editor):
    for _attempt in range(3):
        sign_in(client, password="wrong")
    assert sign_in(client).status_code == 302


def test_sign_in_does_not_lead_away(client, editor):
    assert sign_in(client, next="https://elsewhere.example/").url == "/admin/"

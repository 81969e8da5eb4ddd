"""Accounts of the staff: made by an administrator, never by their owners, and always with a second factor
where `EGOV["REQUIRE_MFA"]` says so."""

import unicodedata

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from egov_cms.conf import egov_settings

# Recovery codes replace a lost factor; they are none themselves.
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# In the session: whose factor was set up in it.
SET_UP = "egov_second_factor"


def has_second_factor(user):
    """Has this person set up an authenticator app or a passkey? One query."""
    return Authenticator.objects.filter(user_id=user.pk, type__in=SECOND_FACTORS).exists()


def has_used_second_factor(request):
    """Was a second factor used in this session, at the sign-in or since? To have one is not enough. No query."""
    records = get_authentication_records(request, request.user)
    was_set_up = request.session.get(SET_UP) == request.user.pk
    return was_set_up or any(record["method"] == "mfa" for record in records)


def remember_set_up(request, user, authenticator, **_signal):
    """Who sets a factor up proves at once that it is hers."""
    if authenticator.type in SECOND_FACTORS:
        request.session[SET_UP] = user.pk


def second_factor_view(user):
    """The name of the page that asks a signed-in person for the second factor. One query."""
    totp = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP)
    return "mfa_reauthenticate" if totp.exists() else "mfa_reauthenticate_webauthn"


class StaffAccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        return False

    def pre_authenticate(self, request, **credentials):
        """Failed sign-ins are counted for a person, whichever of her names was typed and however it was spelled."""
        super().pre_authenticate(request, **{**credentials, **_person(credentials)})

    def format_email_subject(self, subject):
        return f"[{settings.WAGTAIL_SITE_NAME}] {subject}"


def _person(credentials) -> dict:
    """The names by which failed sign-ins are counted: those of the account, else what was typed, in one spelling."""
    typed = (credentials.get("username") or credentials.get("email") or "").strip()
    account = get_user_model().objects.filter(Q(username__iexact=typed) | Q(email__iexact=typed)).first()
    name = account.get_username() if account else unicodedata.normalize("NFKC", typed).casefold()
    return {key: name for key in ("username", "email") if key in credentials} or {"username": name}


class StaffMFAAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _(
            "A second step at sign-in is required here. Add another one before you remove the last."
        ),
    }

    def get_totp_issuer(self):
        return settings.WAGTAIL_SITE_NAME

    def can_delete_authenticator(self, authenticator):
        if not egov_settings.REQUIRE_MFA or authenticator.type not in SECOND_FACTORS:
            return True
        others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=SECOND_FACTORS)
        return others.exclude(pk=authenticator.pk).exists()

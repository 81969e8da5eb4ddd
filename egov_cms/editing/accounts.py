"""Accounts of the staff: made by an administrator, never by their owners, and always with a second factor
where `EGOV["REQUIRE_MFA"]` says so."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from egov_cms.conf import egov_settings

# Recovery codes replace a lost factor; they are none themselves.
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_factor(user):
    """Has this person set up an authenticator app or a passkey? One query."""
    return Authenticator.objects.filter(user_id=user.pk, type__in=SECOND_FACTORS).exists()


class StaffAccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        return False

    def format_email_subject(self, subject):
        return f"[{settings.WAGTAIL_SITE_NAME}] {subject}"


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

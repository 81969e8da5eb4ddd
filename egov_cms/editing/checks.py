"""System checks of the staff's sign-in."""

from django.conf import settings
from django.core.checks import Tags, Warning, register

from egov_cms.conf import egov_settings


@register(Tags.security, deploy=True)
def second_factor_is_required(app_configs, **kwargs):
    """egov_editing.W001: production without a required second factor."""
    if egov_settings.REQUIRE_MFA:
        return []
    return [
        Warning(
            "Staff can sign in with a password alone.",
            hint='Set EGOV["REQUIRE_MFA"] to True.',
            id="egov_editing.W001",
        )
    ]


@register(Tags.security)
def middleware_is_installed(app_configs, **kwargs):
    """egov_editing.W002: without StaffMiddleware neither the second factor nor the admin's policy holds."""
    if "egov_cms.editing.middleware.StaffMiddleware" in settings.MIDDLEWARE:
        return []
    return [
        Warning(
            "StaffMiddleware is not in MIDDLEWARE: the second factor is not required.",
            id="egov_editing.W002",
        )
    ]

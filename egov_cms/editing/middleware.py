"""What is different below the admin's address: a second factor is required, and its own scripts may run."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from egov_cms.conf import egov_settings

from .accounts import has_second_factor, has_used_second_factor, second_factor_view

# Wagtail and wagtail-localize start their widgets by inline scripts, and Draftail styles its text inline.
ADMIN_POLICY = {
    "script-src": ["'self'", "'unsafe-inline'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:", "blob:"],
    # Previews are shown beside the editor.
    "frame-src": ["'self'"],
    "frame-ancestors": ["'self'"],
}
# Wagtail's own sign-ins, for editors and for pages that only signed-in people read, know neither second factor nor limit:
# their addresses lead to the one that does.
WAGTAIL_SIGN_IN = {
    "wagtailcore_login": "account_login",
    "wagtailadmin_login": "account_login",
    "wagtailadmin_password_reset": "account_reset_password",
    "wagtailadmin_password_reset_done": "account_reset_password",
    "wagtailadmin_password_reset_confirm": "account_reset_password",
    "wagtailadmin_password_reset_complete": "account_login",
}


class StaffMiddleware:
    """Stands after the authentication and messages middleware.

    * below the admin's address: the relaxed content security policy; where a second factor is required and was not used in
      this session, every page leads to the one that asks for it, or sets it up
    * below the accounts' address: `?language=ckb` chooses the language of the sign-in pages
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        in_accounts = request.path.startswith(accounts_prefix())
        chosen = request.GET.get("language", "") if in_accounts else ""
        if chosen not in dict(settings.LANGUAGES):
            chosen = ""
        if chosen:
            translation.activate(chosen)
            request.LANGUAGE_CODE = chosen
        response = self.get_response(request)
        if chosen:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                chosen,
                path=accounts_prefix(),
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        if request.path.startswith(admin_prefix()):
            response._csp_replace = ADMIN_POLICY
            response.headers.setdefault("X-Frame-Options", "SAMEORIGIN")
        return response

    def process_view(self, request, view, args, kwargs):
        match = request.resolver_match
        if match.view_name in WAGTAIL_SIGN_IN:
            query = urlencode({"next": goal}) if (goal := request.GET.get("next")) else ""
            address = reverse(WAGTAIL_SIGN_IN[match.view_name])
            return HttpResponseRedirect(f"{address}?{query}" if query else address)
        if not request.path.startswith(admin_prefix()) or "javascript_catalog" in match.view_name:
            return None
        if not egov_settings.REQUIRE_MFA or not request.user.is_authenticated:
            return None
        if not has_second_factor(request.user):
            messages.warning(
                request, _("Set up a second step for signing in: it is required before you can edit.")
            )
            return HttpResponseRedirect(reverse("mfa_activate_totp"))
        if has_used_second_factor(request):
            return None
        goal = urlencode({"next": request.get_full_path()})
        return HttpResponseRedirect(f"{reverse(second_factor_view(request.user))}?{goal}")


def admin_prefix():
    return reverse("wagtailadmin_home")


def accounts_prefix():
    return reverse("account_login").removesuffix("login/")

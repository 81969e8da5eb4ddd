"""“Did this page help?”: a plain form without cookies that keeps no trace of who answered.

What the forms of readers share stands here too: `ReaderForm`, `refusal` and `renewed`; a feature app's form is
made of them.

Against robots: a field that people do not see, a signed time that cannot be forged, and a limit per address
whose key is an HMAC under a salt that lives for one day in the cache and nowhere else.
"""

import hmac
import secrets
import time

from allauth.account.adapter import get_adapter
from django import forms
from django.core import signing
from django.core.cache import cache
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.conf import egov_settings
from egov_cms.language import strip_bidi
from egov_cms.site import languages
from egov_cms.site.models import PageFeedback
from egov_cms.site.models.feedback import COMMENT_LENGTH

Page = page_model()

FASTEST_SECONDS = 2
SLOWEST_SECONDS = 24 * 3600
SALT = "egov_site.feedback"


def new_token(now=None):
    """The signed time at which a form was made."""
    return signing.dumps(int(now or time.time()), salt=SALT)


def token_problem(token, now=None):
    """Why a token is not accepted: `forged`, `fast`, `old`, or an empty string when it is."""
    try:
        made = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return "forged"
    age = (now or time.time()) - made
    if age < FASTEST_SECONDS:
        return "fast"
    return "old" if age > SLOWEST_SECONDS else ""


def over_limit(address):
    """Count one more answer from this network address; True when it has had its share of this hour."""
    day = timezone.now().date().isoformat()
    salt = cache.get_or_set(f"egov-feedback-salt-{day}", secrets.token_bytes, 86400)
    key = "egov-feedback-" + hmac.new(salt, address.encode(), "sha256").hexdigest()
    cache.add(key, 0, 3600)
    try:
        return cache.incr(key) > egov_settings.FEEDBACK_RATE_PER_HOUR
    except ValueError:  # it ran out between the two calls
        return False


def feedback_context(request):
    """The variables of egov/components/feedback.html for the address of this request."""
    return {
        "action": reverse("egov_feedback"),
        "hidden": [("path", request.path), ("token", new_token())],
        "done": request.GET.get("feedback") == "thanks",
        "reasons": PageFeedback.Reason.choices,
        "longest": COMMENT_LENGTH,
    }


class ReaderForm(forms.Form):
    """What every form of readers has: a comment, a field that people do not see (`website`), a signed time."""

    comment = forms.CharField(
        label=_("What could be better?"),
        help_text=_("Do not write names, numbers of documents or telephone numbers."),
        max_length=COMMENT_LENGTH,
        required=False,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    website = forms.CharField(required=False)
    token = forms.CharField(required=False)

    @property
    def trapped(self):
        """Did a robot fill what people do not see? It is thanked, and nothing is stored."""
        return bool(self.cleaned_data.get("website"))

    def clean_comment(self):
        # Invisible marks between the digits would hide a number from the mask of the stored comment.
        return strip_bidi(self.cleaned_data["comment"])

    def clean(self):
        cleaned = super().clean()
        if problem := token_problem(cleaned.get("token", "")):
            raise forms.ValidationError(TOKEN_MESSAGES[problem], code=problem)
        return cleaned


class FeedbackForm(ReaderForm):
    """What a reader says about one page."""

    path = forms.CharField(max_length=255)
    useful = forms.TypedChoiceField(
        label=_("Did this page help?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no.")},
    )
    reason = forms.ChoiceField(
        label=_("What was wrong?"), choices=[("", "—"), *PageFeedback.Reason.choices], required=False
    )

    def clean_path(self):
        """The page's own address, without query: on this site and in this language, or an error."""
        path = self.cleaned_data["path"].partition("#")[0].partition("?")[0]
        code = languages.split_path(path)[0]
        if code != translation.get_language() or not url_has_allowed_host_and_scheme(
            path, allowed_hosts=None
        ):
            raise forms.ValidationError(_("This address does not belong to this site."), code="path")
        return path


TOKEN_MESSAGES = {
    "forged": _("The form could not be read. Please send it again."),
    "fast": _("The form was sent very quickly. Please send it again."),
    "old": _("The page had been open for a long time. Please send the form again."),
}


def refusal(request, form):
    """Why a form is not taken, as an HTTP status: 422 (see its errors), 429 (too many), 0 when it is."""
    if not form.is_valid():
        return 422
    if form.trapped or not over_limit(get_adapter(request).get_client_ip(request)):
        return 0
    form.add_error(None, _("Too many answers came from your network. Please try again in an hour."))
    return 429


def renewed(form):
    """The same form with what was written and a new time, to be shown again."""
    data = form.data.copy()
    data["token"] = new_token()
    form.data = data
    return form


@csrf_exempt  # No session and no cookie stands behind it, so there is nothing for another site to ride on.
@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request):
    """Store an answer and go back to the page; on a problem show the form again with what was written."""
    if request.method != "POST":
        return HttpResponseRedirect(f"/{translation.get_language()}/")
    form = FeedbackForm(request.POST)
    if status := refusal(request, form):
        return again(request, form, status)
    if not form.trapped:
        store(request, form.cleaned_data)
    return HttpResponseRedirect(f"{form.cleaned_data['path']}?feedback=thanks#feedback", status=303)


def store(request, answer):
    prefix, rest = languages.split_path(answer["path"])
    stored = PageFeedback(
        page=Page.find_for_request(request, rest),
        path=answer["path"],
        locale=prefix,
        helpful=answer["useful"],
        reason=answer["reason"],
        comment=answer["comment"],
    )
    stored.classify()
    stored.save()


def again(request, form, status):
    """The form on a page of its own, with its errors, the reader's words and a new time."""
    context = {"form": renewed(form), "back": form.cleaned_data.get("path", "")}
    response = render(request, "egov_site/feedback.html", context, status=status)
    patch_cache_control(response, no_store=True)
    return response

"""“Did this page help?”: a plain form without cookies that stores no data about the reader.

Also the parts that all forms for readers share: `ReaderForm`, `refusal` and `renewed`; feature apps build their
forms from them.

Protection against robots: a hidden field, a signed time, and a limit per network address. The key of the limit is
an HMAC with a salt that is stored only in the cache, for one day.
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
    """The signed time at which a form was rendered."""
    return signing.dumps(int(now or time.time()), salt=SALT)


def token_problem(token, now=None):
    """Why a token is not accepted: `forged`, `fast`, `old`; an empty string when it is accepted."""
    try:
        rendered = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return "forged"
    age = (now or time.time()) - rendered
    if age < FASTEST_SECONDS:
        return "fast"
    return "old" if age > SLOWEST_SECONDS else ""


def over_limit(address):
    """Count one more answer from this network address; True when it is over the limit for this hour."""
    day = timezone.now().date().isoformat()
    salt = cache.get_or_set(f"egov-feedback-salt-{day}", secrets.token_bytes, 86400)
    key = "egov-feedback-" + hmac.new(salt, address.encode(), "sha256").hexdigest()
    cache.add(key, 0, 3600)
    try:
        return cache.incr(key) > egov_settings.FEEDBACK_RATE_PER_HOUR
    except ValueError:  # the key expired between the two calls
        return False


def feedback_context(request):
    """The variables of egov/components/feedback.html for the address of this request."""
    return feedback_variables(request.path, new_token(), done=request.GET.get("feedback") == "thanks")


def feedback_variables(path, token, done=False):
    """The variables of egov/components/feedback.html for a page at this path."""
    return {
        "action": reverse("egov_feedback"),
        "hidden": [("path", path), ("token", token)],
        "done": done,
        "reasons": PageFeedback.Reason.choices,
        "longest": COMMENT_LENGTH,
    }


class ReaderForm(forms.Form):
    """Base of all forms for readers: a comment, a hidden field (`website`), a signed time."""

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
        """Did a robot fill in the hidden field? It gets the normal answer, but nothing is stored."""
        return bool(self.cleaned_data.get("website"))

    def clean_comment(self):
        # Invisible direction marks between digits would hide a number from `mask_personal_data`.
        return strip_bidi(self.cleaned_data["comment"])

    def clean(self):
        cleaned = super().clean()
        if problem := token_problem(cleaned.get("token", "")):
            raise forms.ValidationError(TOKEN_MESSAGES[problem], code=problem)
        return cleaned


class FeedbackForm(ReaderForm):
    """A reader's answer about one page."""

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
        """The address of the page without its query; an error unless it is on this site and in this language."""
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
    """The HTTP status with which a form is refused: 422 (invalid), 429 (too many answers); 0 when it is accepted."""
    if not form.is_valid():
        return 422
    if form.trapped or not over_limit(get_adapter(request).get_client_ip(request)):
        return 0
    form.add_error(None, _("Too many answers came from your network. Please try again in an hour."))
    return 429


def renewed(form):
    """The same form with the submitted values and a new time, to be rendered again."""
    data = form.data.copy()
    data["token"] = new_token()
    form.data = data
    return form


@csrf_exempt  # The form uses no session and no cookie, so a forged request gains nothing.
@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request):
    """Store an answer and redirect to the page; on errors render the form again with the submitted values."""
    if request.method != "POST":
        return HttpResponseRedirect(f"/{translation.get_language()}/")
    form = FeedbackForm(request.POST)
    if status := refusal(request, form):
        return form_with_errors(request, form, status)
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


def form_with_errors(request, form, status):
    """The form on a separate page, with its errors, the submitted values and a new time."""
    context = {"form": renewed(form), "back": form.cleaned_data.get("path", "")}
    response = render(request, "egov_site/feedback.html", context, status=status)
    patch_cache_control(response, no_store=True)
    return response

"""One error shape for the whole API: RFC 9457 `application/problem+json`, in the reader's language."""

import json
import logging
import re
from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions

from egov_cms.adapters.django import is_outage

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
# While the database is locked or away.
RETRY_SECONDS = 30


@dataclass(frozen=True)
class ProblemType:
    """What can go wrong: `code` is the last part of the type URI and never changes."""

    code: str
    status: int
    title: str


TYPES = {}


def register_types(*types):
    """Add the problem types of an app, in its `ready()`; an equal code with another meaning is an error."""
    for kind in types:
        if TYPES.setdefault(kind.code, kind) != kind:
            raise ValueError(f"Two problem types have the code {kind.code}.")


register_types(
    ProblemType("unknown-parameter", 400, _("This query parameter does not exist here")),
    ProblemType("invalid-parameter", 400, _("A query parameter has a value that cannot be used")),
    ProblemType("unknown-member", 400, _("This member of the body does not exist here")),
    ProblemType("invalid-member", 400, _("A member of the body has a value that cannot be used")),
    ProblemType("invalid-cursor", 400, _("This cursor is not valid for this list")),
    ProblemType("stale-cursor", 400, _("This cursor was given for other data")),
    ProblemType("malformed-request", 400, _("The request could not be understood")),
    ProblemType("unauthenticated", 401, _("This needs a key")),
    ProblemType("forbidden", 403, _("This may not be read")),
    ProblemType("not-found", 404, _("There is nothing at this address")),
    ProblemType("method-not-allowed", 405, _("This address does not take that method")),
    ProblemType("not-acceptable", 406, _("This is not offered in the format that was asked for")),
    ProblemType("gone", 410, _("This was withdrawn")),
    ProblemType("body-too-large", 413, _("The body is larger than may be sent here")),
    ProblemType("unsupported-media-type", 415, _("The body has a type that cannot be read here")),
    ProblemType("too-many-requests", 429, _("Too many requests: please wait")),
    ProblemType("internal-error", 500, _("Something went wrong on our side")),
    ProblemType("unavailable", 503, _("This is not available at the moment")),
)


class Problem(exceptions.APIException):
    """Raise to answer with a problem.

    code: of a registered `ProblemType`. parameter: the bad parameter of the query or of the path. member: the
    path to the bad member of a JSON body, such as ("where", "and", 0, "f"). suggestion: what was probably
    meant. wait: seconds after which to try again.
    """

    def __init__(self, code, detail="", *, parameter=None, member=None, suggestion="", wait=None):
        self.kind = TYPES[code]
        self.status_code = self.kind.status
        self.parameter, self.member = parameter, member
        self.suggestion, self.wait = suggestion, wait
        super().__init__(detail or self.kind.title, code)

    def in_body(self):
        """The same problem of what came as a member of a JSON body, not as a parameter of the query."""
        self.member, self.parameter = tuple(re.findall(r"[^\[\]]+", self.parameter)), None
        self.kind = TYPES.get(self.kind.code.replace("-parameter", "-member"), self.kind)
        return self

    def errors(self):
        """The list `errors` of the answer: empty when no part of the request is to blame."""
        if self.parameter is None and self.member is None:
            return []
        error = {"detail": str(self.detail)}
        if self.parameter is not None:
            error |= {"parameter": self.parameter, "pointer": json_pointer((self.parameter,))}
        else:
            error["pointer"] = json_pointer(self.member)
        return [error | ({"suggestion": self.suggestion} if self.suggestion else {})]


def json_pointer(path):
    """Names and places → a JSON Pointer in its URI fragment form (RFC 6901, section 6)."""
    parts = (str(part).replace("~", "~0").replace("/", "~1") for part in path)
    return "#" + "".join("/" + quote(part, safe="~") for part in parts)


def problem_response(problem, request):
    """A `Problem` → the response with the members of RFC 9457, whatever format was asked for."""
    # Django's LocaleMiddleware sends a 404 on to `/ar/…` where such an address exists: here there are none.
    request.urlconf = ()
    body = {
        "type": request.build_absolute_uri(reverse("egov_api:problem", args=[problem.kind.code])),
        "title": str(problem.kind.title),
        "status": problem.status_code,
        "detail": str(problem.detail),
        "instance": request.get_full_path(),
    }
    if errors := problem.errors():
        body["errors"] = errors
    elif problem.suggestion:
        body["suggestion"] = problem.suggestion
    headers = {"Content-Language": get_language(), "Cache-Control": "no-store"}
    if problem.wait is not None:
        headers["Retry-After"] = str(int(problem.wait))
    text = json.dumps(body, ensure_ascii=False)
    return HttpResponse(text, status=problem.status_code, content_type=MEDIA_TYPE, headers=headers)


_BY_EXCEPTION = (
    (Http404, "not-found"),
    (RequestDataTooBig, "body-too-large"),
    (SuspiciousOperation, "malformed-request"),
    (PermissionDenied, "forbidden"),
    (exceptions.NotFound, "not-found"),
    (exceptions.NotAuthenticated, "unauthenticated"),
    (exceptions.AuthenticationFailed, "unauthenticated"),
    (exceptions.PermissionDenied, "forbidden"),
    (exceptions.MethodNotAllowed, "method-not-allowed"),
    (exceptions.NotAcceptable, "not-acceptable"),
    (exceptions.UnsupportedMediaType, "unsupported-media-type"),
    (exceptions.APIException, "malformed-request"),
)


def exception_handler(error, context):
    """DRF's hook: every exception leaves as a problem; the unknown ones are logged and reported."""
    request = context["request"]._request
    if isinstance(error, exceptions.Throttled):
        problem = Problem("too-many-requests", wait=error.wait)
    elif isinstance(error, Problem):
        problem = error
    elif is_outage(error):
        logger.error("the database does not serve %s: %s", request.path, error)
        problem = Problem("unavailable", wait=RETRY_SECONDS)
    else:
        code = next((code for kind, code in _BY_EXCEPTION if isinstance(error, kind)), "internal-error")
        problem = Problem(code, _what_there_is(error, context))
    if problem.kind.code == "internal-error":
        if settings.DEBUG_PROPAGATE_EXCEPTIONS:
            return None
        report(error, request)
    response = problem_response(problem, request)
    if challenge := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = challenge
    return response


def _what_there_is(error, context):
    """What may be asked instead of a format or a method that is not offered."""
    if isinstance(error, exceptions.NotAcceptable):
        names = [renderer.media_type for renderer in error.available_renderers or ()]
    elif isinstance(error, exceptions.MethodNotAllowed):
        names = context["view"].allowed_methods
    else:
        return ""
    return gettext("Offered: %(names)s.") % {"names": ", ".join(names)}


def report(error, request):
    """Log a defect and tell those who watch for them; the reader never sees its text."""
    got_request_exception.send(sender=None, request=request)
    logger.error("API request failed: %s", request.path, exc_info=error)

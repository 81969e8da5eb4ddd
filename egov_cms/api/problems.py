"""One error shape for the whole API: RFC 9457 `application/problem+json`, in the reader's language."""

import logging
from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ProblemType:
    """What can go wrong: `code` is the last part of the type URI and never changes."""

    code: str
    status: int
    title: str


TYPES = {
    kind.code: kind
    for kind in (
        ProblemType("unknown-parameter", 400, _("This query parameter does not exist here")),
        ProblemType("invalid-parameter", 400, _("A query parameter has a value that cannot be used")),
        ProblemType("invalid-cursor", 400, _("This cursor is not valid for this list")),
        ProblemType("unknown-cursor", 404, _("This list has no page at that cursor")),
        ProblemType("malformed-request", 400, _("The request could not be understood")),
        ProblemType("forbidden", 403, _("This may not be read")),
        ProblemType("not-found", 404, _("There is nothing at this address")),
        ProblemType("method-not-allowed", 405, _("This address does not take that method")),
        ProblemType("not-acceptable", 406, _("This is not offered in the format that was asked for")),
        ProblemType("unsupported-media-type", 415, _("The body has a type that cannot be read here")),
        ProblemType("too-many-requests", 429, _("Too many requests: please wait")),
        ProblemType("internal-error", 500, _("Something went wrong on our side")),
        ProblemType("unavailable", 503, _("This is not available at the moment")),
    )
}


class Problem(exceptions.APIException):
    """Raise to answer with a problem. `pointer` names the bad query parameter, `wait` is in seconds."""

    def __init__(self, code, detail="", *, pointer=None, wait=None):
        self.kind = TYPES[code]
        self.status_code = self.kind.status
        self.pointer = pointer
        self.wait = wait
        super().__init__(detail or self.kind.title, code)


class ProblemRenderer(JSONRenderer):
    media_type = "application/problem+json"
    format = "problem"
    charset = None


def problem_response(problem, request):
    """A `Problem` → a rendered-later response in RFC 9457's members, with `errors` naming the parameter."""
    # Django's LocaleMiddleware sends a 404 on to `/ar/…`; below the API there are no languages in addresses.
    request._request.urlconf = "egov_cms.api.urls"
    body = {
        "type": request.build_absolute_uri(reverse("egov_api:problem", args=[problem.kind.code])),
        "title": str(problem.kind.title),
        "status": problem.status_code,
        "detail": str(problem.detail),
        "instance": request.get_full_path(),
    }
    if problem.pointer:
        detail = str(problem.detail)
        body["errors"] = [
            {"parameter": problem.pointer, "pointer": _pointer(problem.pointer), "detail": detail}
        ]
    response = Response(body, status=problem.status_code, content_type=ProblemRenderer.media_type)
    response.accepted_renderer = ProblemRenderer()
    response.accepted_media_type = ProblemRenderer.media_type
    response.renderer_context = {}
    response["Content-Language"] = get_language()
    response["Cache-Control"] = "no-store"
    if problem.wait is not None:
        response["Retry-After"] = str(int(problem.wait))
    return response


def _pointer(name):
    """A query parameter as a JSON Pointer in its URI fragment form (RFC 6901, section 6)."""
    return "#/" + quote(name.replace("~", "~0").replace("/", "~1"), safe="~")


_BY_EXCEPTION = (
    (Http404, "not-found"),
    (SuspiciousOperation, "malformed-request"),
    (PermissionDenied, "forbidden"),
    (exceptions.NotFound, "not-found"),
    (exceptions.PermissionDenied, "forbidden"),
    (exceptions.MethodNotAllowed, "method-not-allowed"),
    (exceptions.NotAcceptable, "not-acceptable"),
    (exceptions.UnsupportedMediaType, "unsupported-media-type"),
    (exceptions.APIException, "malformed-request"),
)


def exception_handler(error, context):
    """DRF's hook: every exception leaves as a problem; the unknown ones are logged and reported."""
    request = context["request"]
    if isinstance(error, exceptions.Throttled):
        problem = Problem("too-many-requests", wait=error.wait)
    elif isinstance(error, Problem):
        problem = error
    else:
        code = next((code for kind, code in _BY_EXCEPTION if isinstance(error, kind)), "internal-error")
        problem = Problem(code)
    if problem.kind.code == "internal-error":
        if settings.DEBUG_PROPAGATE_EXCEPTIONS:
            return None
        got_request_exception.send(sender=None, request=request._request)
        logger.error("API request failed: %s", request.path, exc_info=error)
    return problem_response(problem, request)

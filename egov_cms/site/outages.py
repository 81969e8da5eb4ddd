"""The database is locked, read-only or away: readers of pages are told so, and who sent a form keeps what was typed.

Every request passes here: forms of readers and of staff, every package's views. The answer is a page with status 503 that
asks nothing of the database. Where a form was sent it holds all that was typed, and a button that sends it again. The API
answers with a problem document of its own (`api.problems`).
"""

from __future__ import annotations

import logging
import re
import sys
from contextlib import nullcontext

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import patch_cache_control

from egov_cms.adapters.django import is_outage, reading
from egov_cms.language import direction

logger = logging.getLogger("egov_cms.site")

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
RETRY_SECONDS = 30
# What nobody wants to see again, or leave in a page.
SECRET = re.compile(r"passw|^code$|recovery", re.IGNORECASE)
# Hidden inputs of our forms and of Wagtail's: sent again, and not shown.
MACHINERY = re.compile(
    r"^(csrf|token|path|next|website)|-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS$|-(id|type|order|deleted|ORDER|DELETE)$|_FORMS$"
)
LONGEST_LINE = 60


class OutageMiddleware:
    """Stands before what asks the database. Requests that read wait for no writer."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with reading() if request.method in SAFE_METHODS else nullcontext():
            return self.get_response(request)

    def process_exception(self, request, exception):
        return unavailable(request, exception) if is_outage(exception) else None


def server_error(request) -> HttpResponse:
    """Django's `handler500`: errors outside of views (a session that cannot be saved) come here only."""
    from .views import errors

    error = sys.exc_info()[1]
    return unavailable(request, error) if is_outage(error) else errors.server_error(request)


def unavailable(request, error) -> HttpResponse:
    """The page that says what happened, in the reader's language, with what was typed."""
    from .views.errors import language_of, stylesheet_url

    logger.error("the database does not serve %s %s: %s", request.method, request.path, error)
    code = language_of(request)
    with translation.override(code):
        context = {
            "code": code,
            "dir": direction(code),
            "stylesheet": stylesheet_url(),
            "home": f"/{code}/",
            "again": request.get_full_path(),
            **typed(request),
        }
        text = render_to_string("egov_site/errors/unavailable.html", context)
    response = HttpResponse(text, status=503, headers={"Retry-After": str(RETRY_SECONDS)})
    patch_cache_control(response, no_store=True)
    # The page cache may have something better.
    response.egov_outage = True
    return response


def typed(request) -> dict:
    """`shown`: what a person wrote, as `(name, value)`; `hidden`: what the form sends beside it; `files`: are there any?"""
    if request.method in SAFE_METHODS:
        return {"was_sent": False}
    shown, hidden = [], []
    try:
        fields, files = request.POST, request.FILES
    except Exception:
        # Its body was read or broken off: there is nothing left to show.
        return {"was_sent": True}
    for name, values in fields.lists():
        if SECRET.search(name):
            continue
        for value in values:
            is_written = value.strip() and not MACHINERY.search(name)
            (shown if is_written else hidden).append((name, value))
    rows = [(name, value, "\n" in value or len(value) > LONGEST_LINE) for name, value in shown]
    return {"was_sent": True, "shown": rows, "hidden": hidden, "files": bool(files), "can_send": bool(fields)}

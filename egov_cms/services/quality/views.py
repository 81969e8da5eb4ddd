"""Public pages beside the catalogue: the log of changes with its feed, and “still correct” by a mailed link."""

from __future__ import annotations

from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from egov_cms.services.quality import reviews


# The link itself is the permission: it is secret, signed and works once. A cookie would only keep readers of mail out.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def review(request, token):
    """GET shows the service and a button, so that a mail scanner that opens every link confirms nothing; POST confirms."""
    status = 200
    try:
        if request.method == "POST":
            row, problem = reviews.confirm_link(token), ""
        else:
            row, problem = reviews.read_link(token), ""
    except reviews.LinkProblem as refused:
        row, problem = refused.confirmation, refused.code
        status = {"forged": 404, "expired": 410, "used": 200}[problem]
    context = {
        "problem": problem,
        "confirmation": row,
        "service": _here(row.page) if row else None,
        "done": request.method == "POST" and not problem,
        "state": reviews.review_state(row.page) if row else None,
    }
    response = render(request, "egov_services/quality/review.html", context, status=status)
    patch_cache_control(response, private=True, no_store=True)
    # The address is a secret: no other site may learn it.
    response["Referrer-Policy"] = "no-referrer"
    return response


def _here(page):
    """The page of the service in the active language, else in the source language."""
    translations = type(page).objects.public().filter(translation_key=page.translation_key)
    return translations.filter(locale__language_code=get_language()).first() or page

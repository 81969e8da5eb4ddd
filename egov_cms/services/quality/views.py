"""Public pages beside the catalogue: the log of changes with its feed, and “still correct” by a mailed link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.models import Site

from egov_cms.services.models import FactChange, ServiceSnapshot
from egov_cms.services.publishing.change_sentences import sentence
from egov_cms.services.quality import reviews
from egov_cms.site.models import MinistryIdentity
from egov_cms.site.query_parameters import page_of

PER_PAGE = 30
IN_FEED = 50
MOST_SERVICES = 1000


@dataclass(frozen=True)
class Entry:
    """One change as a reader sees it. `title` is the service's in the reader's language, else its code."""

    change: FactChange
    title: str
    url: str
    text: str
    law: Any = None


@require_safe
def change_list(request):
    """`?service=CODE&kind=fee&page=2`. An unknown code or kind is 404."""
    language = get_language()
    changes = FactChange.objects.filter(public=True).select_related("law")
    kind = request.GET.get("kind", "")
    if kind and kind not in FactChange.What.values:
        raise Http404
    codes = _codes()
    code = request.GET.get("service", "")
    if code and code not in codes:
        raise Http404
    if kind:
        changes = changes.filter(what=kind)
    if code:
        changes = changes.filter(service_code=code)
    page_obj = page_of(changes, request, PER_PAGE)
    names = _names([*codes, *(change.service_code for change in page_obj)], language)
    services = sorted(((each, names.get(each, (each, ""))[0]) for each in codes), key=lambda pair: pair[1])
    context = {
        "page_obj": page_obj,
        "entries": entries(page_obj.object_list, names, language),
        "kinds": [("", _("All")), *FactChange.What.choices],
        "kind": kind,
        "services": [("", _("All services")), *services],
        "service": code,
    }
    return render(request, "egov_services/quality/changes.html", context)


def _codes() -> list[str]:
    codes = (
        FactChange.objects.filter(public=True).order_by("service_code").values_list("service_code", flat=True)
    )
    return list(codes.distinct()[:MOST_SERVICES])


def _names(codes, language) -> dict[str, tuple[str, str]]:
    """Service code → title and address in a language, of services that are public in it."""
    rows = ServiceSnapshot.objects.filter(service_code__in=set(codes))
    found = {}
    for code, titles, urls in rows.values_list("service_code", "document__title", "document__urls"):
        if title := titles.get(language):
            found[code] = (title, urls.get(language) or "")
    return found


def entries(changes, names, language) -> list[Entry]:
    return [
        Entry(
            change,
            *names.get(change.service_code, (change.service_code, "")),
            text=sentence(change, language),
            law=change.law if change.law and change.law.is_public else None,
        )
        for change in changes
    ]


def described(changes, language) -> list[Entry]:
    """Changes in the words of a language, with the titles of their services: one query more."""
    changes = list(changes)
    return entries(changes, _names((change.service_code for change in changes), language), language)


class ChangeFeed(Feed):
    """`/<language>/services/changes/feed.atom`: the latest changes; `?service=CODE` those of one service."""

    feed_type = Atom1Feed

    def get_object(self, request):
        self.request = request
        return request.GET.get("service", "")

    def title(self, code):
        name = MinistryIdentity.for_site(Site.find_for_request(self.request)).name
        return _("Changes of fees, documents and times") + f" – {name}" + (f" – {code}" if code else "")

    def link(self, code):
        return reverse("egov_changes")

    def author_name(self, code):
        return MinistryIdentity.for_site(Site.find_for_request(self.request)).name

    def items(self, code):
        changes = FactChange.objects.filter(public=True).select_related("law")
        if code:
            changes = changes.filter(service_code=code)
        return described(changes[:IN_FEED], get_language())

    def item_title(self, entry):
        return f"{entry.title}: {entry.change.get_what_display()}"

    def item_description(self, entry):
        return "\n".join(filter(None, [entry.text, entry.change.reason, str(entry.law or "")]))

    def item_link(self, entry):
        return entry.url or reverse("egov_changes")

    def item_guid(self, entry):
        return f"urn:egov:change:{entry.change.pk}"

    def item_pubdate(self, entry):
        return entry.change.happened_at

    item_updateddate = item_pubdate


def change_feed(request):
    """A feed object for each request: it remembers the request."""
    return ChangeFeed()(request)


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

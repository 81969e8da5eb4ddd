"""The public log of changed facts: a page and a feed."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.syndication.views import Feed
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.models import Site

from egov_cms.language import sort_key
from egov_cms.site import public_codes
from egov_cms.site.models import MinistryIdentity
from egov_cms.site.query_parameters import page_of, reads

from .change_log import in_words
from .models import ChangeLogEntry
from .subjects import Subject, facts, registered

PER_PAGE = 30
IN_FEED = 50
MOST_CODES = 1000


@reads(registered, "subject", "kind", "page")
@require_safe
def change_list(request):
    """`?service=CODE&kind=fee&page=2`; every kind of thing has a parameter of its name, `subject` takes all of a kind.

    What nobody knows is 404.
    """
    language = get_language()
    kinds = _kinds_in_log()
    subject, code = _chosen(request.GET, kinds)
    codes = _codes(subject) if subject else []
    fact = request.GET.get("kind", "")
    known = subject.facts if subject else facts()
    entries = _entries(subject, code)
    if (fact and fact not in facts()) or (code and code not in codes and not entries.exists()):
        raise Http404
    if fact:
        entries = entries.filter(what=fact)
    page_obj = page_of(entries, request, PER_PAGE)
    context = {
        "heading": heading(subject),
        "introduction": subject.introduction if subject else _("What has changed, when and why."),
        "page_obj": page_obj,
        "changes": in_words(page_obj.object_list, language),
        "subject": subject,
        "kinds": [("", _("All")), *((each.kind, each.all_label) for each in kinds)] if len(kinds) > 1 else [],
        "chosen": code,
        "choices": [("", subject.all_label), *_options(subject, codes, language)] if subject else [],
        "fact": fact,
        "facts": [("", _("All")), *known.items()],
        "feed_query": _feed_query(subject, code, kinds),
    }
    return render(request, "egov_editing/changes.html", context)


def heading(subject: Subject | None) -> str:
    """What a list is called that tells of one kind of thing, or of all."""
    return str(subject.heading) if subject else _("Changes of published facts")


def _feed_query(subject, code, kinds) -> str:
    if code:
        return urlencode({subject.kind: code})
    return urlencode({"subject": subject.kind}) if subject and len(kinds) > 1 else ""


def _kinds_in_log() -> list[Subject]:
    """The kinds of things of which something is told; all that are registered while nothing is."""
    held = {*ChangeLogEntry.objects.public().order_by().values_list("subject", flat=True).distinct()}
    return [each for kind, each in registered().items() if not held or kind in held]


def _chosen(query, kinds: list[Subject]) -> tuple[Subject | None, str]:
    """What the reader asks for: a kind of thing and the code of one; the only kind there is goes without saying."""
    subjects = registered()
    kind = query.get("subject", "")
    if kind and kind not in subjects:
        raise Http404
    for name, subject in subjects.items():
        if (code := query.get(name, "")) and kind in ("", name):
            return subject, code
    if kind:
        return subjects[kind], ""
    return (kinds[0] if len(kinds) == 1 else None), ""


def _entries(subject, code):
    """The public entries about one kind of thing, or about one thing of it."""
    entries = ChangeLogEntry.objects.public().select_related("law")
    if subject:
        entries = entries.filter(subject=subject.kind)
    return entries.filter(code=code) if code else entries


def _codes(subject) -> list[str]:
    held = ChangeLogEntry.objects.public().filter(subject=subject.kind).order_by("code")
    return list(held.values_list("code", flat=True).distinct()[:MOST_CODES])


def _options(subject, codes, language) -> list[tuple[str, str]]:
    public = public_codes.find(subject.kind, codes, language)
    options = [(code, public[code].title if code in public else code) for code in codes]
    return sorted(options, key=lambda option: sort_key(option[1], language))


class ChangeFeed(Feed):
    """`/<language>/services/changes/feed.atom`: the latest changes; with `?service=CODE` those of one service."""

    feed_type = Atom1Feed

    def get_object(self, request):
        self.request = request
        return _chosen(request.GET, list(registered().values()))

    def title(self, chosen):
        subject, code = chosen
        return f"{heading(subject)} – {self._ministry()}" + (f" – {code}" if code else "")

    def link(self, chosen):
        return reverse("egov_changes")

    def author_name(self, chosen):
        return self._ministry()

    def _ministry(self):
        return MinistryIdentity.for_site(Site.find_for_request(self.request)).name

    def items(self, chosen):
        return in_words(_entries(*chosen)[:IN_FEED], get_language())

    def item_title(self, change):
        return f"{change.title}: {change.entry.what_label}"

    def item_description(self, change):
        return description(change)

    def item_link(self, change):
        return change.url or reverse("egov_changes")

    def item_guid(self, change):
        return f"urn:egov:change:{change.entry.pk}"

    def item_pubdate(self, change):
        return change.entry.happened_at

    item_updateddate = item_pubdate


def description(change) -> str:
    """What feeds say below the title."""
    return "\n".join(filter(None, [change.text, change.entry.reason, str(change.law or "")]))


@reads(registered, "subject")
def change_feed(request):
    """A feed object for each request: it remembers the request."""
    return ChangeFeed()(request)

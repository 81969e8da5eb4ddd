"""What is done to a page in the admin is offered for its translations, on the same confirmation and in one transaction.

Withdrawing, deleting, moving and protecting a page say what becomes of its other languages:

* of most pages the translations are listed with a tick each, which may be taken away; what is ticked gets the same,
  what is not stays as it is, and the confirmation says that it stays public;
* where the life of the source page is a fact (`site.life`) the publication itself does the same to the
  translations (`site.publication`): the list has no ticks, and nothing is done here.

The lists are the tags `translations_together` and `translations_of_selected` in the suite's templates of Wagtail's
confirmations; the work is done by Wagtail's hooks after each action, and at the address of `urlpatterns` where Wagtail has
no hook. `site.roads.PublicationMiddleware` makes it one transaction.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from django.contrib import messages
from django.http import JsonResponse
from django.template.loader import render_to_string
from django.urls import path, resolve, reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from egov_cms.adapters.wagtail.admin import require_admin_access
from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.adapters.wagtail.references import is_protected
from egov_cms.language import format_number, native_name, source_language
from egov_cms.site.facts import follows_source, source_of
from egov_cms.site.models.base import only_public

Page = page_model()

TICKS = "translations"
ACTIONS = ("unpublish", "delete", "move", "privacy")
MOST_NAMED = 10
# What Wagtail's form of privacy answers when it has saved.
DONE = "set_privacy_done"
TOKEN = re.compile(r'<input type="hidden" name="csrfmiddlewaretoken"[^>]*>')


@dataclass
class Row:
    """A translation on a confirmation. may: it can be ticked; reason: why not; follows: it shares the fate of the page.

    below: how many pages stand below it. destination: where a move would take it.
    """

    page: Page
    is_public: bool
    may: bool = False
    follows: bool = False
    ticked: bool = False
    reason: str = ""
    below: int = 0
    destination: Page | None = None

    @property
    def code(self) -> str:
        return self.page.locale.language_code

    @property
    def language(self) -> str:
        return native_name(self.code)

    @property
    def state(self) -> str:
        if self.is_public:
            return _("open to everybody")
        return _("for some readers only") if self.page.live else _("not published")

    @property
    def title(self) -> str:
        return self.page.get_admin_display_title()

    @property
    def edit_url(self) -> str:
        return reverse("wagtailadmin_pages:edit", args=[self.page.pk])


@dataclass
class Listed:
    """What a confirmation says of the other languages of one page.

    elsewhere: translations of pages below it that stay public.
    """

    page: Page
    action: str
    rows: list[Row] = field(default_factory=list)
    elsewhere: list[Row] = field(default_factory=list)

    @property
    def following(self) -> list[Row]:
        return [row for row in self.rows if row.follows]

    @property
    def offered(self) -> list[Row]:
        return [row for row in self.rows if row.may]

    @property
    def staying(self) -> list[Row]:
        """What cannot be ticked."""
        return [row for row in self.rows if not row.may and not row.follows]

    @property
    def is_any_public(self) -> bool:
        return any(row.is_public for row in self.offered)

    def __bool__(self):
        return bool(self.rows or self.elsewhere)


def listed(page, action: str, user, *, destination=None, posted=None, without=()) -> Listed:
    """The other languages of a page on the confirmation of an action (one of ACTIONS), for this person.

    destination: of a move, None while it is not chosen. posted: the keys that were ticked, None before anything was.
    without: keys of pages that the same action is done to anyway.
    """
    # The page itself may be deleted already.
    pages = list(_translations(page).exclude(pk__in=without))
    public = _public(pages)
    shares_life = follows_source(page.specific_class)
    follows = shares_life and source_of(page) is None
    found = Listed(page, action)
    for each in pages:
        row = Row(each, each.pk in public, follows=follows, below=each.get_descendants().live().count())
        if not shares_life:
            row.destination, row.reason = _hindrance(each, action, user, destination)
            row.may = not row.reason and (action != "unpublish" or each.live)
            row.ticked = row.may and (posted is None or each.pk in posted)
        found.rows.append(row)
    return found


def confirmation(page, action: str, request, **options) -> Listed:
    """`listed`, and the translations of pages below that stay public wherever they stand."""
    posted = ticked(request) if request.method == "POST" else None
    found = listed(page, action, request.user, posted=posted, **options)
    if action != "move" and page.numchild:
        _add_elsewhere(found)
    return found


def _translations(page):
    """The pages that are this page in other languages; an alias has the text of its source and is none."""
    pages = Page.objects.filter(translation_key=page.translation_key, alias_of=None).exclude(pk=page.pk)
    return pages.exclude(locale=page.locale_id).select_related("locale").specific().order_by("locale_id")


def _public(pages) -> set[int]:
    public = only_public(Page.objects.filter(pk__in=[page.pk for page in pages]))
    return set(public.values_list("pk", flat=True))


def _hindrance(page, action, user, destination) -> tuple[Page | None, str]:
    """Where a move takes this translation, and why the action cannot be done to it; "" where it can."""
    may = page.permissions_for_user(user)
    not_allowed = _("you may not do this in this language")
    if action == "unpublish":
        return None, "" if not page.live or may.can_unpublish() else not_allowed
    if action == "delete":
        if not may.can_delete():
            return None, not_allowed
        return None, _("something else needs it") if is_protected(page) else ""
    if action == "privacy":
        return None, "" if may.can_set_view_restrictions() else not_allowed
    if not may.can_move():
        return None, not_allowed
    return _destination_of(page, may, destination) if destination is not None else (None, "")


def _destination_of(page, may, destination) -> tuple[Page | None, str]:
    target = destination
    if destination.depth > 1 and destination.locale_id != page.locale_id:
        target = Page.objects.filter(
            translation_key=destination.translation_key, locale=page.locale_id, alias_of=None
        ).first()
    if target is None:
        return None, _("“%(title)s” does not exist in this language") % {"title": destination.title}
    if page.get_parent().pk == target.pk:
        return None, _("it stands there already")
    if not may.can_move_to(target):
        return None, _("you may not do this in this language")
    if target.get_children().filter(slug=page.slug).exclude(pk=page.pk).exists():
        return None, _("another page there has its address")
    return target, ""


def _add_elsewhere(found) -> None:
    """Translations of pages below that do not stand below a translation of the page itself, and stay public."""
    below = found.page.get_descendants().live().filter(alias_of=None)
    keys = list(below.values_list("translation_key", flat=True))
    others = only_public(Page.objects.filter(translation_key__in=keys))
    for shown in (found.page, *(row.page for row in found.rows)):
        others = others.exclude(path__startswith=shown.path)
    others = others.select_related("locale").specific().order_by("path")
    if found.page.locale.language_code == source_language():
        others = [page for page in others if not follows_source(type(page))]
    found.elsewhere = [Row(page, True) for page in others]


# Doing it.


def ticked(request) -> set[int]:
    """The keys of the translations that are ticked in a form."""
    return {int(key) for key in request.POST.getlist(TICKS) if key.isascii() and key.isdigit()}


def do(request, pages, action, act: Callable[[Row], bool], *, destination: Page | None = None) -> None:
    """Do the same to the ticked translations of pages that the action was done to, and say which stayed as they were.

    act: does it to one row; False: it could not be done.
    """
    posted, selected = ticked(request), [page.pk for page in pages]
    done, left = [], []
    for page in pages:
        found = listed(page, action, request.user, destination=destination, posted=posted, without=selected)
        for row in found.rows:
            if row.ticked and act(row):
                done.append(row)
            elif not row.follows and (row.is_public or action == "move"):
                left.append(row)
    if done:
        messages.success(request, _("The same was done in: %(names)s") % {"names": _names(done)})
    if left:
        text = {
            "move": _("Not moved in: %(names)s"),
            "privacy": _("Who may read it did not change in: %(names)s"),
        }.get(action, _("Still public in: %(names)s"))
        messages.warning(request, text % {"names": _names(left)})


def _names(rows) -> str:
    # A title keeps its own direction in the line of a message.
    names = [f"{row.language} (\u2068{row.title}\u2069)" for row in rows[:MOST_NAMED]]
    if (more := len(rows) - MOST_NAMED) > 0:
        names.append(ngettext("%(count)s more", "%(count)s more", more) % {"count": format_number(more)})
    return _(", ").join(names)


def _unpublish(row, *, user, below) -> bool:
    row.page.unpublish(user=user)
    if below:
        for page in row.page.get_descendants().live().specific().iterator():
            if page.permissions_for_user(user).can_unpublish():
                page.unpublish(user=user)
    return True


def _delete(row, *, user) -> bool:
    row.page.delete(user=user)
    return True


def _move(row, *, user) -> bool:
    row.page.move(row.destination, pos="last-child", user=user)
    return True


def after_unpublish(request, page):
    below = bool(request.POST.get("include_descendants"))
    do(request, [page], "unpublish", partial(_unpublish, user=request.user, below=below))


def after_delete(request, page):
    do(request, [page], "delete", partial(_delete, user=request.user))


def after_move(request, page):
    destination = Page.objects.get(pk=page.pk).get_parent()
    do(request, [page], "move", partial(_move, user=request.user), destination=destination)


def after_bulk_action(request, action_type, objects, action):
    if action_type not in ACTIONS or not issubclass(action.model, Page):
        return
    chosen = action.cleaned_form.cleaned_data
    act = {
        "unpublish": partial(_unpublish, user=request.user, below=bool(chosen.get("include_descendants"))),
        "delete": partial(_delete, user=request.user),
        "move": partial(_move, user=request.user),
    }[action_type]
    do(request, objects, action_type, act, destination=chosen.get("chooser"))


# The addresses of Wagtail that take another way.


def _wagtail(request, address):
    """Wagtail's own answer at an address of the admin, which asks for its permissions as ever."""
    match = resolve(f"/{address}", urlconf="wagtail.admin.urls")
    return match.func(request, *match.args, **match.kwargs)


@require_admin_access
def privacy(request, page_id):
    """Wagtail's form of who may read a page, which has no hooks; the ticked translations get the same form."""
    response = _wagtail(request, f"pages/{page_id}/privacy/")
    answer = _answer(response)
    page = Page.objects.filter(pk=page_id).first()
    if page is None or not answer:
        return response
    if answer.get("step") != DONE:
        found = confirmation(page, "privacy", request)
        context = {"lists": [found] if found else [], "action": "privacy"}
        answer["html"] = inside_form(
            answer["html"], lambda: render_to_string("egov_editing/translations_together.html", context)
        )
        return JsonResponse(answer)
    do(
        request,
        [page],
        "privacy",
        lambda row: _answer(_wagtail(request, f"pages/{row.page.pk}/privacy/")).get("step") == DONE,
    )
    return response


def _answer(response) -> dict:
    """What Wagtail tells the dialog in which the form stands; nothing where it refused."""
    is_answer = response.status_code == 200 and isinstance(response, JsonResponse)
    return json.loads(response.content) if is_answer else {}


def inside_form(whole: str, added: Callable[[], str]) -> str:
    """Markup with what `added()` gives at the beginning of its first form; unchanged where it has none."""
    token = TOKEN.search(whole)
    return mark_safe(whole[: token.end()] + added() + whole[token.end() :]) if token else whole  # noqa: S308


urlpatterns = [
    path("pages/<int:page_id>/privacy/", privacy),
]

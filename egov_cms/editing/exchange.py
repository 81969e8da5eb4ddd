"""Files in and out, in the admin: one set of screens for every kind that a `Handler` of `egov_cms.exchange` takes.

Upload, differences, confirmation, progress, result and undo. What a kind means and who may do what comes from its
handler and from the policies of `exchange.permissions`; the screens only ask. They work without JavaScript: while a
step runs, the browser reloads the page by the `Refresh` header.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.core.validators import FileExtensionValidator
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin.menu import MenuItem

from egov_cms.exchange import handlers, permissions, runs, steps
from egov_cms.exchange.files import FileDamaged
from egov_cms.exchange.models import ExchangeFile, ExchangeItem, ExchangeRun, State
from egov_cms.exchange.undoing import CannotUndo
from egov_cms.language import content_languages
from egov_cms.site.query_parameters import page_of
from egov_cms.tabular import write_csv

PER_PAGE = 25
ISSUES_SHOWN = 200
ITEMS_SHOWN = 500
CHANGES_PER_PAGE = 200
REFRESH_SECONDS = 3
DROPPABLE = (State.RECEIVED, State.CHECKED, State.REFUSED, State.FAILED)


class UploadForm(forms.Form):
    """The file of a run; the fields of the handler's `options_form` are a form of their own beside it."""

    file = forms.FileField(label=gettext_lazy("File"))

    def __init__(self, handler, *args, **kwargs):
        super().__init__(*args, **kwargs)
        suffixes = [suffix.removeprefix(".") for suffix in handler.suffixes]
        self.largest_bytes = handler.largest_bytes
        self.fields["file"].validators.append(FileExtensionValidator(suffixes))
        self.fields["file"].widget.attrs["accept"] = ",".join(handler.suffixes)
        self.fields["file"].help_text = _("%(kinds)s, at most %(size)s MB.") % {
            "kinds": _(", ").join(suffix.upper() for suffix in suffixes),
            "size": handler.largest_bytes // 1024 // 1024,
        }

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > self.largest_bytes:
            size = self.largest_bytes // 1024 // 1024
            raise forms.ValidationError(_("The file is larger than %(size)s MB.") % {"size": size})
        return file


class ReasonForm(forms.Form):
    """Why public facts change; asked for only where the file does not give a reason itself."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=gettext_lazy("The public reads the reason in the list of changes."),
    )


@dataclass(frozen=True)
class KindCard:
    """A kind of file as the overview lists it. waiting: how many of its runs wait to be confirmed."""

    handler: handlers.Handler
    url: str
    waiting: int


@dataclass
class ChangedItem:
    """The changes of one item, under its title; `changes` are dicts of `Change.as_dict`."""

    code: str
    title: str = ""
    changes: list[dict] = field(default_factory=list)


def visible_kinds(user) -> list[handlers.Handler]:
    """The handlers of the kinds whose runs this user may see."""
    return [each for each in handlers.registered() if permissions.may(user, each.kind, permissions.SEE)]


@require_safe
def overview(request):
    """Every kind of file that the user may see, and the latest runs of all of them."""
    kinds = visible_kinds(request.user)
    if not kinds:
        raise PermissionDenied
    found = _runs().filter(kind__in=[handler.kind for handler in kinds])
    waiting = list(found.filter(state=State.CHECKED).values_list("kind", flat=True))
    cards = [
        KindCard(handler, reverse("egov_exchange_kind", args=[handler.kind]), waiting.count(handler.kind))
        for handler in kinds
    ]
    page_obj = page_of(found, request, PER_PAGE)
    return render(
        request,
        "egov_editing/exchange/overview.html",
        {"cards": cards, "page_obj": page_obj, "rows": _run_rows(page_obj), "several": True},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def kind_page(request, kind):
    """Exports of one kind, the upload, and its earlier runs."""
    handler = _handler(request, kind)
    may_receive = permissions.may(request.user, kind, permissions.RECEIVE)
    posted = request.method == "POST"
    if posted and not may_receive:
        raise PermissionDenied
    form = UploadForm(handler, request.POST or None, request.FILES or None)
    options = handler.options_form(request.POST or None) if handler.options_form else None
    if posted and form.is_valid() and (options is None or options.is_valid()):
        chosen = handler.options_of(options) if options else {}
        try:
            run = runs.receive(
                kind, form.cleaned_data["file"], form.cleaned_data["file"].name, request.user, chosen
            )
        except runs.NotPossible as problem:
            form.add_error("file", str(problem))
        else:
            return redirect("egov_exchange_run", run.pk)
    page_obj = page_of(_runs().filter(kind=kind), request, PER_PAGE)
    context = {
        "handler": handler,
        "exports": [
            (label, reverse("egov_exchange_export", args=[kind, name])) for name, label in handler.exports
        ],
        "forms": [each for each in (form, options) if each is not None],
        "may_receive": may_receive,
        "page_obj": page_obj,
        "rows": _run_rows(page_obj),
    }
    return render(request, "egov_editing/exchange/kind.html", context)


@require_safe
def export(request, kind, name):
    """One of the handler's exports, in the language of the editor where the site has it."""
    handler = _handler(request, kind)
    if name not in dict(handler.exports):
        raise Http404
    language = (get_language() or "").split("-")[0]
    language = language if language in content_languages() else content_languages()[0]
    file_name, media_type, data = handler.export(name, language)
    return _attachment(data, file_name, media_type)


@require_http_methods(["GET", "HEAD", "POST"])
def run_page(request, pk):
    """One file: where it is, what it would do or did, and what can be done with it."""
    run = get_object_or_404(_runs(), pk=pk)
    handler = _handler(request, run.kind)
    steps.note_death(run)
    preview = None
    if request.method == "POST":
        action = request.POST.get("action", "")
        if action == "preview_undo":
            preview = _preview_undo(request, run)
        elif (answer := _act(request, run, handler, action)) is not None:
            return answer
    response = render(request, "egov_editing/exchange/run.html", _context(request, run, handler, preview))
    if run.is_running or run.state in ExchangeRun.WAITING:
        response["Refresh"] = str(REFRESH_SECONDS)
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def full_list(request, pk, role):
    """All issues or all changes of a run as CSV that Excel opens with its Arabic intact, streamed."""
    run = get_object_or_404(_runs(), pk=pk)
    _handler(request, run.kind)
    if role not in LISTS:
        raise Http404
    columns = LISTS[role]
    rows = ([row[name] for name in columns] for row in _list_rows(run, role))
    data = write_csv(rows, columns=[str(title) for title in columns.values()], bom=True, guard=True)
    return _attachment(data, f"{Path(run.file_name).stem}-{role}.csv", "text/csv; charset=utf-8")


@require_safe
def source(request, pk):
    """The file itself, as it was sent, as long as it is kept."""
    run = get_object_or_404(_runs(), pk=pk)
    _handler(request, run.kind)
    try:
        opened = run.source.open() if run.source else None
    except FileDamaged:
        opened = None
    if opened is None:
        raise Http404
    return _attachment(opened.chunks(), run.file_name, "application/octet-stream")


LISTS = {
    ExchangeFile.ISSUES: {
        "severity": gettext_lazy("Kind"),
        "sheet": gettext_lazy("Sheet"),
        "row": gettext_lazy("Row"),
        "line": gettext_lazy("Line"),
        "column": gettext_lazy("Column"),
        "cell": gettext_lazy("Cell"),
        "value": gettext_lazy("Value"),
        "message": gettext_lazy("What is wrong"),
        "item": gettext_lazy("Item"),
        "field": gettext_lazy("Field"),
        "code": gettext_lazy("Code"),
    },
    ExchangeFile.CHANGES: {
        "item": gettext_lazy("Item"),
        "label": gettext_lazy("Field"),
        "locale": gettext_lazy("Language"),
        "shown_before": gettext_lazy("Before"),
        "shown_after": gettext_lazy("After"),
    },
}


def _list_rows(run, role):
    severities = dict(run.issues.model.Severity.choices)
    for row in run.list_rows(role):
        if role == ExchangeFile.ISSUES:
            yield row | {"severity": str(severities[row["severity"]])}
        else:
            yield readable(row)


def readable(change: dict) -> dict:
    """A change as people read it: label and texts fall back to the plain field and values."""
    return change | {
        "label": change["label"] or change["field"],
        "shown_before": change["shown_before"] or _plain(change["before"]),
        "shown_after": change["shown_after"] or _plain(change["after"]),
    }


def _plain(value):
    return "" if value is None else str(value)


def _act(request, run, handler, action):
    """Do what a button asks for; None shows the page again with what is wrong in the form."""
    user = request.user
    try:
        if action == "confirm":
            form = _reason_form(request, run)
            if form is not None and not form.is_valid():
                return None
            reason = form.cleaned_data["reason"] if form else ""
            runs.confirm(run, user, reason, request.POST.get("digest", ""))
        elif action == "drop":
            runs.drop(run, user)
            messages.success(request, _("The file was put aside; nothing was written."))
            return redirect("egov_exchange_kind", handler.kind)
        elif action == "check_again":
            runs.check_again(run, user)
        elif action == "resume":
            runs.resume(run, user)
        elif action == "undo":
            _say_undone(request, runs.undo(run, user, request.POST.get("reason", "")))
        else:
            raise Http404
    except (runs.NotPossible, CannotUndo) as problem:
        messages.error(request, str(problem))
    return redirect("egov_exchange_run", run.pk)


def _say_undone(request, done):
    if done.did_something:
        messages.success(request, _("The import was undone."))
    else:
        messages.warning(request, _("Nothing was undone: everything was edited or published since."))


def _preview_undo(request, run):
    try:
        return runs.undo(run, request.user, dry_run=True)
    except CannotUndo as problem:
        messages.error(request, str(problem))
        return None


def _reason_form(request, run):
    if not run.reason_for:
        return None
    return ReasonForm(request.POST if request.POST.get("action") == "confirm" else None)


def _context(request, run, handler, preview):
    user = request.user
    done, total, label = steps.progress_of(run)
    written = run.state in (State.WRITTEN, State.UNDONE)
    own = run.received_by_id is not None and run.received_by_id == user.pk
    may = {action: permissions.may(user, run.kind, action) for action in permissions.ACTIONS}
    errors = run.issues.filter(severity="error")
    page_obj = _changes_page(request, run)
    return {
        "run": run,
        "handler": handler,
        "waits": run.state in ExchangeRun.WAITING or run.is_running,
        "reading": run.state in (State.RECEIVED, State.CHECKING),
        "progress": {"done": done, "total": total, "label": label},
        "sender": run.received_by and permissions.person_name(run.received_by),
        "confirmer": run.confirmed_by and permissions.person_name(run.confirmed_by),
        "undoer": run.undone_by and permissions.person_name(run.undone_by),
        "errors": errors[:ISSUES_SHOWN],
        "warnings": run.issues.filter(severity="warning")[:ISSUES_SHOWN],
        "counts": {"created": 0, "changed": 0, "unchanged": 0, "errors": 0, "warnings": 0} | run.counts,
        "nothing_to_write": not any(
            run.counts.get(name) for name in run.counts if name not in ("unchanged", "errors", "warnings")
        ),
        "may_confirm": may["confirm"]
        and (may["publish"] or not run.publish)
        and not (own and permissions.needs_second_person(run)),
        "second_person": may["confirm"] and own and permissions.needs_second_person(run),
        "may_drop": may["receive"] and run.state in DROPPABLE,
        "may_check_again": may["receive"] and run.state in (State.REFUSED, State.CHECKED) and run.source,
        "may_resume": may["receive"] and run.state == State.FAILED and run.source,
        "may_undo": may["undo"] and run.state == State.WRITTEN and run.items.exists(),
        "reason_form": _reason_form(request, run) if run.state == State.CHECKED else None,
        "preview": preview,
        "page_obj": page_obj,
        "changed_items": _by_item(page_obj.object_list, handler) if page_obj else [],
        "items": _items(run, handler) if written else [],
        "lists": {
            role: reverse("egov_exchange_list", args=[run.pk, role])
            for role in run.files.filter(role__in=LISTS).values_list("role", flat=True)
        },
    }


class _Changes:
    """The stored list of a run's changes as a sequence that reads only the slice that is asked for."""

    def __init__(self, run):
        self.run = run

    def __len__(self):
        return self.run.counts.get("changes", 0)

    def __getitem__(self, part):
        return list(self.run.list_rows(ExchangeFile.CHANGES, part.start, part.stop - part.start))


def _changes_page(request, run):
    if not run.counts.get("changes"):
        return None
    return Paginator(_Changes(run), CHANGES_PER_PAGE).get_page(request.GET.get("page"))


def _by_item(changes, handler) -> list[ChangedItem]:
    found = [
        ChangedItem(code, changes=[readable(change) for change in some])
        for code, some in groupby(changes, key=lambda change: change["item"])
    ]
    titles = handler.item_titles([item.code for item in found])
    for item in found:
        item.title = titles.get(item.code, "")
    return found


def _items(run, handler):
    rows = list(run.items.select_related("content_type")[:ITEMS_SHOWN])
    titles = handler.item_titles(list(dict.fromkeys(row.code for row in rows)))
    return [
        {
            "code": row.code,
            "title": row.label or titles.get(row.code, ""),
            "locale": row.locale,
            "action": row.get_action_display(),
            "url": "" if row.action == ExchangeItem.Action.DELETED else handler.item_url(row),
        }
        for row in rows
    ]


def _runs():
    return ExchangeRun.objects.select_related("received_by", "confirmed_by", "undone_by")


def _run_rows(page_obj):
    labels = {handler.kind: handler.label for handler in handlers.registered()}
    return [
        {
            "run": run,
            "kind": labels.get(run.kind, run.kind),
            "sender": permissions.person_name(run.received_by) if run.received_by else "",
            "created": run.counts.get("created", 0),
            "changed": run.counts.get("changed", 0),
        }
        for run in page_obj
    ]


def _handler(request, kind):
    """The handler of a kind whose runs the user may see; 404 for a kind that no installed app registers."""
    try:
        handler = handlers.get(kind)
    except LookupError:
        raise Http404 from None
    if not permissions.may(request.user, kind, permissions.SEE):
        raise PermissionDenied
    return handler


def _attachment(data, file_name, media_type):
    response = StreamingHttpResponse(data, content_type=media_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, file_name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


class ExchangeMenuItem(MenuItem):
    """The entry “Files in and out”, for everybody who may see runs of any kind."""

    def is_shown(self, request):
        return bool(visible_kinds(request.user))


urlpatterns = [
    path("exchange/", overview, name="egov_exchange"),
    path("exchange/runs/<int:pk>/", run_page, name="egov_exchange_run"),
    path("exchange/runs/<int:pk>/source/", source, name="egov_exchange_source"),
    path("exchange/runs/<int:pk>/<str:role>.csv", full_list, name="egov_exchange_list"),
    path("exchange/<slug:kind>/", kind_page, name="egov_exchange_kind"),
    path("exchange/<slug:kind>/export/<str:name>", export, name="egov_exchange_export"),
]

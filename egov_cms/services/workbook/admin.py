"""The catalogue as a spreadsheet, in the admin: export, upload, differences, progress, result, undo."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.validators import FileExtensionValidator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from egov_cms.language import content_languages
from egov_cms.services.importing.undoing import CannotUndo
from egov_cms.services.models import ImportBatch
from egov_cms.services.workbook import batches, export_services
from egov_cms.services.workbook.differences import by_service, with_titles
from egov_cms.services.workbook.package import LARGEST_FILE
from egov_cms.site.query_parameters import page_of

VIEW, IMPORT = "egov_services.view_importbatch", "egov_services.add_importbatch"
PER_PAGE = 25
MOST_PROBLEMS = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
REFRESH_SECONDS = 3


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Workbook (XLSX)"),
        validators=[FileExtensionValidator(["xlsx"])],
        widget=forms.FileInput(attrs={"accept": f".xlsx,{XLSX}"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            size = LARGEST_FILE // 1024 // 1024
            raise forms.ValidationError(_("The file is larger than %(size)s MB.") % {"size": size})
        return file


class ReasonForm(forms.Form):
    """Why fees change; asked for only where the file does not say it."""

    reason = forms.CharField(
        label=gettext_lazy("Why fees change"),
        max_length=500,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=gettext_lazy("The public reads the reason in the list of changes."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def index(request):
    """Export, upload, and what was uploaded before."""
    _require(request, VIEW)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        _require(request, IMPORT)
        if form.is_valid():
            file = form.cleaned_data["file"]
            batch = batches.receive(file.read(), file.name, request.user)
            return redirect("egov_spreadsheet:batch", batch.pk)
    found = ImportBatch.objects.select_related("user").defer("data", "report")
    context = {
        "form": form,
        "may_import": request.user.has_perm(IMPORT),
        "page_obj": page_of(found, request, PER_PAGE),
    }
    return render(request, "egov_services/workbook/index.html", context)


@require_safe
def export(request):
    """The workbook of the whole catalogue in the language of the editor."""
    _require(request, VIEW)
    language = (get_language() or "").split("-")[0]
    data = export_services(language=language if language in content_languages() else None)
    response = HttpResponse(data, content_type=XLSX)
    name = f"services-{timezone.localdate().isoformat()}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def batch_page(request, pk):
    """One upload: where it is, what it would do or did, and what can be done with it."""
    _require(request, VIEW)
    batch = get_object_or_404(ImportBatch.objects.select_related("user", "undone_by"), pk=pk)
    if request.method == "POST":
        _require(request, IMPORT)
        if (answer := _act(request, batch)) is not None:
            return answer
    response = render(request, "egov_services/workbook/batch.html", _context(request, batch))
    if batch.state in ImportBatch.RUNNING:
        # Without a script: the browser asks again by itself, and the page may be left and come back to.
        response["Refresh"] = str(REFRESH_SECONDS)
    return response


def _act(request, batch):
    """Do what a button says. None: show the page with what is wrong."""
    action = request.POST.get("action", "")
    if action == "confirm":
        form = _reason_form(request, batch)
        if form is not None and not form.is_valid():
            return None
        done = batches.confirm(batch, form.cleaned_data["reason"] if form else "")
    elif action == "drop":
        done = batches.drop(batch)
        if done:
            messages.success(request, _("The upload was given up; nothing was written."))
            return redirect("egov_spreadsheet:index")
    elif action == "again":
        done = batches.again(batch)
    elif action == "undo":
        done = _undo(request, batch)
    else:
        done = False
    if not done:
        messages.warning(request, _("That is not possible any more: the import is already further."))
    return redirect("egov_spreadsheet:batch", batch.pk)


def _undo(request, batch) -> bool:
    try:
        done = batches.take_back(batch, request.user)
    except CannotUndo as problem:
        messages.error(request, str(problem))
        return True
    if done.removed or done.restored:
        messages.success(request, _("The import was undone."))
    else:
        messages.warning(request, _("Nothing was undone: everything was edited since."))
    return True


def _reason_form(request, batch):
    if not (batch.report or {}).get("needs_reason"):
        return None
    posted = request.POST if request.POST.get("action") == "confirm" else None
    return ReasonForm(posted)


def _context(request, batch):
    report = batch.report or {}
    done, total = batches.progress(batch)
    problems = report.get("refused", [])
    pages = batch.items.select_related("page__locale").order_by("service_code", "pk")
    page_obj = page_of(by_service(report), request, PER_PAGE)
    with_titles(page_obj.object_list)
    shows_pages = batch.state in (ImportBatch.State.DONE, ImportBatch.State.UNDONE)
    return {
        "batch": batch,
        "report": report,
        "running": batch.state in ImportBatch.RUNNING,
        "done": done,
        "total": total,
        "problems": problems[:MOST_PROBLEMS],
        "more_problems": max(0, len(problems) - MOST_PROBLEMS),
        # The form asks for the reason itself.
        "warnings": [each for each in report.get("warnings", []) if each["code"] != "fee_reason"][
            :MOST_PROBLEMS
        ],
        "page_obj": page_obj,
        "items": pages[:500] if shows_pages else [],
        "form": _reason_form(request, batch) if batch.state == ImportBatch.State.CHECKED else None,
        "may_import": request.user.has_perm(IMPORT),
        "may_begin_again": batches.may_begin_again(batch),
    }


def _require(request, permission):
    if not request.user.has_perm(permission):
        raise PermissionDenied


class SpreadsheetMenuItem(MenuItem):
    def is_shown(self, request):
        return request.user.has_perm(VIEW)


class SpreadsheetViewSet(ViewSet):
    """The entry “Spreadsheet” of the menu “Catalogue”."""

    name = "egov_spreadsheet"
    url_prefix = "services/spreadsheet"
    icon = "table"
    menu_label = gettext_lazy("Spreadsheet")
    menu_name = "egov-spreadsheet"
    menu_order = 5
    menu_item_class = SpreadsheetMenuItem

    def get_urlpatterns(self):
        return [
            path("", index, name="index"),
            path("services.xlsx", export, name="export"),
            path("<int:pk>/", batch_page, name="batch"),
        ]

"""Reports and panels for those who keep services true."""

from __future__ import annotations

from dataclasses import dataclass

import django_filters
from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.reports import ReportView

from egov_cms.adapters.wagtail.admin import AdminPageView, ContentTypeFilter
from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.adapters.wagtail.permissions import may_edit_pages, page_permission_policy
from egov_cms.editing.dashboard import ROWS, Row, TranslationsStalePanel, WaitingPanel, edit_url, language_of
from egov_cms.language import format_number, native_name
from egov_cms.services.models import PageWords, ReviewConfirmation, ServicePage
from egov_cms.services.quality import digest, links, matrix, page_words, readiness, reviews, sheets
from egov_cms.site.query_parameters import page_of

Page = page_model()

PER_PAGE = 50


class MatrixFilters(WagtailFilterSet):
    """By language, state, page type and title."""

    title = django_filters.CharFilter(label=gettext_lazy("Title contains"), lookup_expr="icontains")
    language = django_filters.ChoiceFilter(
        label=gettext_lazy("Language"),
        choices=lambda: [(code, native_name(code)) for code in matrix.languages()],
        method="by_state",
    )
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"), choices=list(matrix.STATES.items()), method="by_state"
    )
    content_type = ContentTypeFilter(
        label=gettext_lazy("Kind of page"), queryset=lambda request: _page_types()
    )

    class Meta:
        model = Page
        fields = ["title", "language", "state", "content_type"]

    def by_state(self, queryset, name, value):
        """Language and state work together: the state in that language, a language alone narrows nothing."""
        language, state = self.data.get("language", ""), self.data.get("state", "")
        if name != "state" or state not in matrix.STATES:
            return queryset
        return matrix.in_state(queryset, state, language if language in matrix.languages() else "")


def _page_types():
    return ContentType.objects.filter(pk__in=[each.pk for each in page_words.site_page_types()])


class MatrixView(ReportView):
    """Page × language, with the words that wait; as a table, CSV or XLSX."""

    page_title = gettext_lazy("Translations")
    header_icon = "site"
    template_name = "egov_services/quality/matrix.html"
    results_template_name = "egov_services/quality/matrix_results.html"
    index_url_name = "egov_quality_matrix"
    index_results_url_name = "egov_quality_matrix_results"
    filterset_class = MatrixFilters
    export_filename = "translations"
    permission_policy = page_permission_policy
    any_permission_required = ["add", "change", "publish"]
    paginate_by = PER_PAGE

    def get_queryset(self):
        page_words.catch_up()
        pages = matrix.source_pages(self.request.user)
        return matrix.annotated(pages) if self.is_export else pages

    def decorate_paginated_queryset(self, object_list):
        if self.is_export:
            return object_list
        pages = list(object_list)
        cells = matrix.cells(pages)
        for page in pages:
            page.cells = cells[page.pk]
        return pages

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        if not self.is_export:
            codes = matrix.languages()
            context["languages"] = [native_name(code) for code in codes]
            context["totals"] = [
                {"name": native_name(each["language"]), **each}
                for each in matrix.totals(matrix.source_pages(self.request.user))
            ]
        return context

    @property
    def list_export(self):
        columns = ["title", "url_path", "words"]
        return columns + [f"{what}:{code}" for code in matrix.languages() for what in ("state", "waiting")]

    @property
    def export_headings(self):
        headings = {"title": _("Title"), "url_path": _("Address"), "words": _("Words")}
        for code in matrix.languages():
            headings[f"state:{code}"] = native_name(code)
            headings[f"waiting:{code}"] = _("Words to translate: %(language)s") % {
                "language": native_name(code)
            }
        return headings

    def get_heading(self, queryset, field):
        return self.export_headings[field]

    def to_row_dict(self, item):
        row = {"title": _harmless(item.title), "url_path": item.url_path, "words": item.words or 0}
        for code in matrix.languages():
            row[f"state:{code}"] = str(matrix.STATES[matrix.state_of(item, code)])
            row[f"waiting:{code}"] = matrix.waiting_of(item, code)
        return row


def _harmless(text):
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


class ReadinessView(AdminPageView):
    """Scores by ministry, unit and service; the lowest first."""

    page_title = gettext_lazy("Completeness of services")
    header_icon = "tasks"
    template_name = "egov_services/quality/readiness.html"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        found = readiness.measure(get_language())
        ministry = self.request.GET.get("ministry", "")
        rows = [row for row in found.services if not ministry or row.ministry == ministry]
        rows.sort(key=lambda row: (row.score.total, row.code))
        context |= {
            "found": found,
            "ministry": ministry,
            "page_obj": page_of(rows, self.request, PER_PAGE),
            "download_url": reverse("egov_quality_readiness_xlsx"),
        }
        return context


@require_safe
def readiness_xlsx(request):
    """The workbook for GEMS, the UN's survey and Ur."""
    if not may_edit_pages(request.user):
        raise PermissionDenied
    found = readiness.measure(get_language())
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = HttpResponse(sheets.workbook(found, get_language()), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="readiness-{found.day.isoformat()}.xlsx"'
    return response


class ReviewsView(AdminPageView):
    """Every service that is due to be checked, with whom its mail goes to."""

    page_title = gettext_lazy("Services to check")
    header_icon = "history"
    template_name = "egov_services/quality/reviews.html"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        today = timezone.localdate()
        page_obj = page_of(reviews.due_services(today, digest.notice_days()), self.request, PER_PAGE)
        context["page_obj"] = page_obj
        context["due"] = [
            DueService(page, state, may_confirm(self.request.user, page)) for state, page in page_obj
        ]
        context["recent"] = (
            ReviewConfirmation.objects.filter(confirmed_at__isnull=False)
            .select_related("page", "user")
            .order_by("-confirmed_at")[:20]
        )
        return context


@dataclass(frozen=True)
class DueService:
    """A row of the list of services to check."""

    page: ServicePage
    state: reviews.ReviewState
    may_confirm: bool


def may_confirm(user, page) -> bool:
    """Owner, backup, and whoever may edit the page."""
    if user.pk in (page.content_owner_id, page.backup_owner_id):
        return True
    return page.permissions_for_user(user).can_edit()


@require_POST
def confirm_service(request, pk):
    """“Still correct”, from the dashboard or the list."""
    page = get_object_or_404(ServicePage, pk=pk)
    if not may_confirm(request.user, page):
        raise PermissionDenied
    reviews.confirm(page, request.user, ReviewConfirmation.Via.DASHBOARD, email=request.user.email)
    messages.success(request, _("“%(title)s” is marked as checked today.") % {"title": page.title})
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = reverse("wagtailadmin_home")
    return HttpResponseRedirect(back)


@dataclass(frozen=True)
class ConfirmRow(Row):
    """A row of the panel with a button."""

    confirm_url: str = ""


class ServicesToCheckPanel(WaitingPanel):
    """The services that the person who signed in keeps, or backs up, and that are due."""

    name = "egov-services-to-check"
    order = 125
    heading = gettext_lazy("Your services to check")
    empty = gettext_lazy("None of your services is due to be checked.")
    when_heading = gettext_lazy("Due")
    template_name = "egov_services/quality/panel.html"

    def rows(self, request):
        user, today = request.user, timezone.localdate()
        mine = reviews.due_services(today, digest.notice_days(), kept_by=user)
        return [
            ConfirmRow(
                page.title,
                edit_url(page),
                note=page.service_code if user.pk == page.content_owner_id else _("You are the backup"),
                when=state.due,
                late=state.late,
                confirm_url=reverse("egov_quality_confirm", args=[page.pk]),
            )
            for state, page in mine[:ROWS]
        ]

    def get_context_data(self, parent_context):
        context = super().get_context_data(parent_context)
        return context | {
            "request": parent_context["request"],
            "csrf_token": parent_context.get("csrf_token"),
        }

    def more(self, request):
        return _("All services to check"), reverse("egov_quality_reviews")


class StaleTranslationsPanel(TranslationsStalePanel):
    """The same panel, by words: a publication that changed no word asks no translator to look."""

    def rows(self, request):
        pages = page_permission_policy.instances_user_has_any_permission_for(
            request.user, {"add", "change", "publish"}
        )
        stale = (
            pages.filter(live=True, alias_of=None, egov_words__state=PageWords.State.STALE)
            .select_related("locale", "egov_words")
            .order_by("-egov_words__stale_words", "pk")[:ROWS]
        )
        return [
            Row(
                page.title,
                edit_url(page),
                language_of(page),
                note=ngettext("%(count)s word", "%(count)s words", page.egov_words.stale_words)
                % {"count": format_number(page.egov_words.stale_words)},
            )
            for page in stale
        ]

    def more(self, request):
        return _("All translations"), reverse("egov_quality_matrix")


class BrokenLinksPanel(WaitingPanel):
    """Start links that have not answered two nights in a row."""

    name = "egov-broken-links"
    order = 145
    heading = gettext_lazy("Start links that do not answer")
    empty = gettext_lazy("Every start link answers.")
    when_heading = gettext_lazy("Checked")

    def rows(self, request):
        return [
            Row(page.title, edit_url(page), note=f"{row.url} – {row.message}", when=row.checked_at)
            for row, pages in links.broken_links()
            for page in pages
        ][:ROWS]


class ReportMenuItem(MenuItem):
    """An entry of the menu “Reports” for everybody who edits pages."""

    def is_shown(self, request):
        return may_edit_pages(request.user)


urlpatterns = [
    path("services/translations/", MatrixView.as_view(), name="egov_quality_matrix"),
    path(
        "services/translations/results/",
        MatrixView.as_view(results_only=True),
        name="egov_quality_matrix_results",
    ),
    path("services/readiness/", ReadinessView.as_view(), name="egov_quality_readiness"),
    path("services/readiness.xlsx", readiness_xlsx, name="egov_quality_readiness_xlsx"),
    path("services/reviews/", ReviewsView.as_view(), name="egov_quality_reviews"),
    path("services/<int:pk>/confirm/", confirm_service, name="egov_quality_confirm"),
]

"""Reports and panels for those who keep services true."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from egov_cms.adapters.wagtail.admin import AdminPageView
from egov_cms.adapters.wagtail.permissions import may_edit_pages
from egov_cms.editing.dashboard import ROWS, Row, WaitingPanel, edit_url
from egov_cms.services.models import ReviewConfirmation, ServicePage
from egov_cms.services.quality import digest, links, readiness, reviews, sheets
from egov_cms.site.query_parameters import page_of

PER_PAGE = 50


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


urlpatterns = [
    path("services/readiness/", ReadinessView.as_view(), name="egov_quality_readiness"),
    path("services/readiness.xlsx", readiness_xlsx, name="egov_quality_readiness_xlsx"),
    path("services/reviews/", ReviewsView.as_view(), name="egov_quality_reviews"),
    path("services/<int:pk>/confirm/", confirm_service, name="egov_quality_confirm"),
]

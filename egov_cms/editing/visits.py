"""What is read: how often pages were opened, for editors. Sums of the database over a number a page and day."""

from __future__ import annotations

import datetime as dt

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import Max, Q, Sum
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.views.reports import ReportView

from egov_cms.adapters.wagtail.admin import AdminPageView
from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.adapters.wagtail.permissions import may_edit_pages
from egov_cms.language import content_languages, format_number, native_name
from egov_cms.site.models import DailyPageCount

from .dashboard import ROWS, Row, WaitingPanel, edit_url, shown_language

Page = page_model()

PERIOD = 30
PERIODS = [
    ("7", gettext_lazy("7 days")),
    ("30", gettext_lazy("30 days")),
    ("90", gettext_lazy("90 days")),
    ("365", gettext_lazy("A year")),
]
MAY_SEE = "egov_site.view_dailypagecount"


def may_see(user):
    """Editors of pages, and whoever was given the right to see the figures."""
    return may_edit_pages(user) or user.has_perm(MAY_SEE)


def first_day(period=PERIOD):
    """The first of the last so many days, today included."""
    return timezone.localdate() - dt.timedelta(days=period - 1)


def counts_of(period, filters=None):
    """The rows of the last so many days and of as many before, narrowed by `locale` and a part of the `path`."""
    filters = filters or {}
    since = first_day(period) - dt.timedelta(days=period)
    counts = DailyPageCount.objects.filter(day__gte=since).order_by()
    if code := filters.get("locale"):
        counts = counts.filter(locale=code)
    if part := filters.get("path"):
        counts = counts.filter(path__icontains=part)
    return counts


def sums_of(period):
    """Two sums of visits: of the period (`total`) and of the one before it (`before`)."""
    now = Q(day__gte=first_day(period))
    return {"total": Sum("visits", filter=now, default=0), "before": Sum("visits", filter=~now, default=0)}


def most_visited(period=PERIOD, filters=None):
    """Dicts of path, locale, page_pk, total, before: the most visited addresses first. One query."""
    rows = (
        counts_of(period, filters).values("path", "locale").annotate(page_pk=Max("page"), **sums_of(period))
    )
    return rows.filter(total__gt=0).order_by("-total", "path")


class VisitFilters(WagtailFilterSet):
    period = django_filters.ChoiceFilter(label=gettext_lazy("Period"), choices=PERIODS, empty_label=None)
    locale = django_filters.ChoiceFilter(
        label=gettext_lazy("Language"),
        choices=lambda: [(code, native_name(code)) for code in content_languages()],
    )
    path = django_filters.CharFilter(label=gettext_lazy("Address contains"), lookup_expr="icontains")

    class Meta:
        model = DailyPageCount
        fields = ["period", "locale", "path"]


class VisitsReport(ReportView):
    page_title = gettext_lazy("Page views")
    header_icon = "view"
    template_name = "egov_editing/visits.html"
    results_template_name = "egov_editing/visits_results.html"
    index_url_name = "egov_visits"
    index_results_url_name = "egov_visits_results"
    filterset_class = VisitFilters
    export_filename = "visits"
    list_export = ["path", "locale", "title", "total", "before"]
    paginate_by = 50

    def dispatch(self, request, *args, **kwargs):
        if not may_see(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def period(self):
        return chosen_period(self.request)

    @property
    def chosen(self):
        return self.filters.form.cleaned_data if self.filters.is_valid() else {}

    def get_queryset(self):
        return most_visited(self.period, self.chosen)

    def filter_queryset(self, queryset):
        # Sums are no rows that a filter could narrow: `get_queryset` has done it.
        return queryset

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        rows = list(context["object_list"])
        titles = dict(
            Page.objects.filter(pk__in={row["page_pk"] for row in rows}).values_list("pk", "draft_title")
        )
        context["object_list"] = [{**row, "title": titles.get(row["page_pk"], "")} for row in rows]
        if not self.is_export:
            context |= {
                "period": self.period,
                "all_visits": counts_of(self.period, self.chosen).aggregate(**sums_of(self.period)),
                "period_label": dict(PERIODS)[str(self.period)],
            }
        return context

    def get_heading(self, queryset, field):
        headings = {
            "path": _("Address"),
            "locale": _("Language"),
            "title": _("Title"),
            "total": _("Page views"),
            "before": _("Page views of the period before"),
        }
        return headings[field]

    def to_row_dict(self, item):
        return {name: item[name] for name in self.list_export}


def chosen_period(request):
    value = request.GET.get("period", "")
    return int(value) if value in dict(PERIODS) else PERIOD


class VisitsOfOne(AdminPageView):
    """`?path=/ar/about/&period=30`: one address day by day, in every language that has it."""

    page_title = gettext_lazy("Page views by day")
    header_icon = "view"
    template_name = "egov_editing/visits_of_one.html"

    def path(self):
        return [{"url": reverse("egov_visits"), "label": _("Page views")}]

    def get_context_data(self, **kwargs):
        if not may_see(self.request.user):
            raise PermissionDenied
        address, period = self.request.GET.get("path", "")[:255], chosen_period(self.request)
        since, today = first_day(period), timezone.localdate()
        rows = DailyPageCount.objects.filter(path=address, day__gte=since).order_by()
        numbers = dict(rows.values("day").annotate(total=Sum("visits")).values_list("day", "total"))
        days = [today - dt.timedelta(days=ago) for ago in range((today - since).days + 1)]
        return super().get_context_data(**kwargs) | {
            "path": address,
            "days": [(day, numbers.get(day, 0)) for day in days],
            "highest": max(numbers.values(), default=0),
            "total": sum(numbers.values()),
            "periods": [(key, label, int(key) == period) for key, label in PERIODS],
        }


class MostVisitedPanel(WaitingPanel):
    """The pages that were opened most in the last thirty days."""

    name = "egov-most-visited"
    order = 160
    heading = gettext_lazy("Most viewed in the last 30 days")
    empty = gettext_lazy("No page view has been counted yet.")

    def is_for(self, user):
        return may_see(user)

    def rows(self, request):
        found = list(most_visited().filter(page_pk__isnull=False)[:ROWS])
        pages = Page.objects.in_bulk([row["page_pk"] for row in found])
        return [
            Row(
                pages[row["page_pk"]].draft_title,
                edit_url(pages[row["page_pk"]]),
                shown_language(row["locale"]),
                note=ngettext("%(count)s page view", "%(count)s page views", row["total"])
                % {"count": format_number(row["total"])},
            )
            for row in found
            if row["page_pk"] in pages
        ]

    def more(self, request):
        return _("All page views"), reverse("egov_visits")


urlpatterns = [
    path("reports/visits/", VisitsReport.as_view(), name="egov_visits"),
    path("reports/visits/results/", VisitsReport.as_view(results_only=True), name="egov_visits_results"),
    path("reports/visits/days/", VisitsOfOne.as_view(), name="egov_visits_of_one"),
]

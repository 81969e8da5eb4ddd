"""The reform reports in the admin menu “Reports”: filtered by ministry or unit, exported as CSV and XLSX, printed."""

from __future__ import annotations

import datetime as dt

import django_filters
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.http import require_safe
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.views.reports import ReportView
from wagtail.admin.widgets import AdminDateInput, Button

from egov_cms.adapters.wagtail.permissions import ModelPermissionPolicy
from egov_cms.language import format_number, format_percent
from egov_cms.services.models import ServiceBurden
from egov_cms.services.reform import burden, evidence, tables, trend
from egov_cms.services.reform.report import PRINTED_ROWS, reform_report
from egov_cms.services.reform.sheets import workbook
from egov_cms.services.reform.units import units

MAY_SEE = "egov_services.view_serviceburden"
INDENT = "\u2003"


def _units():
    return [(unit.pk, INDENT * unit.depth + unit.name) for unit in units(get_language())]


class UnitFilters(WagtailFilterSet):
    """Filter by ministry or unit, including the units below it. The views apply it in `get_queryset`."""

    unit = django_filters.ChoiceFilter(label=gettext_lazy("Ministry or unit"), choices=_units)

    class Meta:
        model = ServiceBurden
        fields = ["unit"]


class BurdenFilters(UnitFilters):
    """Also the day to compare with."""

    since = django_filters.DateFilter(label=gettext_lazy("Compared with"), widget=AdminDateInput)

    class Meta:
        model = ServiceBurden
        fields = ["unit", "since"]


def chosen_unit(request):
    """The unit in `?unit=`, or None."""
    value = request.GET.get("unit", "")
    wanted = int(value) if value.isascii() and value.isdigit() and len(value) < 12 else 0
    return next((unit for unit in units(get_language()) if unit.pk == wanted), None) if wanted else None


def chosen_day(request):
    """The date in `?since=`; a year ago without a valid one."""
    try:
        return min(dt.date.fromisoformat(request.GET.get("since", "")), timezone.localdate())
    except ValueError:
        return trend.a_year_ago()


class TableReport(ReportView):
    """A report of one table, with sums by ministry above it. Subclasses define the querysets."""

    template_name = "egov_services/reform/report.html"
    results_template_name = "egov_services/reform/report_results.html"
    filterset_class = UnitFilters
    permission_policy = ModelPermissionPolicy(ServiceBurden)
    any_permission_required = ["view"]
    table: tables.Table
    groups: tables.Table | None = None
    in_whole_report = True

    @cached_property
    def unit(self):
        return chosen_unit(self.request)

    def filter_queryset(self, queryset):
        # The filter cannot work on aggregated rows: `get_queryset` applies it.
        return queryset

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["object_list"] = self.table.rows(context["object_list"], get_language())
        if self.is_export:
            return context
        groups = list(self.get_groups()) if self.groups else []
        return context | {
            "columns": self.table.columns,
            "groups": self.groups,
            "group_cells": self.groups.cells(self.groups.rows(groups, get_language())) if groups else [],
            "cells": self.table.cells(context["object_list"]),
            "title_of_rows": self.table.title,
            "explanation": self.explanation,
            "figures": self.get_figures(),
            "empty": self.table.empty,
        }

    @cached_property
    def header_more_buttons(self):
        return [*super().header_more_buttons, *(self.whole_report() if self.in_whole_report else [])]

    def whole_report(self):
        """Buttons for the report of all tables, with the filters of this one."""
        query = self.request.GET.copy()
        for name in ("export", "p"):
            query.pop(name, None)
        query_string = f"?{query.urlencode()}" if query else ""
        printed, book = (
            reverse("egov_reform_print") + query_string,
            reverse("egov_reform_workbook") + query_string,
        )
        return [
            Button(gettext_lazy("Printable report"), url=printed, icon_name="doc-full", priority=80),
            Button(gettext_lazy("All tables, XLSX"), url=book, icon_name="download", priority=110),
        ]

    # Export

    @property
    def list_export(self):
        coded = [tables.Column("code", gettext_lazy("Service code"))]
        first = coded if any(column.kind == "service" for column in self.table.columns) else []
        return [column.name for column in (*first, *self.table.columns)]

    def get_heading(self, queryset, field):
        headings = {column.name: column.heading for column in self.table.columns}
        return str(headings.get(field, gettext_lazy("Service code")))

    def to_row_dict(self, item):
        return {name: item.get(name) for name in self.list_export}


class OnceOnlyReport(TableReport):
    page_title = gettext_lazy("Once only")
    header_icon = "resubmit"
    index_url_name = "egov_reform_once_only"
    index_results_url_name = "egov_reform_once_only_results"
    export_filename = "once-only"
    table = tables.OWN_PAPERS
    groups = tables.ONCE_BY_MINISTRY
    explanation = gettext_lazy(
        "A paper should be asked for once. Listed is every document that a service asks for although its own"
        " ministry has issued it. The issuer of a paper is set in Catalogue → Document types."
    )

    def get_queryset(self):
        return evidence.own_demands(self.unit)

    def get_groups(self):
        return evidence.by_ministry(self.unit)

    def get_figures(self):
        once_only = evidence.once_only(self.unit)
        return [
            (format_number(once_only.demands), gettext_lazy("documents asked for")),
            (format_number(once_only.issued), gettext_lazy("issued by a public body")),
            (format_number(once_only.own), gettext_lazy("issued by the ministry that asks")),
            (format_percent(once_only.share), gettext_lazy("of all documents")),
        ]


class BurdenReport(TableReport):
    page_title = gettext_lazy("Burden of services")
    header_icon = "order"
    index_url_name = "egov_reform_burden"
    index_results_url_name = "egov_reform_burden_results"
    filterset_class = BurdenFilters
    export_filename = "burden"
    table = tables.BURDENS
    groups = tables.BURDEN_BY_MINISTRY
    explanation = gettext_lazy(
        "Points = 4 × documents + copies + 10 × visits + 2 × signatures + working days + fee ÷ 5,000 IQD (50 at"
        " most). A point stands for about a quarter of an hour. Counted is what everybody must bring, do and pay."
    )

    def get_queryset(self):
        burden.catch_up()
        return self.rows.order_by("-points", "service_code")

    @cached_property
    def rows(self):
        return trend.burdens(self.unit, chosen_day(self.request))

    def get_groups(self):
        return trend.by_ministry(self.rows)

    def get_figures(self):
        totals = trend.totals(self.rows)
        return [
            (format_number(totals["total_points"]), gettext_lazy("points now")),
            (format_number(totals["total_before_points"]), gettext_lazy("points before")),
            (format_number(totals["lighter"]), gettext_lazy("services became lighter")),
            (format_number(totals["heavier"]), gettext_lazy("services became heavier")),
        ]


class MostAskedReport(TableReport):
    page_title = gettext_lazy("Documents asked for most")
    header_icon = "doc-full"
    index_url_name = "egov_reform_documents"
    index_results_url_name = "egov_reform_documents_results"
    export_filename = "documents-asked-for"
    table = tables.MOST_ASKED
    explanation = gettext_lazy(
        "Candidates to drop: the ministry that asks has issued the paper itself, or the paper is marked as one that"
        " its issuer confirms to other bodies (Catalogue → Document types)."
    )

    def get_queryset(self):
        return evidence.most_asked(self.unit)

    def get_figures(self):
        return []


def may_see(user):
    return user.has_perm(MAY_SEE)


@require_safe
def printed_report(request):
    """`?unit=&since=`: figures and the first rows of every table on A4; all rows with `?all=1`."""
    if not may_see(request.user):
        raise PermissionDenied
    most = None if request.GET.get("all") == "1" else PRINTED_ROWS
    report = reform_report(get_language(), chosen_unit(request), chosen_day(request), most)
    query = request.GET.copy()
    query["all"] = "1"
    return render(
        request,
        "egov_services/reform/print.html",
        {"report": report, "all_url": f"?{query.urlencode()}", "formula": BurdenReport.explanation},
    )


@require_safe
def report_workbook(request):
    """All tables with all rows as one XLSX file."""
    if not may_see(request.user):
        raise PermissionDenied
    report = reform_report(get_language(), chosen_unit(request), chosen_day(request))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = HttpResponse(workbook(report, get_language()), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="reform-{report.day.isoformat()}.xlsx"'
    return response


def _addresses(name, view):
    return [
        path(f"services/reform/{name}/", view.as_view(), name=view.index_url_name),
        path(
            f"services/reform/{name}/results/",
            view.as_view(results_only=True),
            name=view.index_results_url_name,
        ),
    ]


urlpatterns = [
    *_addresses("once-only", OnceOnlyReport),
    *_addresses("burden", BurdenReport),
    *_addresses("documents", MostAskedReport),
    path("services/reform/print/", printed_report, name="egov_reform_print"),
    path("services/reform.xlsx", report_workbook, name="egov_reform_workbook"),
]

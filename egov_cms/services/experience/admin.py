"""Citizens' answers in the admin: the queue of comments, the report of declared and reported values, the outliers."""

from __future__ import annotations

import django_filters
from django.db.models import Avg, Count, DateField, Q, Value
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn

from egov_cms.adapters.wagtail.admin import DateRangePickerWidget
from egov_cms.adapters.wagtail.permissions import ModelPermissionPolicy
from egov_cms.editing.dashboard import ROWS, Row, WaitingPanel
from egov_cms.editing.queue import QueueList, QueueViewSet, StatusColumn
from egov_cms.language import format_date, format_money, format_number
from egov_cms.services.experience.figures import Figures, figures
from egov_cms.services.experience.public_figures import measures, spread
from egov_cms.services.models import ServiceExperience
from egov_cms.services.models.experience import OUTLIER
from egov_cms.services.reform import tables, trend
from egov_cms.services.reform.admin import TableReport, UnitFilters, chosen_day
from egov_cms.services.reform.evidence import public_services
from egov_cms.services.reform.units import unit_names

MAY_SEE = "egov_services.view_serviceexperience"


class ExperienceFilters(WagtailFilterSet):
    outlier = django_filters.ChoiceFilter(
        label=gettext_lazy("Compared with what is declared"),
        choices=[("1", gettext_lazy("Out of line"))],
        method="out_of_line",
    )
    code = django_filters.CharFilter(
        label=gettext_lazy("Service code"), field_name="page__service_code", lookup_expr="iexact"
    )
    comment = django_filters.CharFilter(label=gettext_lazy("Comment contains"), lookup_expr="icontains")
    reported_on = django_filters.DateFromToRangeFilter(
        label=gettext_lazy("Reported"), widget=DateRangePickerWidget
    )

    class Meta:
        model = ServiceExperience
        fields = [
            "outlier",
            "status",
            "spam_rule",
            "outcome",
            "code",
            "governorate",
            "comment",
            "reported_on",
        ]

    def out_of_line(self, queryset, name, value):
        return queryset.filter(OUTLIER).exclude(status=ServiceExperience.Status.SPAM)


class ReportedColumn(Column):
    """The reported value, with the value declared on that day below it; marked if they contradict."""

    cell_template_name = "egov_services/experience/against.html"

    def get_cell_context_data(self, instance, parent_context):
        context = super().get_cell_context_data(instance, parent_context)
        reported, declared = getattr(instance, self.name), getattr(instance, f"declared_{self.name}")
        context |= {
            "reported": formatted(self.name, reported),
            "declared": formatted(self.name, declared),
            "out_of_line": self.name in instance.out_of_line(),
        }
        return context


def formatted(name, value):
    if value is None:
        return ""
    return format_money(value, "IQD", 0) if name == "fee_minor" else format_number(value)


class ExperienceList(QueueList):
    default_ordering = "-reported_on"

    def get_base_queryset(self):
        return super().get_base_queryset().select_related("page", "governorate")


class ExperienceViewSet(QueueViewSet):
    model = ServiceExperience
    name = "serviceexperience"
    url_prefix = "services/experience"
    menu_label = gettext_lazy("How services went")
    menu_order = 255
    index_view_class = ExperienceList
    filterset_class = ExperienceFilters
    list_display = [
        TitleColumn(
            "service",
            label=gettext_lazy("Service"),
            accessor="page.title",
            url_name="serviceexperience:inspect",
        ),
        Column(
            "reported_on",
            label=gettext_lazy("Reported"),
            sort_key="reported_on",
            accessor=lambda answer: format_date(answer.reported_on, style="short"),
        ),
        Column("get_outcome_display", label=gettext_lazy("Got it")),
        ReportedColumn("days", label=gettext_lazy("Days"), sort_key="days"),
        ReportedColumn("fee_minor", label=gettext_lazy("Fee"), sort_key="fee_minor"),
        ReportedColumn("visits", label=gettext_lazy("Visits"), sort_key="visits"),
        Column("governorate", label=gettext_lazy("Governorate")),
        Column("comment", label=gettext_lazy("Comment"), classname="egov-words"),
        StatusColumn("status", label=gettext_lazy("Status")),
    ]
    list_export = [
        "page.service_code", "reported_on", "locale_code", "governorate", "outcome", "days", "declared_days",
        "fee_minor", "declared_fee_minor", "visits", "declared_visits", "satisfaction", "comment", "status",
        "spam_rule",
    ]  # fmt: skip
    inspect_view_fields = [name for name in list_export if "." not in name]
    export_filename = "how-services-went"


def _rows(groups, language):
    groups = list(groups)
    figures_of = figures([group["page"] for group in groups], groups[0]["since"]) if groups else {}
    titles = trend.titles([group["page__service_code"] for group in groups], language)
    names = unit_names(language) if groups else {}
    rows = []
    for group in groups:
        of_service: Figures = figures_of[group["page"]]
        row = {
            "code": group["page__service_code"],
            "service": titles.get(group["page__service_code"], ""),
            "page_pk": group["page"],
            "unit": names.get(group["page__owner_unit__path"], ""),
            "answers": of_service.answers,
            "got": of_service.share_got,
            "satisfaction": round(float(group["grade"]), 1) if group["grade"] is not None else None,
            "outliers": group["outliers"],
        }
        for name, (_label, write, write_two) in measures().items():
            quartiles = getattr(of_service, name)
            row[name] = quartiles.median if quartiles else None
            row[f"{name}_text"] = (
                f"{write(quartiles.median)} ({spread(quartiles, write, write_two)})" if quartiles else "–"
            )
        rows.append(row)
    return rows


EXPERIENCES = tables.Table(
    "experience",
    gettext_lazy("Declared and reported"),
    (
        tables.Column("service", gettext_lazy("Service"), "service"),
        tables.Column("unit", gettext_lazy("Unit")),
        tables.Column("answers", gettext_lazy("Answers"), "number"),
        tables.Column("got", gettext_lazy("Got it, %"), "number"),
        tables.Column("satisfaction", gettext_lazy("Satisfaction")),
        tables.Column("days_text", gettext_lazy("Days")),
        tables.Column("fee_minor_text", gettext_lazy("Fee")),
        tables.Column("visits_text", gettext_lazy("Visits")),
        tables.Column("outliers", gettext_lazy("Out of line"), "outliers"),
    ),
    _rows,
    gettext_lazy("Nobody has reported how a service went yet."),
)


class ExperienceReport(TableReport):
    """For every service with answers: their number, their figures, and how many contradict the declared values."""

    page_title = gettext_lazy("Declared and reported")
    header_icon = "form"
    index_url_name = "egov_experience_report"
    index_results_url_name = "egov_experience_report_results"
    permission_policy = ModelPermissionPolicy(ServiceExperience)
    filterset_class = UnitFilters
    export_filename = "declared-and-reported"
    table = EXPERIENCES
    in_whole_report = False
    explanation = gettext_lazy(
        "Answers of the last twelve months without spam: the middle one (median) and the middle half. Out of line: a fee"
        " above everything the service could ask, more than twice its longest time, or at least two visits more and"
        " twice as many. Counted against what was declared on the day of the answer. The public sees figures from"
        " twenty answers on."
    )

    @property
    def answers(self):
        return ServiceExperience.objects.counted().filter(
            reported_on__gte=chosen_day(self.request), page__in=public_services(self.unit)
        )

    def get_queryset(self):
        groups = (
            self.answers.order_by()
            .values("page", "page__service_code", "page__owner_unit__path")
            .annotate(answers=Count("pk"), outliers=Count("pk", filter=OUTLIER), grade=Avg("satisfaction"))
            .order_by("-outliers", "-answers", "page__service_code")
        )
        return groups.annotate(since=Value(chosen_day(self.request), output_field=DateField()))

    def get_figures(self):
        totals = self.answers.aggregate(
            answers=Count("pk"),
            got=Count("pk", filter=Q(outcome="yes")),
            outliers=Count("pk", filter=OUTLIER),
        )
        return [
            (format_number(totals["answers"]), gettext_lazy("answers")),
            (format_number(totals["got"]), gettext_lazy("got what they came for")),
            (format_number(totals["outliers"]), gettext_lazy("out of line with what is declared")),
        ]


class OutliersPanel(WaitingPanel):
    """For auditors: new answers that contradict the declared values of a service."""

    name = "egov-experience-outliers"
    order = 155
    heading = gettext_lazy("Reported out of line with what is declared")
    empty = gettext_lazy("No new answer contradicts what services declare.")
    when_heading = gettext_lazy("Reported")

    def is_for(self, user):
        return user.has_perm(MAY_SEE)

    def rows(self, request):
        answers = ServiceExperience.objects.outliers().filter(status=ServiceExperience.Status.NEW)
        return [
            Row(
                answer.page.title,
                reverse("serviceexperience:inspect", args=[answer.pk]),
                note=contradiction(answer),
                when=answer.reported_on,
            )
            for answer in answers.select_related("page").order_by("-reported_on", "-pk")[:ROWS]
        ]

    def more(self, request):
        return _("All of them"), reverse("serviceexperience:index") + "?outlier=1"


def contradiction(answer) -> str:
    """“Fee: 40,000 IQD reported, 25,000 IQD declared”."""
    labels = {name: label for name, (label, *_rest) in measures().items()}
    return _("; ").join(
        _("%(what)s: %(reported)s reported, %(declared)s declared")
        % {
            "what": labels[name],
            "reported": formatted(name, getattr(answer, name)),
            "declared": formatted(name, getattr(answer, f"declared_{name}")),
        }
        for name in answer.out_of_line()
    )


urlpatterns = [
    path("reports/services/experience/", ExperienceReport.as_view(), name=ExperienceReport.index_url_name),
    path(
        "reports/services/experience/results/",
        ExperienceReport.as_view(results_only=True),
        name=ExperienceReport.index_results_url_name,
    ),
]

"""The list in which complaints officers work through what readers said of the pages."""

import django_filters
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn

from egov_cms.adapters.wagtail.admin import DateRangePickerWidget
from egov_cms.language import content_languages, format_datetime, native_name
from egov_cms.site.models import PageFeedback

from .queue import QueueList, QueueViewSet, StatusColumn


class FeedbackFilters(WagtailFilterSet):
    locale = django_filters.ChoiceFilter(
        label=gettext_lazy("Language"),
        choices=lambda: [(code, native_name(code)) for code in content_languages()],
    )
    path = django_filters.CharFilter(label=gettext_lazy("Address contains"), lookup_expr="icontains")
    comment = django_filters.CharFilter(label=gettext_lazy("Comment contains"), lookup_expr="icontains")
    created = django_filters.DateFromToRangeFilter(
        label=gettext_lazy("Received"), widget=DateRangePickerWidget
    )

    class Meta:
        model = PageFeedback
        fields = ["status", "spam_rule", "helpful", "reason", "locale", "path", "comment", "created"]


class FeedbackList(QueueList):
    default_ordering = "-created"
    export_headings = {"page_id": "page"}

    def get_base_queryset(self):
        return super().get_base_queryset().select_related("page")


def received(answer):
    return format_datetime(answer.created)


class FeedbackViewSet(QueueViewSet):
    model = PageFeedback
    name = "pagefeedback"
    url_prefix = "feedback"
    menu_label = gettext_lazy("Feedback")
    menu_order = 250
    index_view_class = FeedbackList
    filterset_class = FeedbackFilters
    list_display = [
        TitleColumn(
            "path",
            label=gettext_lazy("Address"),
            url_name="pagefeedback:inspect",
            classname="title egov-path",
            sort_key="path",
        ),
        BooleanColumn("helpful", label=gettext_lazy("Helpful"), sort_key="helpful"),
        Column("get_reason_display", label=gettext_lazy("Reason")),
        Column("comment", label=gettext_lazy("Comment"), classname="egov-words"),
        Column("created", label=gettext_lazy("Received"), sort_key="created", accessor=received),
        StatusColumn("status", label=gettext_lazy("Status")),
    ]
    list_export = [
        "created", "locale", "path", "page_id", "helpful", "reason", "comment", "status", "spam_rule",
    ]  # fmt: skip
    export_filename = "feedback"

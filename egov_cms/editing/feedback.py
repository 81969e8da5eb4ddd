"""The list in which complaints officers work through what readers said of the pages."""

import django_filters
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import View
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import log
from wagtail.permission_policies import ModelPermissionPolicy

from egov_cms.language import content_languages, format_datetime, native_name
from egov_cms.site.models import PageFeedback


class ReaderPolicy(ModelPermissionPolicy):
    """Staff read, sort and delete what readers wrote; they never write it."""

    def user_has_permission(self, user, action):
        return action != "add" and super().user_has_permission(user, action)


class FeedbackFilters(WagtailFilterSet):
    locale = django_filters.ChoiceFilter(
        label=gettext_lazy("Language"),
        choices=lambda: [(code, native_name(code)) for code in content_languages()],
    )
    path = django_filters.CharFilter(label=gettext_lazy("Address contains"), lookup_expr="icontains")
    created = django_filters.DateFromToRangeFilter(
        label=gettext_lazy("Received"), widget=DateRangePickerWidget
    )

    class Meta:
        model = PageFeedback
        fields = ["status", "helpful", "reason", "locale", "path", "created"]


class StatusColumn(Column):
    """The status, and a button for each other one: a plain POST, so it needs no script."""

    cell_template_name = "egov_editing/feedback_status.html"

    def get_cell_context_data(self, instance, parent_context):
        context = super().get_cell_context_data(instance, parent_context)
        request = parent_context["request"]
        context.update(
            request=request,
            csrf_token=parent_context.get("csrf_token"),
            may_change=request.user.has_perm("egov_site.change_pagefeedback"),
            others=[choice for choice in PageFeedback.Status.choices if choice[0] != instance.status],
            action=reverse("pagefeedback:status", args=[instance.pk]),
        )
        return context


class FeedbackList(generic.IndexView):
    default_ordering = "-created"
    export_headings = {"page_id": "page"}

    def get_base_queryset(self):
        return super().get_base_queryset().select_related("page")

    @property
    def custom_field_preprocess(self):
        # A spreadsheet would run a comment that begins with one of these signs.
        return {name: {"csv": harmless, "xlsx": harmless} for name in ("comment", "path")}


class ChangeStatus(View):
    """POST status=new|handled|spam; goes back to the list as it was filtered."""

    def post(self, request, pk):
        if not request.user.has_perm("egov_site.change_pagefeedback"):
            raise PermissionDenied
        answer = get_object_or_404(PageFeedback, pk=pk)
        status = request.POST.get("status")
        if status in PageFeedback.Status.values and status != answer.status:
            answer.status = status
            answer.save(update_fields=["status"])
            log(instance=answer, action="wagtail.edit", user=request.user, title=answer.path)
            messages.success(request, _("Marked as: %(status)s") % {"status": answer.get_status_display()})
        back = request.POST.get("next", "")
        if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
            back = reverse("pagefeedback:index")
        return HttpResponseRedirect(back)


def received(answer):
    return format_datetime(answer.created)


class FeedbackViewSet(ModelViewSet):
    model = PageFeedback
    name = "pagefeedback"
    url_prefix = "feedback"
    icon = "comment"
    menu_label = gettext_lazy("Feedback")
    menu_order = 250
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    form_fields = ["status"]
    index_view_class = FeedbackList
    filterset_class = FeedbackFilters
    list_per_page = 50
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
    list_export = ["created", "locale", "path", "page_id", "helpful", "reason", "comment", "status"]
    export_filename = "feedback"

    @property
    def permission_policy(self):
        return ReaderPolicy(self.model)

    def get_urlpatterns(self):
        change = method_decorator(require_POST, name="dispatch")(ChangeStatus)
        return [
            *super().get_urlpatterns(),
            path("status/<int:pk>/", change.as_view(), name="status"),
        ]


def harmless(value):
    """A text that no spreadsheet takes for a formula."""
    text = str(value or "")
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text

"""A queue of what readers wrote: sorted by state, one by one or many at once, taken away as a table.

For any model that derives from `site.models.ReaderAnswer`. Everything is a plain POST, so it needs no script.
"""

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from egov_cms.adapters.wagtail.permissions import ModelPermissionPolicy
from egov_cms.language import format_number
from egov_cms.site.models import ReaderAnswer

Status = ReaderAnswer.Status
AT_ONCE = 1000


class ReaderPolicy(ModelPermissionPolicy):
    """Staff read, sort and delete what readers wrote; they never write it."""

    def user_has_permission(self, user, action):
        return action != "add" and super().user_has_permission(user, action)


def may_change(user, model):
    return user.has_perm(f"{model._meta.app_label}.change_{model._meta.model_name}")


class TickColumn(Column):
    """A box that belongs to the form above the list, for those who may change states."""

    cell_template_name = "egov_editing/queue_tick.html"
    header_template_name = "egov_editing/queue_tick_heading.html"


class StatusColumn(Column):
    """The status with its reason, and a button for each other one."""

    cell_template_name = "egov_editing/queue_status.html"

    def get_cell_context_data(self, instance, parent_context):
        context = super().get_cell_context_data(instance, parent_context)
        request = parent_context["request"]
        context.update(
            request=request,
            csrf_token=parent_context.get("csrf_token"),
            may_change=may_change(request.user, type(instance)),
            others=[choice for choice in Status.choices if choice[0] != instance.status],
            action=reverse(f"{type(instance)._meta.model_name}:status", args=[instance.pk]),
        )
        return context


class QueueList(generic.IndexView):
    """The list with a form above it that marks the ticked rows, or all that the filters leave."""

    def get_context_data(self, *args, **kwargs):
        context = super().get_context_data(*args, **kwargs)
        if not self.is_export:
            context |= {
                "may_change": may_change(self.request.user, self.model),
                "statuses": Status.choices,
                "many_url": reverse(f"{self.model._meta.model_name}:many"),
                "at_once": AT_ONCE,
            }
        return context

    @cached_property
    def columns(self):
        columns = super().columns
        tick = [TickColumn("tick", label=gettext_lazy("Tick"), classname="egov-tick")]
        return [*(tick if may_change(self.request.user, self.model) else []), *columns]


class QueueView(View):
    """What the two ways of marking share. `viewset` is given by its addresses."""

    viewset = None

    def dispatch(self, request, *args, **kwargs):
        self.model = self.viewset.model
        if not may_change(request.user, self.model):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    http_method_names = ["post"]

    @property
    def back(self):
        """The list as it was filtered."""
        back = self.request.POST.get("next", "")
        if url_has_allowed_host_and_scheme(back, {self.request.get_host()}, self.request.is_secure()):
            return back
        return reverse(f"{self.model._meta.model_name}:index")


class ChangeStatus(QueueView):
    """POST status=…; goes back to the list as it was filtered."""

    def post(self, request, pk):
        answer = get_object_or_404(self.model, pk=pk)
        status = request.POST.get("status")
        if status in Status.values and status != answer.status:
            answer.status = status
            answer.save(update_fields=["status"])
            log(instance=answer, action="wagtail.edit", user=request.user, title=str(answer))
            messages.success(request, _("Marked as: %(status)s") % {"status": answer.get_status_display()})
        return HttpResponseRedirect(self.back)


class ChangeMany(QueueView):
    """POST status=… with `pk` for each ticked row, or `all=1` for what the filters of `next` leave."""

    def post(self, request):
        status = request.POST.get("status")
        if status not in Status.values:
            return HttpResponseRedirect(self.back)
        chosen = self._all() if request.POST.get("all") == "1" else self._ticked()
        if chosen is None:
            messages.warning(request, _("Nothing was marked: tick the rows first."))
            return HttpResponseRedirect(self.back)
        count = change_many(chosen, status, request.user)
        text = ngettext("%(count)s marked as: %(status)s", "%(count)s marked as: %(status)s", count)
        messages.success(request, text % {"count": format_number(count), "status": Status(status).label})
        return HttpResponseRedirect(self.back)

    def _ticked(self):
        given = self.request.POST.getlist("pk")[:AT_ONCE]
        keys = [int(pk) for pk in given if pk.isascii() and pk.isdigit() and len(pk) < 19]
        return self.model._default_manager.filter(pk__in=keys) if keys else None

    def _all(self):
        data = QueryDict(self.back.partition("?")[2])
        filters = self.viewset.filterset_class(
            data, queryset=self.model._default_manager.all(), request=self.request
        )
        return filters.qs if filters.is_valid() else None


@transaction.atomic
def change_many(answers, status, user) -> int:
    """Give at most a thousand answers another state and log each, in four queries. Returns how many changed."""
    model = answers.model
    chosen = list(answers.exclude(status=status).order_by("pk")[:AT_ONCE])
    model._default_manager.filter(pk__in=[answer.pk for answer in chosen]).update(status=status)
    content_type, now = ContentType.objects.get_for_model(model), timezone.now()
    ModelLogEntry.objects.bulk_create(
        ModelLogEntry(
            content_type=content_type,
            object_id=str(answer.pk),
            label=str(answer)[:200],
            action="wagtail.edit",
            user=user,
            timestamp=now,
            content_changed=True,
        )
        for answer in chosen
    )
    return len(chosen)


class QueueViewSet(ModelViewSet):
    """A list in the admin's menu. A subclass gives model, filters and columns."""

    icon = "comment"
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    form_fields = ["status"]
    index_view_class = QueueList
    index_results_template_name = "egov_editing/queue_results.html"
    list_per_page = 50

    @property
    def permission_policy(self):
        return ReaderPolicy(self.model)

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("status/<int:pk>/", ChangeStatus.as_view(viewset=self), name="status"),
            path("status/", ChangeMany.as_view(viewset=self), name="many"),
        ]

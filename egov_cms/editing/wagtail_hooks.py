"""Wires the editors' experience into Wagtail's admin."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext_lazy
from wagtail import hooks, permissions
from wagtail.admin.views.home import (
    UserObjectsInWorkflowModerationPanel,
    WorkflowObjectsToModeratePanel,
)

from egov_cms.site.models import PageFeedback

from . import translations, visits
from .dashboard import PANELS
from .feedback import FeedbackViewSet
from .queue import ReaderPolicy
from .reports import register_report

# They list without an end; ours show the same within bounds.
REPLACED = (UserObjectsInWorkflowModerationPanel, WorkflowObjectsToModeratePanel)


@hooks.register("insert_global_admin_css")
def admin_css():
    return format_html('<link rel="stylesheet" href="{}">', static("egov_editing/admin.css"))


@hooks.register("insert_global_admin_js")
def direction_js():
    return format_html('<script src="{}"></script>', static("egov_editing/direction.js"))


@hooks.register("construct_homepage_panels")
def panels(request, panels):
    panels[:] = [panel for panel in panels if not isinstance(panel, REPLACED)]
    panels.extend(panel() for panel in (*PANELS, visits.MostVisitedPanel))


# Wagtail 8 keeps all policies in one place and warns when a list brings its own.
if hasattr(permissions, "register_permission_policy"):
    permissions.register_permission_policy(PageFeedback, ReaderPolicy(PageFeedback), exact_class=True)


@hooks.register("register_admin_viewset")
def feedback():
    return FeedbackViewSet()


@hooks.register("register_admin_urls")
def report_urls():
    return [*translations.urlpatterns, *visits.urlpatterns]


register_report(gettext_lazy("Translations"), "egov_translations", icon="site", order=10)
register_report(gettext_lazy("Page views"), "egov_visits", icon="view", order=80, shown_to=visits.may_see)

"""Wires the editors' experience into Wagtail's admin."""

from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.views.home import (
    UserObjectsInWorkflowModerationPanel,
    WorkflowObjectsToModeratePanel,
)

from .dashboard import PANELS
from .feedback import FeedbackViewSet

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
    panels.extend(panel() for panel in PANELS)


@hooks.register("register_admin_viewset")
def feedback():
    return FeedbackViewSet()

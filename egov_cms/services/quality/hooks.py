"""Wires the room's reports, panels and log entries into the admin."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from egov_cms.editing.reports import register_report
from egov_cms.services.publishing.fee_approval import APPROVED
from egov_cms.services.quality import admin
from egov_cms.services.quality.reviews import CONFIRMED


@hooks.register("register_admin_urls")
def admin_urls():
    return admin.urlpatterns


register_report(_("Completeness of services"), "egov_quality_readiness", icon="tasks", order=20)
register_report(_("Services to check"), "egov_quality_reviews", icon="history", order=30)


# After the panels of the editing room.
@hooks.register("construct_homepage_panels", order=10)
def panels(request, panels):
    panels.extend([admin.ServicesToCheckPanel(), admin.BrokenLinksPanel()])


@hooks.register("register_log_actions")
def log_actions(actions):
    actions.register_action(APPROVED, _("Approve facts"), _("Changed facts approved for a command"))
    actions.register_action(CONFIRMED, _("Confirm"), _("Confirmed as still correct"))

"""Wires the room's reports, panels and log entries into the admin."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from egov_cms.editing.translations import ReportMenuItem
from egov_cms.services.publishing.fee_approval import APPROVED
from egov_cms.services.quality import admin
from egov_cms.services.quality.reviews import CONFIRMED


@hooks.register("register_admin_urls")
def admin_urls():
    return admin.urlpatterns


def _menu_item(name, label, icon, order):
    @hooks.register("register_reports_menu_item")
    def item():
        return ReportMenuItem(label, reverse(name), name=name.replace("_", "-"), icon_name=icon, order=order)


_menu_item("egov_quality_readiness", _("Completeness of services"), "tasks", 20)
_menu_item("egov_quality_reviews", _("Services to check"), "history", 30)


@hooks.register("construct_homepage_panels")
def panels(request, panels):
    panels.extend([admin.ServicesToCheckPanel(), admin.BrokenLinksPanel()])


@hooks.register("register_log_actions")
def log_actions(actions):
    actions.register_action(APPROVED, _("Approve facts"), _("Changed facts approved for a command"))
    actions.register_action(CONFIRMED, _("Confirm"), _("Confirmed as still correct"))

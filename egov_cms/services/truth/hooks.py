"""Wires the room's reports, panels and log entries into the admin."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from egov_cms.services.truth.approval import APPROVED


@hooks.register("register_log_actions")
def log_actions(actions):
    actions.register_action(APPROVED, _("Approve facts"), _("Changed facts approved for a command"))
    actions.register_action("egov.confirm_review", _("Confirm"), _("Confirmed as still correct"))

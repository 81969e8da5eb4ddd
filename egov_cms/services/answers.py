"""The parts of a service for which “does not apply, because …” is accepted instead of facts."""

from django.utils.translation import gettext_lazy as _

ANSWERABLE = {
    "fees": _("Fees"),
    "duration": _("Time needed"),
    "steps": _("Steps"),
    "channels": _("Channels"),
    "online_address": _("Address of the online service"),
    "offices": _("Offices"),
    "outputs": _("What people get"),
    "owner": _("Owner and backup"),
}
REASON_LENGTH = 10

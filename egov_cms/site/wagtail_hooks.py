from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from .admin import MinistryGroup

register_snippet(MinistryGroup)


@hooks.register("register_log_actions")
def register_log_actions(actions):
    actions.register_action(
        "egov.copy_facts", _("Copy facts"), _("Facts copied from the page in the source language")
    )
    actions.register_action(
        "egov.publish_refused", _("Refuse publication"), _("Scheduled publication refused")
    )

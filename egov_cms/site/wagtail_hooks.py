from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.snippets.models import register_snippet

from .admin import MinistryGroup
from .life import PUBLISHED_WITH_SOURCE, WITHDRAWN_WITH_SOURCE
from .restoring import explain
from .uninstalled import refuse_uninstalled

register_snippet(MinistryGroup)
hooks.register("before_serve_page", refuse_uninstalled)


@hooks.register("register_log_actions")
def register_log_actions(actions):
    actions.register_action(
        "egov.copy_facts", _("Copy facts"), _("Facts copied from the page in the source language")
    )
    actions.register_action(
        WITHDRAWN_WITH_SOURCE,
        _("Withdraw with the source"),
        _("Withdrawn, because the page in the source language was"),
    )
    actions.register_action(
        PUBLISHED_WITH_SOURCE,
        _("Publish with the source"),
        _("Public again, because the page in the source language is"),
    )
    actions.register_action(
        "egov.publish_refused", _("Refuse publication"), _("Scheduled publication refused")
    )


# Runs before the hook of wagtail-localize, which returns the response for translations.
@hooks.register("before_edit_page", order=-1)
def warn_about_deleted_records(request, page):
    """A draft that refers to deleted records opens without them, with a warning to the editor."""
    if request.method == "GET" and (lost := getattr(page, "lost", ())):
        messages.warning(request, " ".join(explain(lost)))

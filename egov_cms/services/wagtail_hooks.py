from django.contrib.auth.models import Permission
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from egov_cms.services.admin import CatalogueGroup
from egov_cms.services.experience import hooks as experience_hooks  # noqa: F401
from egov_cms.services.importing.undo import UNDO
from egov_cms.services.quality import hooks as quality_hooks  # noqa: F401
from egov_cms.services.reform import hooks as reform_hooks  # noqa: F401

register_snippet(CatalogueGroup)


@hooks.register("register_permissions")
def file_permissions():
    return Permission.objects.filter(
        content_type__app_label="egov_services", codename__in=("export_services", "import_services")
    )


@hooks.register("register_log_actions")
def log_actions(actions):
    actions.register_action(UNDO, _("Undo an import"), _("Put back as it was before an import"))

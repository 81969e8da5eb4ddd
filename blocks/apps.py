from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class BlocksConfig(AppConfig):
    name = "blocks"
    label = "egov_blocks"
    verbose_name = _("content blocks")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from blocks import general
        from blocks.checks import check_registry

        general.register_blocks()
        checks.register(check_registry)

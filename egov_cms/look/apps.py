from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LookConfig(AppConfig):
    name = "egov_cms.look"
    label = "egov_look"
    verbose_name = _("look")
    default_auto_field = "django.db.models.BigAutoField"

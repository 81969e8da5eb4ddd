from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LanguageConfig(AppConfig):
    name = "egov_cms.language"
    label = "egov_language"
    verbose_name = _("language")
    default_auto_field = "django.db.models.BigAutoField"

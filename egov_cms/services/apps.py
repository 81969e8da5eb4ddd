from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ServicesConfig(AppConfig):
    name = "egov_cms.services"
    label = "egov_services"
    verbose_name = _("services")
    default_auto_field = "django.db.models.BigAutoField"

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TabularConfig(AppConfig):
    name = "egov_cms.tabular"
    label = "egov_tabular"
    verbose_name = _("tables")
    default_auto_field = "django.db.models.BigAutoField"

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FetchingConfig(AppConfig):
    name = "egov_cms.fetching"
    label = "egov_fetching"
    verbose_name = _("fetching")
    default_auto_field = "django.db.models.BigAutoField"

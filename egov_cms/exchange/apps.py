from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    name = "egov_cms.exchange"
    label = "egov_exchange"
    verbose_name = _("files in and out")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from egov_cms.exchange import checks  # noqa: F401 - registers the checks

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SiteConfig(AppConfig):
    name = "egov_cms.site"
    label = "egov_site"
    verbose_name = _("site")
    default_auto_field = "django.db.models.BigAutoField"

from django.apps import AppConfig, apps
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy as _


class LanguageConfig(AppConfig):
    name = "egov_cms.language"
    label = "egov_language"
    verbose_name = _("language")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from egov_cms import checks  # noqa: F401

        from .locales import NATIVE_NAMES

        # Without an entry here Django raises KeyError for a site that adds Kurmanji or Syriac to LANGUAGES.
        for code, (name, direction) in NATIVE_NAMES.items():
            LANG_INFO.setdefault(
                code, {"bidi": direction == "rtl", "code": code, "name": name, "name_local": name}
            )
        if apps.is_installed("wagtail.admin"):
            from . import admin

            admin.register()

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EditingConfig(AppConfig):
    name = "egov_cms.editing"
    label = "egov_editing"
    verbose_name = _("editing")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from egov_cms.site import consistency

        from . import api, checks, page_words, spreadsheets  # noqa: F401

        consistency.register("editing.page_words", page_words.differences, page_words.repair)
        api.register()
        spreadsheets.install()

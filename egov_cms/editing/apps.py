from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EditingConfig(AppConfig):
    name = "egov_cms.editing"
    label = "egov_editing"
    verbose_name = _("editing")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from allauth.mfa.signals import authenticator_added

        from egov_cms.site import consistency

        from . import accounts, api, checks, page_words, spreadsheets  # noqa: F401

        authenticator_added.connect(accounts.remember_set_up, dispatch_uid="egov_editing.set_up")
        consistency.register("editing.page_words", page_words.differences, page_words.repair)
        api.register()
        spreadsheets.install()

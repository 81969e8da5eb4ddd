from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class ServicesConfig(AppConfig):
    name = "egov_cms.services"
    label = "egov_services"
    verbose_name = _("services")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from egov_cms.services import admin, api, blocks, seeds, signals
        from egov_cms.services.truth import signals as truth_signals
        from egov_cms.site import cache, notices, seed

        seed.register(seeds.seed)
        admin.allow_roles()
        if apps.is_installed("egov_cms.search"):
            from egov_cms.services import search

            search.register_index()
        blocks.register_blocks()
        signals.connect()
        cache.register_parameters("case", profile="schema")
        notices.register_codes(
            "service",
            "egov_services.ServicePage",
            "service_code",
            _("Code of a service: notices that name it."),
        )
        truth_signals.connect()
        api.register()

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class ServicesConfig(AppConfig):
    name = "egov_cms.services"
    label = "egov_services"
    verbose_name = _("services")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from egov_cms.editing import page_words
        from egov_cms.exchange import handlers
        from egov_cms.services import admin, api, blocks, publication, representations, seeds
        from egov_cms.services.exports import codes, described
        from egov_cms.services.importing.handler import ServicesHandler
        from egov_cms.services.loading.rows import load_rows
        from egov_cms.services.models import ServicePage, policies
        from egov_cms.services.pages.context import page_context
        from egov_cms.services.publishing import fee_approval, gate, log_subject  # noqa: F401 - registers its step
        from egov_cms.services.snapshots import dependencies
        from egov_cms.site import query_parameters, seed

        policies.page_context.register(page_context)
        policies.naming.register(dependencies.naming)
        dependencies.connect()
        page_words.register_loader(ServicePage, load_rows)
        codes.register()
        log_subject.register()
        seed.register(seeds.seed)
        admin.allow_roles()
        if apps.is_installed("egov_cms.search"):
            from egov_cms.services import search

            search.register_index()
        blocks.register_blocks()
        publication.connect()
        fee_approval.connect()
        query_parameters.register_parameters("case", profile="schema")
        representations.register()
        api.register()
        described.register()
        handlers.register(ServicesHandler())

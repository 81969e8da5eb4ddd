from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class SiteConfig(AppConfig):
    name = "egov_cms.site"
    label = "egov_site"
    verbose_name = _("site")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from egov_cms.adapters import caches
        from egov_cms.api import conditional, registry, views
        from egov_cms.exchange import execution, handlers
        from egov_cms.site import (
            api,
            approval,
            blocks,
            checks,
            consistency,
            exports,
            life,  # noqa: F401 - registers its steps
            outbox,
            own_exports,
            page_cache,
            publication_signals,
            purges,  # noqa: F401 - registers its step
            representations,
        )
        from egov_cms.site.office_import import OfficesHandler
        from egov_cms.site.publication import together

        caches.guard()
        outbox.register(page_cache.LOST_DROP, page_cache.write_lost_drop)
        page_cache.use_messages(outbox.put, outbox.deliver)
        publication_signals.connect()
        approval.connect()
        execution.publication.register(together)
        representations.register_own()
        consistency.register_own(with_search=apps.is_installed("egov_cms.search"))
        blocks.register_blocks()
        checks.register()
        handlers.register(OfficesHandler())
        conditional.use_version(page_cache.version)
        registry.register("offices", api.OfficeResource)
        registry.register("notices", api.NoticeResource)
        registry.register("organisation", api.OrganisationResource)
        own_exports.register()
        views.catalogued.register(exports.linkset)
        if apps.is_installed("wagtail_localize"):
            from . import localize

            localize.declare_fields()
        if apps.is_installed("egov_cms.search"):
            from . import search, search_updates  # noqa: F401 - registers its step

            search.register_indexes()
            representations.register_shared(representations.search_addresses)

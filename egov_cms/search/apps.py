from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "egov_cms.search"
    label = "egov_search"
    verbose_name = _("search")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from egov_cms.api import registry
        from egov_cms.exchange import handlers
        from egov_cms.search import api, health, signals  # noqa: F401 - registers the checks
        from egov_cms.search.synonym_files import SynonymsHandler

        signals.connect()
        handlers.register(SynonymsHandler())
        registry.register("search", api.SearchEndpoint)

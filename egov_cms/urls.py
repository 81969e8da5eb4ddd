"""The URLs of a ministry's site; a project includes this module after its own URLs.

The `urls.py` of an installed feature app can define `urlpatterns` (with the language prefix, before the pages),
`root_urlpatterns` (without the prefix) and `admin_urlpatterns` (below the admin's address, before Wagtail's own).
"""

from importlib import import_module

from django.apps import apps
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.conf.urls.static import static
from django.urls import include, path
from django.utils.module_loading import module_has_submodule
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from egov_cms.api.views import catalogue

# These apps are included explicitly in `urlpatterns`.
MOUNTED_BELOW = ("egov_site", "egov_api")


def feature_patterns(name):
    """The lists with this name in the `urls.py` of all feature apps, in the order of `INSTALLED_APPS`."""
    features = [
        config
        for config in apps.get_app_configs()
        if config.label.startswith("egov_") and config.label not in MOUNTED_BELOW
        if module_has_submodule(config.module, "urls")
    ]
    modules = [import_module(f"{config.name}.urls") for config in features]
    return [pattern for module in modules for pattern in getattr(module, name, [])]


urlpatterns = [
    path("admin/", include(feature_patterns("admin_urlpatterns"))),
    path("admin/", include(wagtailadmin_urls)),
    path("accounts/", include("allauth.urls")),
    path("documents/", include(wagtaildocs_urls)),
    path("", include("egov_cms.site.urls")),
    path("api/v1/", include("egov_cms.api.urls")),
    path(".well-known/api-catalog", catalogue, name="egov_api_catalogue"),
    *feature_patterns("root_urlpatterns"),
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
]
urlpatterns += i18n_patterns(
    *feature_patterns("urlpatterns"),
    path("", include("egov_cms.site.language_urls")),
    path("", include(wagtail_urls)),
)

handler403 = "egov_cms.site.views.errors.forbidden"
handler404 = "egov_cms.site.views.errors.not_found"
handler500 = "egov_cms.site.outages.server_error"

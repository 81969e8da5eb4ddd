"""The site with endpoints of its own, over Django's groups and over plain values: the kernel without any app."""

from django.urls import include, path

from egov_cms.api import registry
from egov_cms.api.urls import urlpatterns as kernel_urlpatterns
from egov_cms.urls import urlpatterns as site_urlpatterns

from .groups import GroupResource

ROUTES = {}
registry.add(ROUTES, "groups", GroupResource)

own = [path("", include(registry.urlpatterns(ROUTES.values()))), *kernel_urlpatterns]
urlpatterns = [path("api/v1/", include((own, "egov_api"))), *site_urlpatterns]

"""The site with endpoints of its own, over Django's groups and over plain values: the kernel without any app."""

from django.urls import include, path

from egov_cms.api import registry
from egov_cms.api.urls import urlpatterns as kernel_urlpatterns
from egov_cms.urls import urlpatterns as site_urlpatterns

from . import stations
from .groups import GroupResource

NETWORK = "networks/<network>"
ROUTES = {}
registry.add(ROUTES, "groups", GroupResource)
registry.add(ROUTES, f"{NETWORK}/stations", stations.StationResource, "stations")
registry.add(ROUTES, f"{NETWORK}/versions/<version>/stations", stations.StationResource, "version-stations")
registry.add(ROUTES, f"{NETWORK}/query", stations.StationQuery, "stations-query")
registry.add(ROUTES, f"{NETWORK}/schema", stations.StationSchema, "stations-schema")
registry.add(ROUTES, f"{NETWORK}/datapackage.json", stations.DataPackage, "stations-package")
registry.add(ROUTES, f"{NETWORK}/export", stations.Export, "stations-export")
registry.add(ROUTES, f"{NETWORK}/uploads", stations.Upload, "stations-uploads")

own = [path("", include(registry.urlpatterns(ROUTES.values()))), *kernel_urlpatterns]
urlpatterns = [path("api/v1/", include((own, "egov_api"))), *site_urlpatterns]

"""Addresses without language prefix."""

from django.urls import path, re_path

from egov_cms.site import sitemaps
from egov_cms.site.views import codes, system

urlpatterns = [
    path("", system.choose_language, name="egov_root"),
    re_path(r"^(?P<alias>ku)(?:/(?P<rest>.*))?$", system.language_alias),
    path("healthz", system.healthz, name="egov_healthz"),
    path("readyz", system.readyz, name="egov_readyz"),
    path("robots.txt", system.robots, name="egov_robots"),
    path(".well-known/security.txt", system.security, name="egov_security"),
    path("colours-<slug:digest>.css", system.colours, name="egov_colours"),
    re_path(r"^id/(?P<kind>[^/]{1,40})/(?P<code>.{1,200}?)/?$", codes.subject, name="egov_code"),
    path("sitemap.xml", sitemaps.sitemap, name="egov_sitemap"),
    path("sitemap-<int:number>.xml", sitemaps.sitemap_part, name="egov_sitemap_part"),
]

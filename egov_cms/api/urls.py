"""Mounted at `/api/v1/` without a language prefix."""

from django.urls import include, path, re_path

from . import registry, views

app_name = "egov_api"

urlpatterns = [
    path("", views.root, name="root"),
    path("openapi.json", views.openapi_json, name="openapi"),
    path("docs/", views.docs, name="docs"),
    path("problems/<slug:code>/", views.problem, name="problem"),
    path("", include(registry.urlpatterns())),
    re_path(r"", views.not_found),
]

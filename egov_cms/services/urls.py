"""Addresses of the catalogue beside its pages."""

from django.urls import include, path

from egov_cms.services import views

urlpatterns = [
    path("", include("egov_cms.services.truth.urls")),
    path("services/<slug:slug>.print", views.print_service, name="egov_service_print"),
    path("", include("egov_cms.services.exports.urls")),
]

"""URLs of the other formats of a service and of the catalogue, below the language prefix."""

from django.urls import path

from egov_cms.services.exports import views

urlpatterns = [
    path("services/handbook/", views.handbook, name="egov_service_handbook"),
    path("services/<slug:slug>.txt", views.card, name="egov_service_card"),
    path("services/<slug:slug>.jsonld", views.linked_data, name="egov_service_jsonld"),
    path("services/<slug:slug>.svg", views.code, name="egov_service_code"),
    path("services/<slug:slug>.poster", views.poster, name="egov_service_poster"),
]

"""URLs of the catalogue that are not pages of the tree."""

from django.urls import include, path

from egov_cms.services import views
from egov_cms.services.experience.views import experience, thanks

urlpatterns = [
    path("", include("egov_cms.services.quality.urls")),
    path("services/<slug:slug>.print", views.print_service, name="egov_service_print"),
    path("services/<slug:slug>/experience/", experience, name="egov_experience"),
    path("services/<slug:slug>/experience/thanks/", thanks, name="egov_experience_thanks"),
    path("", include("egov_cms.services.exports.urls")),
]

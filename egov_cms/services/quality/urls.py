"""Public addresses, below the language prefix."""

from django.urls import path

from egov_cms.services.quality import views

urlpatterns = [
    path("services/review/<str:token>/", views.review, name="egov_review"),
]

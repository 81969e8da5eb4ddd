"""Public addresses, below the language prefix."""

from django.urls import path

from egov_cms.services.quality import views

urlpatterns = [
    path("services/changes/", views.change_list, name="egov_changes"),
    path("services/changes/feed.atom", views.change_feed, name="egov_changes_feed"),
    path("services/review/<str:token>/", views.review, name="egov_review"),
]

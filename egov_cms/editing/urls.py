"""Public addresses, below the language prefix."""

from django.urls import path

from . import views

urlpatterns = [
    path("services/changes/", views.change_list, name="egov_changes"),
    path("services/changes/feed.atom", views.change_feed, name="egov_changes_feed"),
]

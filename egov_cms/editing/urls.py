"""Public addresses below the language prefix; addresses of the admin that go before Wagtail's."""

from django.urls import path

from . import translations_together, views

urlpatterns = [
    path("services/changes/", views.change_list, name="egov_changes"),
    path("services/changes/feed.atom", views.change_feed, name="egov_changes_feed"),
]

admin_urlpatterns = translations_together.urlpatterns

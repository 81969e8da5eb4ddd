"""The URL of the pattern page, under the language prefix; only in the demonstration and with DEBUG."""

from django.apps import apps
from django.conf import settings
from django.urls import path

from egov_cms.look import views

urlpatterns = []
if settings.DEBUG or apps.is_installed("egov_cms.demo"):
    urlpatterns = [path("patterns/", views.patterns, name="patterns")]

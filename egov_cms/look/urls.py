"""The pattern page, below the language prefix: in the demonstration and with DEBUG, nowhere else."""

from django.apps import apps
from django.conf import settings
from django.urls import path

from egov_cms.look import views

urlpatterns = []
if settings.DEBUG or apps.is_installed("egov_cms.demo"):
    urlpatterns = [path("patterns/", views.patterns, name="patterns")]

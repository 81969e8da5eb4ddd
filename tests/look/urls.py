"""URLs for these tests: the pattern page, then the URLs of a site."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import path

from egov_cms import urls
from egov_cms.look import views

urlpatterns = [*i18n_patterns(path("patterns/", views.patterns, name="patterns")), *urls.urlpatterns]

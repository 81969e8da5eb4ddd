"""The WSGI application of the demonstration, for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "egov_cms.settings.demo")
application = get_wsgi_application()
# Loads the URL configuration and its imports before gunicorn forks, so that the workers share them.
get_resolver().url_patterns  # noqa: B018

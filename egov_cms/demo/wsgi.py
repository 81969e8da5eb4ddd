"""The demonstration as gunicorn serves it."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "egov_cms.settings.demo")
application = get_wsgi_application()
# Read before gunicorn makes its processes, the addresses and what they import need not be read by each of them.
get_resolver().url_patterns  # noqa: B018

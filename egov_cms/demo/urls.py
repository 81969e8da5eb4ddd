"""Serves uploaded files in the demonstration; in production nginx serves them (docs/deployers-guide.md)."""

from django.conf import settings
from django.urls import re_path
from django.views.static import serve

root_urlpatterns = [
    re_path(
        rf"^{settings.MEDIA_URL.strip('/')}/(?P<path>.*)$", serve, {"document_root": settings.MEDIA_ROOT}
    ),
]

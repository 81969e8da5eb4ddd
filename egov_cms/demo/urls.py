"""The demonstration serves uploaded files itself; in production nginx does (docs/deployers-guide.md)."""

from django.conf import settings
from django.urls import re_path
from django.views.static import serve

root_urlpatterns = [
    re_path(
        rf"^{settings.MEDIA_URL.strip('/')}/(?P<path>.*)$", serve, {"document_root": settings.MEDIA_ROOT}
    ),
]

"""Settings of the demonstration ministry that `make demo` serves."""

from pathlib import Path

from egov_cms.settings.base import *  # noqa: F403
from egov_cms.settings.base import INSTALLED_APPS

VAR = Path(__file__).resolve().parents[2] / "var"
INSTALLED_APPS = ["egov_cms.demo", *INSTALLED_APPS]
SECRET_KEY = "demonstration"  # noqa: S105
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": VAR / "demo.sqlite3"}}
STATIC_ROOT = VAR / "static"
MEDIA_ROOT = VAR / "media"
WAGTAILADMIN_BASE_URL = "http://127.0.0.1:8000"

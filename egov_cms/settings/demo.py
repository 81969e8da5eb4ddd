"""Settings of the demonstration ministry that `make demo` serves: like production, but without TLS."""

import os
import secrets
from pathlib import Path

from egov_cms.settings.base import *  # noqa: F403
from egov_cms.settings.base import INSTALLED_APPS, STORAGES
from egov_cms.settings.databases import prepared

BASE_DIR = Path(__file__).resolve().parents[2]
VAR = Path(os.environ.get("EGOV_DEMO_VAR") or BASE_DIR / "var")
VAR.mkdir(parents=True, exist_ok=True)


def _get_or_create_secret(path):
    """The secret in this file; it is generated on the first start."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


SECRET_KEY = _get_or_create_secret(VAR / "secret-key")
INSTALLED_APPS = ["egov_cms.demo", *INSTALLED_APPS]
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
WAGTAILADMIN_BASE_URL = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"

DATABASES = {
    "default": prepared(
        {"ENGINE": "django.db.backends.sqlite3", "NAME": VAR / "demo.sqlite3", "CONN_MAX_AGE": 60}
    )
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR / "cache",
        "OPTIONS": {"MAX_ENTRIES": 5_000},
    }
}
STATIC_ROOT = VAR / "static"
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "egov_cms.demo.static_files.DemoStaticFilesStorage"}}
STORAGES["private"]["OPTIONS"]["location"] = VAR / "private"
MEDIA_ROOT = VAR / "media"
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR / "mail"

EGOV = {"REQUIRE_MFA": False}
# Passkeys need a secure origin: http://localhost is one, http://127.0.0.1 is not.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True

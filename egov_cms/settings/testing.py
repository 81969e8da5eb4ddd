"""Settings for the tests of the suite: SQLite, unless EGOV_TEST_DATABASE_URL is the URL of a PostgreSQL server."""

import os
import tempfile

import environ

from egov_cms.settings.base import *  # noqa: F403
from egov_cms.settings.base import STORAGES
from egov_cms.settings.databases import prepared

SECRET_KEY = "only-for-tests"  # noqa: S105
ALLOWED_HOSTS = ["*"]
DATABASES = {
    "default": prepared(
        environ.Env.db_url_config(os.environ.get("EGOV_TEST_DATABASE_URL") or "sqlite://:memory:")
    )
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WAGTAILADMIN_BASE_URL = "http://testserver"
MEDIA_ROOT = tempfile.mkdtemp(prefix="egov-test-media-")
# In the environment, so that child processes of a test use the same folder.
PRIVATE_ROOT = os.environ.setdefault("EGOV_TEST_PRIVATE_ROOT", tempfile.mkdtemp(prefix="egov-test-private-"))
# Tests read static files from their sources, without collectstatic.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STORAGES["private"]["OPTIONS"]["location"] = PRIVATE_ROOT
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
# Visits are counted in a thread, which is started only by its own tests.
# Imports run in the test process: a child process cannot see the uncommitted data of a test.
EGOV = {"REQUIRE_MFA": False, "COUNT_VISITS": False, "EXCHANGE_IN_PROCESS": True}
LOGGING = {"version": 1, "disable_existing_loggers": False}

"""Settings of the suite's own tests: SQLite unless EGOV_TEST_DATABASE_URL names a PostgreSQL server."""

import environ

from egov_cms.settings.base import *  # noqa: F403

env = environ.Env()
SECRET_KEY = "only-for-tests"  # noqa: S105
ALLOWED_HOSTS = ["*"]
DATABASES = {"default": env.db("EGOV_TEST_DATABASE_URL", default="sqlite://:memory:")}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WAGTAILADMIN_BASE_URL = "http://testserver"

"""Settings of a ministry's site in production; settings that differ between machines are environment variables.

`docs/deployers-guide.md` lists the variables. A missing required variable is an error at start-up.
"""

from pathlib import Path

import environ

from egov_cms.modules import ministry_modules
from egov_cms.settings.base import *  # noqa: F403
from egov_cms.settings.base import BASE_DIR, CONTENT_SECURITY_POLICY, EGOV, INSTALLED_APPS, STORAGES
from egov_cms.settings.databases import prepared
from egov_cms.settings.installed import installed_apps

env = environ.Env()

SECRET_KEY = env("DJANGO_SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("DJANGO_SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = [f"https://{host.lstrip('.')}" for host in ALLOWED_HOSTS if host != "*"]
WAGTAILADMIN_BASE_URL = f"https://{ALLOWED_HOSTS[0].lstrip('.')}"

DATABASES = {"default": prepared(env.db("DATABASE_URL"))}
DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
DATABASES["default"].setdefault("CONN_HEALTH_CHECKS", True)

# Without CACHE_URL the processes of one machine share a cache folder; several machines need Redis (or Valkey).
CACHES = {
    "default": env.cache("CACHE_URL")
    if "CACHE_URL" in env
    else {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": BASE_DIR / "cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"

MEDIA_ROOT = env("EGOV_MEDIA_ROOT", default=str(BASE_DIR / "media"))
STATIC_ROOT = env("EGOV_STATIC_ROOT", default=str(BASE_DIR / "static"))
STORAGES["private"]["OPTIONS"]["location"] = env("EGOV_PRIVATE_ROOT", default=str(BASE_DIR / "private"))

# `modules` in the ministry's file selects the feature apps; without such a file all modules of this release are installed.
MINISTRY_FILE = Path(env("EGOV_MINISTRY_FILE", default=str(BASE_DIR / "ministry.yaml")))
if "EGOV_MINISTRY_FILE" in env or MINISTRY_FILE.exists():
    INSTALLED_APPS = installed_apps(ministry_modules(MINISTRY_FILE))
INSTALLED_APPS = [*INSTALLED_APPS, "django_tasks_db"]
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

vars().update(env.email("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default=f"noreply@{ALLOWED_HOSTS[0].lstrip('.')}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# nginx terminates TLS, sets this header and overwrites a value sent by the client.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("EGOV_HSTS_SUBDOMAINS", default=True)
SECURE_HSTS_PRELOAD = SECURE_HSTS_INCLUDE_SUBDOMAINS
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
CONTENT_SECURITY_POLICY["DIRECTIVES"]["upgrade-insecure-requests"] = True
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("EGOV_PROXY_COUNT", default=1)

EGOV = {
    **EGOV,
    "API_PROXIES": ALLAUTH_TRUSTED_PROXY_COUNT,
    "ELASTICSEARCH_URL": env("ELASTICSEARCH_URL", default=""),
}

if dsn := env("SENTRY_DSN", default=""):
    import sentry_sdk

    sentry_sdk.init(dsn=dsn, send_default_pii=False, traces_sample_rate=0.0)

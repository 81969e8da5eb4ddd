"""One object for reading `settings.EGOV`: every setting of the suite, with its default.

    from egov_cms.conf import egov_settings
    egov_settings.DIGITS

`DEFAULTS` is the complete list; docs/settings.md describes each setting (a test compares them). The value of a setting
in `IMPORT_STRINGS` can be a dotted path, which is imported on first use. The cached values are cleared when settings
change, so `override_settings(EGOV={...})` works. Unknown names and values of the wrong type are reported by system
checks (`egov_cms.checks`).
"""

from django.conf import settings
from django.core.signals import setting_changed
from django.utils.module_loading import import_string

DEFAULTS = {
    "API_PROXIES": 0,
    "API_REQUESTS_PER_MINUTE": 300,
    "API_SCOPES": {},
    "CALENDAR_HIJRI": False,
    "COUNT_VISITS": True,
    "DIGITS": "latn",
    "ELASTICSEARCH_PREFIX": "egov",
    "ELASTICSEARCH_TIMEOUT_MS": 500,
    "ELASTICSEARCH_URL": "",
    "EXCHANGE_IN_PROCESS": False,
    "EXCHANGE_KEEP_DAYS": 30,
    "EXCHANGE_MEGABYTES": 512,
    "EXCHANGE_SECONDS": 600,
    "FEEDBACK_RATE_PER_HOUR": 20,
    "LANGUAGE_NAMES": {},
    "ORGANISATION_CODE": "",
    "PAGE_CACHE_SECONDS": 60,
    "REQUIRE_MFA": True,
    "REVIEW_BACKUP_DAYS": 14,
    "REVIEW_HEAD_DAYS": 30,
    "REVIEW_LINK_DAYS": 30,
    "REVIEW_NOTICE_DAYS": 14,
    "REVIEW_REPEAT_DAYS": 7,
    "SEARCH_ENGINE": "auto",
    "SHARED_CACHE_SECONDS": 0,
    "VIDEO_HOSTS": ["www.youtube.com", "youtube.com", "youtu.be", "vimeo.com"],
}

# The system check refuses other values.
CHOICES = {
    "SEARCH_ENGINE": ("auto", "database", "elasticsearch"),
    "DIGITS": ("latn", "arab", "arabext"),
}

IMPORT_STRINGS = frozenset()


class EgovSettings:
    """Attribute access to the settings in `DEFAULTS`; AttributeError for any other name."""

    def __init__(self):
        self._cache = {}

    def __getattr__(self, name):
        if name.startswith("_") or name not in DEFAULTS:
            raise AttributeError(f"There is no EGOV setting {name!r}.")
        if name not in self._cache:
            configured = self.configured()
            # A value that is not a dict is reported by a system check, which must be able to run.
            value = configured.get(name, DEFAULTS[name]) if isinstance(configured, dict) else DEFAULTS[name]
            if name in IMPORT_STRINGS and isinstance(value, str):
                value = import_string(value)
            self._cache[name] = value
        return self._cache[name]

    def configured(self):
        """The value of `EGOV` in the project's settings."""
        return getattr(settings, "EGOV", None) or {}

    def reload(self):
        """Clear the cached values."""
        self._cache.clear()


egov_settings = EgovSettings()


def _reload_settings(*, setting, **kwargs):
    if setting == "EGOV":
        egov_settings.reload()


setting_changed.connect(_reload_settings)

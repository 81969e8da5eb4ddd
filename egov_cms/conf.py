"""One object over `settings.EGOV`: every setting of the suite, with its default.

    from egov_cms.conf import egov_settings
    egov_settings.DIGITS

`DEFAULTS` is the whole list; docs/settings.md says what each is for (a test holds the two together). A
value named in `IMPORT_STRINGS` may be a dotted path and is imported on first use. The object forgets what
it read when settings change, so `override_settings(EGOV={...})` works. Unknown keys and values of the wrong
kind are system checks (`egov_cms.checks`).
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
    "VIDEO_HOSTS": ["www.youtube.com", "youtube.com", "youtu.be", "vimeo.com"],
}

# Values other than these are refused by the system check.
CHOICES = {
    "SEARCH_ENGINE": ("auto", "database", "elasticsearch"),
    "DIGITS": ("latn", "arab", "arabext"),
}

IMPORT_STRINGS = frozenset()


class EgovSettings:
    """Attribute access to the settings in `DEFAULTS`; AttributeError for any other name."""

    def __init__(self):
        self._read = {}

    def __getattr__(self, name):
        if name.startswith("_") or name not in DEFAULTS:
            raise AttributeError(f"There is no EGOV setting {name!r}.")
        if name not in self._read:
            given = self.given()
            # What is no dict is reported by a system check, which must be able to run.
            value = given.get(name, DEFAULTS[name]) if isinstance(given, dict) else DEFAULTS[name]
            if name in IMPORT_STRINGS and isinstance(value, str):
                value = import_string(value)
            self._read[name] = value
        return self._read[name]

    def given(self):
        """What the project wrote in `EGOV`."""
        return getattr(settings, "EGOV", None) or {}

    def reload(self):
        """Forget every value read so far."""
        self._read.clear()


egov_settings = EgovSettings()


def _forget(*, setting, **kwargs):
    if setting == "EGOV":
        egov_settings.reload()


setting_changed.connect(_forget)

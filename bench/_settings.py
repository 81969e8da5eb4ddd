"""The demonstration without kept pages, for `bench.pages`. What pages keep of each other's parts stays kept."""

from egov_cms.settings.demo import *  # noqa: F403
from egov_cms.settings.demo import MIDDLEWARE

MIDDLEWARE = [
    "bench._unkept.UnkeptPages" if name.endswith(".PageCacheMiddleware") else name for name in MIDDLEWARE
]

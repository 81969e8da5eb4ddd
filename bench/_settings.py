"""The demonstration without its page cache, for `bench.pages`. What pages keep of each other's parts stays kept."""

from egov_cms.settings.demo import *  # noqa: F403
from egov_cms.settings.demo import MIDDLEWARE

MIDDLEWARE = [name for name in MIDDLEWARE if not name.endswith(".PageCacheMiddleware")]

"""The caches in front of a site, as Wagtail makes them of `WAGTAILFRONTENDCACHE` (docs.wagtail.org: contrib/frontendcache).

Documented are the setting, the backends to subclass and the purge of addresses; not how to get at the configured backends.
"""

from wagtail.contrib.frontend_cache.utils import get_backends


def front_caches() -> list:
    """The configured backends, made anew."""
    return list(get_backends().values())

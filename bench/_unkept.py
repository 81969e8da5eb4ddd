"""The page cache that keeps no page, for `bench.pages`: all that it does for a page that is made anew is measured."""

from egov_cms.site import page_cache
from egov_cms.site.middleware import PageCacheMiddleware


class UnkeptPages(PageCacheMiddleware):
    def __init__(self, get_response):
        super().__init__(get_response)
        page_cache.keep_page = lambda *_page: None

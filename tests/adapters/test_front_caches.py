"""The caches in front of a site that are configured."""

import pytest

from egov_cms.adapters.wagtail.front_caches import front_caches

pytestmark = pytest.mark.contract


def test_the_configured_backends_are_made(settings):
    settings.WAGTAILFRONTENDCACHE = {
        name: {"BACKEND": "egov_cms.site.purges.TaggedHTTPBackend", "LOCATION": f"http://127.0.0.1:{port}"}
        for name, port in (("first", 1), ("second", 2))
    }
    made = front_caches()
    assert [type(each).__name__ for each in made] == ["TaggedHTTPBackend"] * 2
    assert [each.cache_netloc for each in made] == ["127.0.0.1:1", "127.0.0.1:2"]

"""Redis as the cache that the processes of a site share: pages, their version, and the limits of the API."""

import environ
import pytest

from egov_cms.site import models as site
from egov_cms.site.page_cache import version


@pytest.fixture
def redis_client(settings, redis_url):
    """The site's cache is Redis, named as CACHE_URL names it; a client of its own to look inside."""
    import redis

    settings.CACHES = {"default": environ.Env.cache_url_config(redis_url)}
    client = redis.Redis.from_url(redis_url)
    client.flushdb()
    yield client
    client.flushdb()
    client.close()


def keys(client, word):
    return [key for key in client.scan_iter() if word in key.decode()]


def test_pages_are_kept_in_it_until_a_publication(redis_client, ministry, client, django_assert_num_queries):
    first = client.get("/ar/about/")
    assert len(keys(redis_client, "egov-page-")) == 1
    with django_assert_num_queries(0):
        assert client.get("/ar/about/").content == first.content
    before = version()
    page = site.SectionPage.objects.get(pk=ministry["about"]["ar"].pk)
    page.title = "عنوان جديد"
    page.save_revision().publish()
    assert version() != before
    assert "عنوان جديد" in client.get("/ar/about/").content.decode()


def test_a_kept_page_goes_by_itself(redis_client, ministry, client):
    client.get("/ar/about/")
    (key,) = keys(redis_client, "egov-page-")
    assert 0 < redis_client.ttl(key) <= 24 * 3600


def test_requests_are_counted_together(redis_client, ministry, client, settings):
    settings.EGOV = {**settings.EGOV, "API_REQUESTS_PER_MINUTE": 5}
    answers = [client.get("/api/v1/offices/").status_code for _number in range(12)]
    # A minute may end in between, and the count begins anew.
    assert answers[:5] == [200] * 5 and 429 in answers
    counts = keys(redis_client, "egov-api-rate-")
    assert sum(int(redis_client.get(key)) for key in counts) == 12
    assert all(redis_client.ttl(key) > 0 for key in counts)

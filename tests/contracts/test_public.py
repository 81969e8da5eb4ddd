"""Every kind of public page and address, in each language: it answers, for few queries, and is kept."""

import re

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from egov_cms.language import direction

from .walk import walk

# On an empty cache: the site, its notices and everything that stands on every page is read again.
MOST_QUERIES = 30
PAGES_AT_LEAST = 25


@pytest.fixture
def read(loaded, client):
    """`read(address)`: the answer when nothing is kept; `read.queries[address]`: what it ran."""

    def get(address):
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address)
        get.queries[address] = [query["sql"][:150] for query in captured]
        return response

    get.queries = {}
    return get


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_every_kind_of_address_that_pages_lead_to(read, client, subtests, language):
    start, pages = f"/{language}/", 0
    for address, response in walk(read, start, lambda link: link.startswith(start)):
        with subtests.test(address):
            assert response.status_code == 200
        if "html" not in response["Content-Type"] or response.status_code != 200:
            continue
        pages += 1
        with subtests.test(f"{address}: document"):
            html = response.content.decode()
            assert f'lang="{language}" dir="{direction(language)}"' in html
            assert len(re.findall(r"<h1\b", html)) == 1
            identifiers = re.findall(r'\sid="([^"]+)"', html)
            assert sorted(identifiers) == sorted(set(identifiers))
        with subtests.test(f"{address}: queries"):
            assert len(read.queries[address]) <= MOST_QUERIES, "\n".join(read.queries[address])
        if "public" not in response.get("Cache-Control", ""):
            continue
        with CaptureQueriesContext(connection) as again:
            kept = client.get(address, headers={"If-None-Match": response["ETag"]})
        with subtests.test(f"{address}: kept"):
            assert kept.status_code == 304 and not kept.content
            assert len(again) == 0
    assert pages >= PAGES_AT_LEAST

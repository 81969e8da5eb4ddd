"""Every kind of public page and address, in each language: it answers, for few queries, and is kept."""

import re

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from egov_cms.language import direction

from .walk import kind_of, walk

# On an empty cache: the site, its notices and everything that stands on every page is read again.
MOST_QUERIES = 30
PAGES_AT_LEAST = 25


@pytest.fixture
def addresses(loaded, client):
    """`addresses(language)`: one of each kind that the pages of a language lead to, with its first answer."""

    def found(language):
        start = f"/{language}/"
        return walk(client.get, start, lambda link: link.startswith(start))

    return found


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_every_kind_of_address_that_pages_lead_to(addresses, client, subtests, language):
    pages = 0
    for address, response in addresses(language):
        with subtests.test(address):
            assert response.status_code == 200
        if "html" not in response["Content-Type"] or response.status_code != 200:
            continue
        pages += 1
        html = response.content.decode()
        with subtests.test(f"{address}: document"):
            assert f'lang="{language}" dir="{direction(language)}"' in html
            assert len(re.findall(r"<h1\b", html)) == 1
            identifiers = re.findall(r'\sid="([^"]+)"', html)
            assert sorted(identifiers) == sorted(set(identifiers))
        cache.clear()
        with CaptureQueriesContext(connection) as first:
            fresh = client.get(address)
        with subtests.test(f"{address}: queries"):
            assert len(first) <= MOST_QUERIES, "\n".join(query["sql"][:150] for query in first)
        if "public" not in fresh.get("Cache-Control", ""):
            continue
        with CaptureQueriesContext(connection) as again:
            kept = client.get(address, headers={"If-None-Match": fresh["ETag"]})
        with subtests.test(f"{address}: kept"):
            assert kept.status_code == 304 and not kept.content
            assert len(again) == 0, kind_of(address)
    assert pages >= PAGES_AT_LEAST

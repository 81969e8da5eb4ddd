"""Every public page is served in the three languages, with a limited number of queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from .conftest import ADDRESSES, CODES

BUDGET = 25


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("name", ADDRESSES)
def test_every_page_answers(ministry, client, code, name):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.get(f"/{code}/{ADDRESSES[name]}")
    assert response.status_code == 200
    html = response.content.decode()
    assert f'<html lang="{code}" dir="{"ltr" if code == "en" else "rtl"}">' in html
    assert html.count("<h1") == 1
    assert len(queries) <= BUDGET, "\n".join(query["sql"][:150] for query in queries)

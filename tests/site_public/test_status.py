"""`status/`: every notice in force."""

import datetime as dt

import pytest
from django.utils import timezone

from egov_cms.site.models import Notice

from .conftest import CODES


def notice(level="info", days=1, **fields):
    words = {code: f"{level} {code}" for code in CODES}
    now = timezone.now()
    return Notice.objects.create(
        level=level,
        title=words,
        body=words,
        starts=now - dt.timedelta(days=2),
        ends=now + dt.timedelta(days=days),
        **{"is_public": True, **fields},
    )


@pytest.mark.parametrize("code", CODES)
def test_notices_in_force_are_listed_the_most_serious_first(ministry, client, code):
    Notice.objects.all().delete()
    notice("info")
    notice("suspended", everywhere=False)
    notice("limited", days=-1)
    notice("limited", days=5, is_public=False)
    html = client.get(f"/{code}/status/").content.decode()
    assert html.index(f"<h2>suspended {code}</h2>") < html.index(f"<h2>info {code}</h2>")
    assert f"<h2>limited {code}</h2>" not in html
    assert html.count(f"limited {code}") == 1


def test_without_notices_the_page_has_a_message(ministry, client):
    Notice.objects.all().delete()
    assert 'class="empty"' in client.get("/en/status/").content.decode()


def test_the_page_runs_the_same_queries_for_any_number_of_notices(
    ministry, client, django_assert_max_num_queries
):
    for _count in range(30):
        notice()
    with django_assert_max_num_queries(25):
        client.get("/ar/status/")

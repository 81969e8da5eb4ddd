"""What editors see of page views: most viewed first, by period and language, day by day, as a table."""

import datetime as dt
import re

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site

from egov_cms.site.models import DailyPageCount


@pytest.fixture
def views(homes):
    """`views("/ar/", 5, ago=3)`: an address was opened five times three days ago."""
    site = Site.objects.first() or Site.objects.create(hostname="testserver", root_page=homes["ar"])

    def add(path, count, ago=0, page=None):
        return DailyPageCount.objects.create(
            day=timezone.localdate() - dt.timedelta(days=ago), site=site, path=path, locale=path[1:3].strip("/"),
            page=page, visits=count,
        )  # fmt: skip

    return add


def rows(response):
    return [(row["path"], row["total"], row["before"]) for row in response.context["object_list"]]


def test_the_most_viewed_first_with_the_period_before(editing, homes, views):
    views("/ar/", 5, ago=1, page=homes["ar"])
    views("/ar/", 7, ago=2, page=homes["ar"])
    views("/ar/", 4, ago=40, page=homes["ar"])
    views("/en/", 30, ago=29, page=homes["en"])
    views("/en/old/", 99, ago=30)
    page = editing.get(reverse("egov_visits"))
    assert rows(page) == [("/en/", 30, 0), ("/ar/", 12, 4)]
    assert page.context["all_visits"] == {"total": 42, "before": 103}
    assert rows(editing.get(reverse("egov_visits"), {"period": "7", "locale": "ar"})) == [("/ar/", 12, 0)]
    assert rows(editing.get(reverse("egov_visits"), {"path": "/en"})) == [("/en/", 30, 0)]
    assert editing.get(reverse("egov_visits"), {"period": "8", "locale": "xx"}).status_code == 200


def test_it_leaves_as_a_table(editing, homes, views):
    views("/ar/", 5, page=homes["ar"])
    csv = b"".join(editing.get(reverse("egov_visits"), {"export": "csv"}).streaming_content).decode()
    assert csv.splitlines()[1].startswith("/ar/,ar,")
    assert csv.splitlines()[1].endswith(",5,0")


def test_one_address_day_by_day(editing, homes, views):
    views("/ar/", 5, ago=1)
    views("/ar/", 7, ago=3)
    page = editing.get(reverse("egov_visits_of_one"), {"path": "/ar/", "period": "7"})
    assert [number for _day, number in page.context["days"]] == [0, 5, 0, 7, 0, 0, 0]
    assert page.context["total"] == 12
    bars = [
        float(width)
        for width in re.findall(r'<rect class="bar"[^>]* width="([\d.]+)%"', page.content.decode())
    ]
    assert bars == [0, 71.43, 0, 100, 0, 0, 0]
    assert editing.get(reverse("egov_visits_of_one"), {"path": "<script>"}).status_code == 200


def test_the_start_page_names_the_most_viewed(editing, homes, views):
    views("/ar/", 1234, page=homes["ar"])
    html = editing.get(reverse("wagtailadmin_home")).content.decode()
    assert "egov-most-visited" in html
    assert "1,234" in html


def test_who_may_see_it(client, homes):
    user = User.objects.create_user("reader", "reader@example.gov.iq", "password")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    for name in ("egov_visits", "egov_visits_of_one"):
        assert client.get(reverse(name)).status_code in (302, 403)
    user.user_permissions.add(Permission.objects.get(codename="view_dailypagecount"))
    for name in ("egov_visits", "egov_visits_of_one"):
        assert client.get(reverse(name)).status_code == 200


def test_it_costs_the_same_for_ten_and_for_a_thousand_addresses(editing, homes, views):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            editing.get(reverse("egov_visits"))
        return len(queries)

    views("/ar/", 5, page=homes["ar"])
    cost()
    before = cost()
    site = Site.objects.first()
    DailyPageCount.objects.bulk_create(
        DailyPageCount(
            day=timezone.localdate(),
            site=site,
            path=f"/ar/{number}/",
            locale="ar",
            page=homes["ar"],
            visits=number,
        )
        for number in range(1, 1000)
    )
    assert cost() <= before + 1

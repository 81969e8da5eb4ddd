"""Ten items or two thousand: the same number of queries."""

import datetime as dt

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from egov_cms.site import models as site

from .conftest import make_law, make_office

LISTS = (
    "",
    "news/",
    "news/?year=2026",
    "offices/",
    "offices/baghdad/",
    "legislation/",
    "a-z/",
    "site-map/",
    "faq/",
)
LISTS += ("organisation/", "organisation/finance/", "people/", "about/", "news/feed.atom", "about/mission/")
MANY = 2000


def count_queries(client, code):
    """Queries of every list on an empty cache."""
    ContentType.objects.clear_cache()
    counts = {}
    for path in LISTS:
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/{code}/{path}").status_code == 200
        counts[path] = len(queries)
    return counts


def add_many_pages(parent, model, count, **fields):
    """Insert pages below `parent` in bulk: rows of both tables, with valid tree paths."""
    first = parent.get_children_count()
    content_type = ContentType.objects.get_for_model(model)
    pages = [
        Page(
            path=Page._get_path(parent.path, parent.depth + 1, first + number),
            depth=parent.depth + 1,
            title=f"{model.__name__} {number}",
            draft_title=f"{model.__name__} {number}",
            slug=f"many-{number}",
            url_path=f"{parent.url_path}many-{number}/",
            locale_id=parent.locale_id,
            content_type=content_type,
            live=True,
        )
        for number in range(1, count + 1)
    ]
    pages = Page.objects.bulk_create(pages, batch_size=500)
    columns = [field for field in model._meta.local_fields if not field.primary_key]
    names = ", ".join(f'"{field.column}"' for field in columns)
    specific = model(**fields)
    values = [field.get_db_prep_save(getattr(specific, field.attname), connection) for field in columns]
    rows = [[page.pk, *values] for page in pages]
    marks = ", ".join(["%s"] * (len(columns) + 1))
    with connection.cursor() as cursor:
        cursor.executemany(
            f'INSERT INTO "{model._meta.db_table}" ("page_ptr_id", {names}) VALUES ({marks})', rows
        )
    Page.objects.filter(pk=parent.pk).update(numchild=first + count)


def test_lists_run_the_same_queries_for_ten_and_for_two_thousand_items(ministry, client):
    baghdad = site.Governorate.objects.get(slug="baghdad")
    for number in range(10):
        make_office(baghdad, f"few-{number}", unit=ministry["unit"]["ar"])
        make_law(f"1{number}")
        site.Faq.objects.create(question={"en": f"Q {number}"}, answer={"en": "A"})
    add_many_pages(ministry["news"]["en"], site.NewsPage, 10, date=dt.date(2026, 1, 1))
    add_many_pages(ministry["unit"]["en"], site.OrganisationUnitPage, 10)
    add_many_pages(ministry["about"]["en"], site.ContentPage, 10)
    few = count_queries(client, "en")

    offices = site.Office.objects.bulk_create(
        [
            site.Office(slug=f"bulk-{number}", name={"en": f"Bulk {number}"}, governorate=baghdad)
            for number in range(MANY)
        ],
        batch_size=500,
    )
    site.OfficeHours.objects.bulk_create(
        [
            site.OfficeHours(office=office, weekday=day, opens=dt.time(8), closes=dt.time(14))
            for office in offices
            for day in (site.Weekday.SUNDAY, site.Weekday.MONDAY)
        ],
        batch_size=500,
    )
    site.LegalReference.objects.bulk_create(
        [site.LegalReference(slug=f"bulk-{number}", title={"en": f"Law {number}"}) for number in range(MANY)],
        batch_size=500,
    )
    site.Faq.objects.bulk_create(
        [site.Faq(question={"en": f"Q {number}"}, answer={"en": "A"}) for number in range(200)]
    )
    # In another language, so that these lists do not include the few items.
    add_many_pages(ministry["news"]["ckb"], site.NewsPage, MANY, date=dt.date(2026, 1, 1))
    add_many_pages(ministry["unit"]["ckb"], site.OrganisationUnitPage, MANY)
    add_many_pages(ministry["about"]["ckb"], site.ContentPage, MANY)
    many = count_queries(client, "ckb")
    assert many == few
    assert max(many.values()) <= 25

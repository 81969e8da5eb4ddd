"""Counts of queries, for the report of missed searches: folded words and numbers only, nothing about the visitor."""

import datetime
import re

from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone

from egov_cms.adapters.django import impatient
from egov_cms.search.analysis import folded_query
from egov_cms.search.models import QueryCount

MOST_ROWS = 20000
FEWEST_SHOWN = 3
LONGEST_KEPT = 80
KEPT_DAYS = 180
# Long numbers are telephone, identity card or case numbers. Such queries are not stored.
PERSONAL_DATA = re.compile(r"\d{5,}|@|://")


def count_search(query, locale, results):
    """Count a query and its result."""
    _count(query, locale, searches=1, empty=0 if results.hits or results.promoted else 1)


def count_click(query, locale):
    """Count that a result of a query was opened, if the query itself has been counted."""
    words = _countable(query)
    if words:
        _safely(
            lambda: QueryCount.objects.filter(words=words, locale=locale, clicks__lt=F("searches")).update(
                clicks=F("clicks") + 1
            )
        )


def without_results():
    """Queries without results in at least half of the searches, most frequent first. Rare queries are left out."""
    rows = QueryCount.objects.filter(empty__gte=FEWEST_SHOWN, searches__lte=F("empty") * 2)
    return rows.order_by("-empty", "words")


def without_clicks():
    """Queries with results that were opened after at most one search in ten. Rare queries are left out."""
    rows = QueryCount.objects.annotate(found=F("searches") - F("empty"))
    return (
        rows.filter(found__gte=FEWEST_SHOWN).filter(found__gte=F("clicks") * 10).order_by("-found", "words")
    )


def prune():
    """Delete queries not made for half a year, and rare queries not made for a month."""
    today = timezone.localdate()
    QueryCount.objects.filter(last_day__lt=today - datetime.timedelta(days=KEPT_DAYS)).delete()
    month = today - datetime.timedelta(days=30)
    QueryCount.objects.filter(last_day__lt=month, searches__lt=FEWEST_SHOWN).delete()


def _countable(query):
    if PERSONAL_DATA.search(query):
        return ""
    words = folded_query(query)
    return words if len(words) <= LONGEST_KEPT and not PERSONAL_DATA.search(words) else ""


def _count(query, locale, searches, empty):
    words = _countable(query)
    if not words:
        return

    def write():
        rows = QueryCount.objects.filter(words=words, locale=locale)
        today = timezone.localdate()
        if rows.update(searches=F("searches") + searches, empty=F("empty") + empty, last_day=today):
            return
        if QueryCount.objects.count() < MOST_ROWS:
            QueryCount.objects.get_or_create(
                words=words, locale=locale, defaults={"searches": searches, "empty": empty, "last_day": today}
            )

    _safely(write)


def _safely(write):
    """Ignore database errors: a full disk or a locked table must not stop a search, or let it wait."""
    try:
        with impatient(), transaction.atomic():
            write()
    except DatabaseError:
        return

"""Keyset paging in the envelope: `links.next`, `links.prev` and the Link header of RFC 8288.

A cursor holds the values by which the last item of a page is ordered, and the next page begins after them: an
item that is inserted or deleted meanwhile moves no other one to another page.
"""

import datetime

from django.core import signing
from django.db.models import Q
from rest_framework.pagination import BasePagination
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from .problems import Problem

DEFAULT_LIMIT, LARGEST_LIMIT = 50, 500
# What `signing.dumps` writes; anything else was never a cursor.
CURSOR_PATTERN = r"^\.?[A-Za-z0-9_\-]+:[A-Za-z0-9_\-]+:[A-Za-z0-9_\-]+$"
AFTER, BEFORE = "after", "before"


class KeysetPagination(BasePagination):
    """Pages over a resource's `ordering`, which must end in a unique column and hold no null."""

    def paginate_queryset(self, queryset, request, view=None):
        self.request, self.ordering, self.salt = request, view.ordering, f"egov-api-{view.basename}"
        self.limit = view.query["limit"] or DEFAULT_LIMIT
        direction, position = self._read(view.query["cursor"])
        turned = direction == BEFORE
        if position:
            queryset = queryset.filter(_beyond(self.ordering, position, turned))
        order = [_turned(name) for name in self.ordering] if turned else self.ordering
        found = list(queryset.order_by(*order)[: self.limit + 1])
        more, items = len(found) > self.limit, found[: self.limit]
        if turned:
            items.reverse()
        self.items = items
        self.has_next = turned or more
        self.has_previous = more if turned else bool(position)
        return items

    def links(self):
        """`self`, and `next` and `prev` where there is such a page."""
        here = self.request.build_absolute_uri()
        links = {"self": here}
        if self.has_next:
            last = self.items[-1] if self.items else None
            # Everything before the cursor is gone: what comes next is the beginning.
            links["next"] = self._url(here, AFTER, last) if last else remove_query_param(here, "cursor")
        if self.has_previous and self.items:
            links["prev"] = self._url(here, BEFORE, self.items[0])
        return links

    def header(self):
        """The same for the Link header; empty on a list of one page."""
        return ", ".join(f'<{url}>; rel="{name}"' for name, url in self.links().items() if name != "self")

    def get_paginated_response(self, data):
        meta = {"count": len(data), "limit": self.limit}
        return Response({"meta": meta, "data": data, "links": self.links()})

    def _url(self, here, direction, item):
        position = [_plain(getattr(item, name.lstrip("-"))) for name in self.ordering]
        # Signed, because the position becomes a value in the next query: nobody else may write one.
        return replace_query_param(here, "cursor", signing.dumps([direction, position], salt=self.salt))

    def _read(self, cursor):
        if cursor is None:
            return AFTER, None
        try:
            direction, position = signing.loads(cursor, salt=self.salt)
        except signing.BadSignature:
            raise Problem("unknown-cursor", pointer="cursor")
        if len(position) != len(self.ordering):  # written by another release
            raise Problem("unknown-cursor", pointer="cursor")
        return direction, position


def _beyond(ordering, position, turned):
    """The rows that stand after a position: (a, b) > (x, y) written as a > x or (a = x and b > y)."""
    beyond, equal = Q(), Q()
    for name, value in zip(ordering, position, strict=True):
        field = name.lstrip("-")
        lookup = "gt" if name.startswith("-") == turned else "lt"
        beyond |= equal & Q(**{f"{field}__{lookup}": value})
        equal &= Q(**{field: value})
    return beyond


def _turned(name):
    return name[1:] if name.startswith("-") else f"-{name}"


def _plain(value):
    return value.isoformat() if isinstance(value, datetime.date) else value

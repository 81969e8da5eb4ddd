"""What a list is read from: a queryset, or anything else that has an order and can go on behind a row."""

import datetime
import decimal

from django.db.models import Q

from . import cursors


class Source:
    """Rows in one order, read a page at a time. Derive from it, or give any object with these methods.

    A position is a JSON value (or a list of them) that says behind which row a page begins. It comes back from a
    signed cursor, so nobody else wrote it; one that does not fit any more is answered by `cursors.stale()`.
    """

    can_go_back = False

    def page(self, after, limit):
        """At most `limit` rows behind the position `after` (None: from the first row on), and the position of
        the last of them where more follow, else None.
        """
        raise NotImplementedError

    def page_before(self, before, limit):
        """The last `limit` rows in front of a position, in their order, and the position of the first of them
        where more stand before, else None. Only where `can_go_back`.
        """
        raise NotImplementedError

    def position(self, row):
        """The position of a row; needed only where `can_go_back`."""
        raise NotImplementedError

    def everything(self):
        """All rows, for a table: an iterator, or a queryset."""
        after = None
        while True:
            rows, after = self.page(after, 1000)
            yield from rows
            if after is None:
                return

    def only(self, rows):
        """The rows of one page in the form that `everything` has."""
        return rows


class QuerysetSource(Source):
    """A queryset by keyset: an item that is inserted or deleted meanwhile moves no other one to another page.

    ordering: names of columns without null, the last one unique.
    """

    can_go_back = True

    def __init__(self, queryset, ordering):
        self.queryset, self.ordering = queryset, tuple(ordering)

    def page(self, after, limit):
        rows = self._rows(self.ordering, after, limit)
        more = len(rows) > limit
        return rows[:limit], self.position(rows[limit - 1]) if more else None

    def page_before(self, before, limit):
        turned = tuple(_turned(name) for name in self.ordering)
        rows = self._rows(turned, before, limit)
        more, rows = len(rows) > limit, rows[:limit][::-1]
        return rows, self.position(rows[0]) if more else None

    def position(self, row):
        return [_plain(getattr(row, name.lstrip("-"))) for name in self.ordering]

    def everything(self):
        return self.queryset.order_by(*self.ordering)

    def only(self, rows):
        return self.queryset.filter(pk__in=[row.pk for row in rows]).order_by(*self.ordering)

    def _rows(self, ordering, position, limit):
        rows = self.queryset
        if position is not None:
            if not isinstance(position, list) or len(position) != len(ordering):
                raise cursors.stale()  # written by another release
            rows = rows.filter(_beyond(ordering, position))
        return list(rows.order_by(*ordering)[: limit + 1])


def _beyond(ordering, position):
    """The rows that stand after a position: (a, b) > (x, y) written as a > x or (a = x and b > y)."""
    beyond, equal = Q(), Q()
    for name, value in zip(ordering, position, strict=True):
        field = name.lstrip("-")
        lookup = "lt" if name.startswith("-") else "gt"
        beyond |= equal & Q(**{f"{field}__{lookup}": value})
        equal &= Q(**{field: value})
    return beyond


def _turned(name):
    return name[1:] if name.startswith("-") else f"-{name}"


def _plain(value):
    if isinstance(value, datetime.date):  # a datetime is one
        return value.isoformat()
    return str(value) if isinstance(value, decimal.Decimal) else value

"""Pages of a list in the envelope: `links.next`, `links.prev` and the Link header of RFC 8288."""

from rest_framework.utils.urls import remove_query_param, replace_query_param

from . import cursors

DEFAULT_LIMIT, LARGEST_LIMIT = 50, 500


class Pager:
    """The page of a `Source` that a request asks for. `scope` is what the cursors of the list belong to."""

    def __init__(self, source, *, limit, cursor, scope):
        self.limit, self._scope = limit, scope
        direction, position = cursors.AFTER, None
        if cursor is not None:
            direction, position = scope.read(cursor)
        if direction == cursors.BEFORE:
            self.items, earlier = source.page_before(position, limit)
            # What follows was read already; everything before may be gone meanwhile.
            later = source.position(self.items[-1]) if self.items else None
            self._is_emptied = not self.items
        else:
            self.items, later = source.page(position, limit)
            goes_back = source.can_go_back and position is not None and self.items
            earlier = source.position(self.items[0]) if goes_back else None
            self._is_emptied = False
        self.next = self._cursor(cursors.AFTER, later)
        self.previous = self._cursor(cursors.BEFORE, earlier)

    def links(self, here):
        """`next` and `prev` where there is such a page, at the address `here` of the list; none without one."""
        links = {}
        if here and self.next:
            links["next"] = replace_query_param(here, "cursor", self.next)
        elif here and self._is_emptied:
            links["next"] = remove_query_param(here, "cursor")
        if here and self.previous:
            links["prev"] = replace_query_param(here, "cursor", self.previous)
        return links

    def meta(self):
        """`count` and `limit` of the page."""
        return {"count": len(self.items), "limit": self.limit}

    def cursor_meta(self):
        """The cursors themselves, for a query whose body takes them."""
        return {"next_cursor": self.next, "previous_cursor": self.previous}

    def _cursor(self, direction, position):
        return None if position is None else self._scope.write(direction, position)


def link_header(links):
    """{name: address} for the Link header."""
    return ", ".join(f'<{url}>; rel="{name}"' for name, url in links.items())

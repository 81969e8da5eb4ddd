"""Pages of a list in the envelope: `links.next`, `links.prev` and the Link header of RFC 8288."""

from rest_framework.utils.urls import remove_query_param, replace_query_param

from . import cursors

DEFAULT_LIMIT, LARGEST_LIMIT = 50, 500


class Pager:
    """The page of a `Source` that a request asks for.

    scope, version: what the cursors of this list are bound to. here: the address of the list by GET, "" where a
    query in a body cannot be written as one; then the cursors alone are given (`meta`).
    """

    def __init__(self, source, *, limit, cursor, scope, version, here):
        self.limit, self.here = limit, here
        self._scope, self._version = scope, version
        direction, position = cursors.AFTER, None
        if cursor is not None:
            direction, position = cursors.read(cursor, scope, version)
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

    def links(self):
        """`self`, and `next`, `prev` and `first` where there is such a page."""
        if not self.here:
            return {}
        links = {"self": self.here}
        if self.next:
            links["next"] = replace_query_param(self.here, "cursor", self.next)
        elif self._is_emptied:
            links["next"] = remove_query_param(self.here, "cursor")
        if self.previous:
            links["prev"] = replace_query_param(self.here, "cursor", self.previous)
        return links

    def meta(self):
        """`count` and `limit` of the page."""
        return {"count": len(self.items), "limit": self.limit}

    def cursor_meta(self):
        """The cursors themselves, for a query whose body takes them."""
        return {"next_cursor": self.next, "previous_cursor": self.previous}

    def _cursor(self, direction, position):
        if position is None:
            return None
        return cursors.write(direction, position, self._scope, self._version)


def link_header(links):
    """Links other than `self` for the Link header; empty on a list of one page."""
    return ", ".join(f'<{url}>; rel="{name}"' for name, url in links.items() if name != "self")

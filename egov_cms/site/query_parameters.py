"""The query parameters that public pages read; all others are removed before a view gets the request."""

import re
from urllib.parse import parse_qsl, urlencode

from django.core.paginator import Page, Paginator

LONGEST_QUERY = 400
LONGEST_RAW_QUERY = 4096

# Others (`utm_source`, `fbclid`) would multiply the entries of the page cache and appear in links of cached pages.
_parameters: dict[str, re.Pattern] = {}
_free_text: set[str] = set()


def register_parameters(*names, **patterns):
    """Allow these query parameters on public pages; with `name=r"regex"` a value must match the pattern."""
    _parameters.update(dict.fromkeys(names, re.compile(r"[^\x00-\x1f]{1,64}")))
    _parameters.update({name: re.compile(pattern) for name, pattern in patterns.items()})


def register_free_text(*names):
    """Like `register_parameters`, for text that readers type: not cached, because the values are unlimited."""
    register_parameters(**dict.fromkeys(names, r"(?s).{1,1000}"))
    _free_text.update(names)


def normalise_query(query_string):
    """A query string → (the registered parameters, sorted, without empty and repeated values; is it cacheable)."""
    pairs = parse_qsl(query_string) if len(query_string) <= LONGEST_RAW_QUERY else []
    allowed = {
        (name, value) for name, value in pairs if name in _parameters and _parameters[name].fullmatch(value)
    }
    query = urlencode(sorted(allowed))
    return query, len(query) <= LONGEST_QUERY and _free_text.isdisjoint(name for name, _value in allowed)


def page_of(items, request, per_page: int) -> Page:
    """The page of a list selected by `?page=`; the nearest valid page when the number is not valid."""
    return Paginator(items, per_page).get_page(request.GET.get("page"))


register_parameters(
    "year", "month", "tag", "letter", "governorate", "type", "kind", "status", "unit", "topic"
)
register_parameters("audience", "event", "channel", "free", "level", "category", "output", "sort", "view")
register_parameters(page=r"[1-9][0-9]{0,3}", feedback="thanks", embed="1")
register_free_text("q")

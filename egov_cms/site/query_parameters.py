"""The query parameters that public addresses read; all others are removed before a view gets the request.

A parameter is registered once with the pattern of its values (`register_parameters`, `register_free_text`). Each address
declares which of them it reads, a view by the decorator `reads("year", "page")`, a type of pages by the attribute
`query_parameters = ("year", "page")`. What an address does not declare never reaches it, so it can neither multiply kept
pages nor appear in their links.
"""

import re
from collections.abc import Callable, Iterable
from urllib.parse import parse_qsl, urlencode

from django.core.paginator import Page, Paginator

from .shown import not_kept

LONGEST_QUERY = 400
LONGEST_RAW_QUERY = 4096

# Others (`utm_source`, `fbclid`) would multiply the entries of the page cache and appear in links of cached pages.
_parameters: dict[str, re.Pattern] = {}
_free_text: set[str] = set()
# After the form at the end of a page was sent.
EVERYWHERE = ("feedback",)


def register_parameters(*names, **patterns):
    """Let addresses read these query parameters; with `name=r"regex"` a value must match the pattern."""
    _parameters.update(dict.fromkeys(names, re.compile(r"[^\x00-\x1f]{1,64}")))
    _parameters.update({name: re.compile(pattern) for name, pattern in patterns.items()})


def register_free_text(*names):
    """Like `register_parameters`, for text that readers type: not cached, because the values are unlimited."""
    register_parameters(**dict.fromkeys(names, r"(?s).{1,1000}"))
    _free_text.update(names)


def reads(*names: str | Callable[[], Iterable[str]]):
    """Decorator of a view: the parameters that it reads. In place of a name a function that gives names.

    It stands first, above other decorators.
    """

    def declare(view):
        view.query_parameters = names
        return view

    return declare


def declared(address) -> frozenset[str]:
    """The parameters that a view or a page reads."""
    names: set[str] = set(EVERYWHERE)
    for name in getattr(address, "query_parameters", ()):
        names.update(name() if callable(name) else (name,))
    return frozenset(names)


def normalise_query(query_string, names=None):
    """A query string → (the registered parameters, sorted, without empty and repeated values; is it cacheable).

    `names`: those that the address reads (`declared`), where they are known.
    """
    pairs = parse_qsl(query_string) if len(query_string) <= LONGEST_RAW_QUERY else []
    allowed = {
        (name, value)
        for name, value in pairs
        if name in _parameters and (names is None or name in names) and _parameters[name].fullmatch(value)
    }
    query = urlencode(sorted(allowed))
    return query, len(query) <= LONGEST_QUERY and _free_text.isdisjoint(name for name, _value in allowed)


def page_of(items, request, per_page: int) -> Page:
    """The page of a list selected by `?page=`; the nearest valid page when the number is not valid."""
    asked = request.GET.get("page", "1")
    page = Paginator(items, per_page).get_page(asked)
    if asked != str(page.number):
        # The same page as under its own number.
        not_kept()
    return page


register_parameters(
    "year", "month", "tag", "letter", "governorate", "type", "kind", "status", "unit", "topic"
)
register_parameters("audience", "event", "channel", "free", "level", "category", "output", "sort", "view")
register_parameters(page=r"[1-9][0-9]{0,3}", feedback="thanks", embed="1")
register_free_text("q")

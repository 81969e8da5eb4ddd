"""The query parameters that public pages read; every other one is removed before a view sees it."""

import re
from urllib.parse import parse_qsl, urlencode

from django.core.paginator import Page, Paginator

LONGEST_QUERY = 400


LONGEST_RAW_QUERY = 4096


# The query parameters that public pages read. Any other one (`utm_source`, `fbclid`, noise) is taken off the
# request before a view sees it: it can neither multiply the kept pages nor leak into their links.
_parameters: dict[str, re.Pattern] = {}


_free_text: set[str] = set()


def register_parameters(*names, **patterns):
    """Let public pages read these query parameters; `name=r"regex"` also says what a value must look like."""
    _parameters.update(dict.fromkeys(names, re.compile(r"[^\x00-\x1f]{1,64}")))
    _parameters.update({name: re.compile(pattern) for name, pattern in patterns.items()})


def register_free_text(*names):
    """Like `register_parameters` for what readers type: such answers are not kept (the keys are endless)."""
    register_parameters(**dict.fromkeys(names, r"(?s).{1,1000}"))
    _free_text.update(names)


def normalise_query(query_string):
    """A query string → (the known parameters, sorted, empty and repeated values gone; may it be kept)."""
    pairs = parse_qsl(query_string) if len(query_string) <= LONGEST_RAW_QUERY else []
    kept = {
        (name, value) for name, value in pairs if name in _parameters and _parameters[name].fullmatch(value)
    }
    query = urlencode(sorted(kept))
    return query, len(query) <= LONGEST_QUERY and _free_text.isdisjoint(name for name, _value in kept)


def page_of(items, request, per_page: int) -> Page:
    """The page of a list that `?page=` asks for; the nearest valid page when the number is not valid."""
    return Paginator(items, per_page).get_page(request.GET.get("page"))


register_parameters(
    "year", "month", "tag", "letter", "governorate", "type", "kind", "status", "unit", "topic"
)
register_parameters("audience", "event", "channel", "free", "level", "category", "output", "sort", "view")
register_parameters(page=r"[1-9][0-9]{0,3}", feedback="thanks", embed="1")
register_free_text("q")

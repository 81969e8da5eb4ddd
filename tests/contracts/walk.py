"""From link to link through a site: to one address of each kind, as Django and Wagtail tell kinds apart."""

import re
from collections import deque
from html import unescape
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.test import RequestFactory
from django.urls import Resolver404, resolve
from django.utils import translation
from wagtail.models import Page
from wagtail.views import serve

LINK = re.compile(r"""\b(?:href|src)="([^"]*)\"""")
HOST = "http://testserver"
# What ends the session of whoever follows it, what is answered with rows that were ticked, and files.
NEVER = re.compile(r"logout|/bulk/|^/(?:static|media)/")


def kind_of(address):
    """The kind of an address: the route of its view or the type of its page, and the names in its query string.

    None where the URL table knows nothing of it.
    """
    parts = urlsplit(address)
    asked = frozenset(name for name, _value in parse_qsl(parts.query, keep_blank_values=True))
    with translation.override(translation.get_language_from_path(parts.path)):
        try:
            match = resolve(parts.path)
        except Resolver404:
            return None
        if match.func is not serve:
            return match.route, asked
        request = RequestFactory(SERVER_NAME="testserver").get(parts.path)
        result = Page.route_for_request(request, match.args[0] if match.args else "")
    if result is None:
        return None
    page, args, _kwargs = result
    return type(page).__name__, getattr(args[0], "__name__", "") if args else "", asked


def links(response, address):
    """The addresses on this site that an HTML page leads to, in order, without fragments."""
    if "html" not in response.get("Content-Type", ""):
        return
    for link in LINK.findall(response.content.decode()):
        url = urljoin(HOST + address, unescape(link).partition("#")[0])
        if url.startswith(HOST + "/"):
            yield url.removeprefix(HOST)


def walk(get, start, wanted=lambda link: True):
    """`(address, response)` of the first address of each kind that links lead to from `start`.

    get: `address -> response`. wanted: whether a link is to be followed.
    """
    waiting, seen = deque([start]), {kind_of(start)}
    while waiting:
        address = waiting.popleft()
        response = get(address)
        yield address, response
        for link in links(response, address):
            if NEVER.search(link) or not wanted(link):
                continue
            kind = kind_of(link)
            if kind not in seen:
                seen.add(kind)
                waiting.append(link)

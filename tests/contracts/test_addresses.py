"""No address of ours breaks when its arguments name nothing: whoever asks is answered or refused."""

import pytest
from django.contrib.auth.models import User
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse

ROOMS = ("egov_cms", "blocks", "transparency", "open_data")
# Tried in this order until one fits the address.
VALUES = ("1", "a", "a-b", "2026", "00000000-0000-4000-8000-000000000000")


def named_patterns(resolver, namespace=()):
    """`(name with its namespaces, pattern)` of every named entry of the URL table."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            if entry.name:
                yield ":".join([*namespace, entry.name]), entry
        else:
            yield from named_patterns(entry, (*namespace, entry.namespace) if entry.namespace else namespace)


def is_ours(pattern):
    view = getattr(pattern.callback, "view_class", None) or getattr(pattern.callback, "cls", pattern.callback)
    return view.__module__.startswith(ROOMS)


def address(name, pattern):
    """An address of this name, with values that most probably name nothing."""
    names = pattern.pattern.converters or pattern.pattern.regex.groupindex
    for value in VALUES:
        try:
            return reverse(name, kwargs={each: "json" if each == "format" else value for each in names})
        except NoReverseMatch:
            continue
    return None


OURS = sorted({name: pattern for name, pattern in named_patterns(get_resolver()) if is_ours(pattern)}.items())


@pytest.mark.parametrize("staff", [False, True], ids=["reader", "staff"])
def test_no_address_breaks(loaded, client, subtests, staff):
    if staff:
        client.force_login(User.objects.get(username="admin"))
    for name, pattern in OURS:
        with subtests.test(name):
            url = address(name, pattern)
            assert url, f"no value of {VALUES} fits; add one that does"
            for ask in (client.get, client.post):
                assert ask(url).status_code < 500, url

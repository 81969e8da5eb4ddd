"""Runs inside an installation: what it answers to, as JSON on standard output. Knows nothing of the repository.

`suite`: where the suite was imported from. `entries`: the URL table in the order in which Django looks through it, in each
language: a regular expression, the address with a place for each argument, and arguments out of the database. What a page
serves below itself is an entry as well, without an address. `pages`: every page of the first
language and a page of each type in the others. `cookie`: a signed-in administrator.
"""

import json
import re
import sys

import django

django.setup()

from django.apps import apps  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import URLPattern, get_resolver  # noqa: E402
from django.utils import translation  # noqa: E402
from django.utils.regex_helper import normalize  # noqa: E402
from wagtail.models import Page  # noqa: E402

import egov_cms  # noqa: E402

# Of Wagtail's own addresses. An argument that nothing is known of is 1: "there is no such thing" is an answer as well.
ARGUMENTS = {
    "action": "publish",
    "action_name": "approve",
    "alias": "ku",
    "app_label": "egov_site",
    "app_name": "egov_site",
    "content_type_app_name": "egov_site",
    "content_type_model_name": "contentpage",
    "code": "not-found",
    "filter_spec": "width-100",
    "model_name": "office",
    "rest": "services/",
    "revision_id_a": "earliest",
    "revision_id_b": "latest",
}


def url_table(resolver, before=""):
    """(regular expression, entry) of everything that the resolver leads to."""
    for entry in resolver.url_patterns:
        translated = hasattr(entry.pattern, "language_prefix")
        regex = entry.pattern.language_prefix if translated else entry.pattern.regex.pattern
        whole = before + regex.removeprefix("^")
        if isinstance(entry, URLPattern):
            yield whole, entry
        else:
            yield from url_table(entry, whole)


def described(regex, entry):
    template, names = normalize(regex)[0]
    # An entry without an end answers whatever stands below it and has no entry of its own.
    below = "" if regex.endswith(("$", r"\Z")) else "no-such-address"
    return {
        "regex": regex,
        "template": f"/{template}{below}",
        "arguments": {name: argument(name, entry.callback) for name in names},
    }


def argument(name, view):
    """The key of the newest object of the kind that the view, or the name of the argument, tells of."""
    if name in ARGUMENTS:
        return ARGUMENTS[name]
    if name in ("pk", "id"):
        model = getattr(view, "view_initkwargs", {}).get("model")
        model = model or getattr(getattr(view, "view_class", None), "model", None)
    else:
        noun = "page" if "page" in name or "destination" in name else re.sub("_(id|pk)$", "", name)
        model = next(
            (each for each in apps.get_models() if each.__name__.lower() == noun.replace("_", "")), None
        )
    newest = model.objects.order_by("pk").last() if model in apps.get_models() else None
    return newest.pk if newest else 1


def pages():
    """(path, regular expressions of what it serves below itself) of each page of the first language, and of a page of each
    type in the others.
    """
    seen = set()
    for page in Page.objects.live().order_by("path").specific():
        kind = type(page), page.locale.language_code
        if not (url := page.url) or (kind in seen and kind[1] != settings.LANGUAGE_CODE):
            continue
        routes = [] if kind in seen else getattr(page, "get_subpage_urls", list)()
        seen.add(kind)
        regexes = [route.pattern.regex.pattern.removeprefix("^") for route in routes]
        yield re.sub("^https?://[^/]+", "", url), regexes


shown = list(pages())
entries = [
    {"regex": re.escape(path.lstrip("/")) + route, "template": None, "arguments": {}}
    for path, routes in shown
    for route in routes
    if route not in ("$", r"\Z")
]
for code, _name in settings.LANGUAGES:
    with translation.override(code):
        entries += [described(regex, entry) for regex, entry in url_table(get_resolver())]
client = Client()
administrator, _made = get_user_model().objects.get_or_create(
    username="walker", is_staff=True, is_superuser=True
)
client.force_login(administrator)
answer = {
    "suite": egov_cms.__file__,
    "entries": list({entry["regex"]: entry for entry in entries}.values()),
    "pages": [path for path, _routes in shown],
    "cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items()),
}
json.dump(answer, sys.stdout)

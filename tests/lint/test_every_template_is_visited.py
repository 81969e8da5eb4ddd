"""The browser visits every public template; one that it cannot visit is named with its reason."""

import re

from tests.browser.pages import NOT_VISITED, PAGES

from .sources import templates

LAYOUT = "egov/layout.html"
# Layouts for others, which are no page themselves.
BASES = {"egov_site/base.html", "egov/error.html"}
# Parts that are pages of their own in the table, because what they add weighs more than the page around them.
PARTS = {"egov_site/office_map.html"}


def public_templates():
    """The templates that extend the layout of the public site, directly or through another."""
    parents = {
        path.partition("/templates/")[2]: found[1]
        for path, text in templates()
        if (found := re.search(r"\{% extends \"([^\"]+)\"", text))
    }
    public = {LAYOUT}
    while fresh := {name for name, parent in parents.items() if parent in public} - public:
        public |= fresh
    return public - BASES - {LAYOUT}


def test_every_public_template_is_visited():
    visited = {page.template for page in PAGES.values()} - PARTS
    assert public_templates() == visited | NOT_VISITED.keys()
    assert not visited & NOT_VISITED.keys()

"""The demonstration ministry in a real browser: one server and one browser for the whole run."""

import pytest

pytest.register_assert_rewrite("tests.browser.checks")

from .visits import Visitor  # noqa: E402


@pytest.fixture(scope="session")
def visitor(chromium, site_url):
    """Visits each page once and keeps what was seen: `visitor.see("service", "ar")`."""
    return Visitor(chromium, site_url)


@pytest.fixture
def open_page(chromium, site_url):
    """A Playwright page in a context of its own: `open_page("/ar/", java_script_enabled=False)`."""
    contexts = []

    def go(path, **options):
        options.setdefault("viewport", {"width": 360, "height": 740})
        context = chromium.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.goto(site_url + path)
        return page

    yield go
    for context in contexts:
        context.close()

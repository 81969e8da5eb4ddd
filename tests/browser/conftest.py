"""The demonstration ministry in a real browser: one server and one browser for the whole run."""

from pathlib import Path

import pytest

from .visits import Visitor


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


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

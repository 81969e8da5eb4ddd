"""What daily work asks of the browser: from the home page by a search to a service, in Arabic on a telephone."""

import pytest

from .checks import CHECKS
from .pages import PAGES

LANGUAGE = "ar"


@pytest.mark.parametrize("name", ["home", "search with results", "service"])
def test_page(visitor, subtests, name):
    visit = visitor.see(name, LANGUAGE)
    for check in CHECKS:
        with subtests.test(check.__name__):
            check(visit, PAGES[name], LANGUAGE)


def test_from_the_home_page_to_a_service(open_page):
    page = open_page(f"/{LANGUAGE}/")
    page.locator("input[type=search]").first.fill("اجازه سوق")
    page.locator("input[type=search]").first.press("Enter")
    page.locator(".results a").first.click()
    page.locator("dl.facts").wait_for()
    assert "/ar/services/" in page.url

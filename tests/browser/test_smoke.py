"""What daily work asks of the browser: from the home page by a search to a service, in Arabic on a telephone."""

import pytest

from .checks import check_all
from .pages import PAGES

LANGUAGE = "ar"


@pytest.mark.parametrize("name", ["home", "search with results", "service"])
def test_page(visitor, subtests, name):
    check_all(visitor.see(name, LANGUAGE), PAGES[name], LANGUAGE, subtests)


def test_from_the_home_page_to_a_service(open_page):
    page = open_page(f"/{LANGUAGE}/")
    page.locator("input[type=search]").first.fill("اجازه سوق")
    page.locator("input[type=search]").first.press("Enter")
    page.locator(".results a").first.click()
    page.locator("dl.facts").wait_for()
    assert "/ar/services/" in page.url

import importlib
import re

import pytest
from django.test import override_settings

from egov_cms.look import urls

pytestmark = pytest.mark.contract


@pytest.fixture
def pattern_page(client, db):
    with override_settings(ROOT_URLCONF="tests.look.urls"):
        yield lambda locale: client.get(f"/{locale}/patterns/")


@pytest.mark.parametrize(("locale", "direction"), [("ar", "rtl"), ("ckb", "rtl"), ("en", "ltr")])
def test_the_pattern_page_is_in_the_language_of_its_url(pattern_page, locale, direction):
    response = pattern_page(locale)
    html = response.content.decode()
    assert response.status_code == 200
    assert f'<html lang="{locale}" dir="{direction}">' in html
    assert response.cookies == {}


def test_the_language_bar_links_to_the_same_page_with_native_names(pattern_page):
    html = pattern_page("ar").content.decode()
    for locale, direction, name in (
        ("ar", "rtl", "العربية"),
        ("ckb", "rtl", "کوردی"),
        ("en", "ltr", "English"),
    ):
        link = re.search(rf'<a href="/{locale}/patterns/"[^>]*>{name}</a>', html)[0]
        assert f'lang="{locale}"' in link and f'dir="{direction}"' in link and f'hreflang="{locale}"' in link
        assert ("aria-current" in link) == (locale == "ar")


def test_ids_are_unique(pattern_page):
    identifiers = re.findall(r'\sid="([^"]+)"', pattern_page("en").content.decode())
    assert len(identifiers) == len(set(identifiers))


def test_telephone_numbers_are_isolated_left_to_right(pattern_page):
    html = pattern_page("ar").content.decode()
    for number in re.findall(r"\+964 [\d ]+", html):
        assert f'<bdi dir="ltr">{number.strip()}</bdi>' in html


def test_the_pattern_page_exists_only_with_debug(settings):
    settings.DEBUG = False
    assert importlib.reload(urls).urlpatterns == []
    settings.DEBUG = True
    assert len(importlib.reload(urls).urlpatterns) == 1
    settings.DEBUG = False
    importlib.reload(urls)

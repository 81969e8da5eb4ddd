"""The confirmations with the other languages of a page fit a telephone and a desk, and their ticks can be taken away."""

import os

import pytest
from django.contrib.auth.models import User
from wagtail.models import PageViewRestriction
from wagtail.users.models import UserProfile

from egov_cms.site.models import SectionPage
from egov_cms.testing.factories import add_page

from .test_translations_together import CONFIRMATIONS, everywhere

pytestmark = pytest.mark.browser


@pytest.fixture
def screen(live_server, homes, chromium, client, settings):
    """A page of the browser in which an editor is signed in who reads the admin in Arabic."""
    user = User.objects.create_superuser("editor", "e@example.gov.iq")
    UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": "ar"})
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    context = chromium.new_context()
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    yield context.new_page()
    context.close()


@pytest.fixture
def sections(homes):
    return [
        everywhere(add_page(homes["ar"], SectionPage, title=title, slug=slug), **words)
        for title, slug, words in (
            ("الطرق والجسور", "roads", {"ckb": "ڕێگا و پردەکان", "en": "Roads and bridges"}),
            ("النقل", "transport", {"ckb": "گواستنەوە", "en": "Transport"}),
        )
    ]


def fits(screen, name):
    for width in (360, 1280):
        screen.set_viewport_size({"width": width, "height": 900})
        assert not screen.evaluate("document.documentElement.scrollWidth > innerWidth"), (name, width)
        if folder := os.environ.get("EGOV_SCREENSHOTS"):
            screen.screenshot(path=f"{folder}/{name.replace(' ', '-')}-{width}.png", full_page=True)


def test_confirmations_fit_and_an_unticked_language_stays(screen, live_server, sections):
    for name, address in CONFIRMATIONS.items():
        if name != "privacy":
            assert screen.goto(live_server.url + address(sections[0], sections)).status == 200
            assert screen.locator(".egov-together input:checked").count() == 2
            fits(screen, name)
    screen.goto(live_server.url + CONFIRMATIONS["unpublish"](sections[0], sections))
    screen.locator(f".egov-together input[value='{sections[0]['ckb'].pk}']").uncheck()
    screen.locator("form:has(.egov-together) button[type=submit]").click()
    screen.wait_for_url("**/admin/pages/**")
    live = SectionPage.objects.filter(translation_key=sections[0]["ar"].translation_key, live=True)
    assert [page.locale.language_code for page in live] == ["ckb"]
    fits(screen, "afterwards")


def test_the_dialog_of_privacy_does_the_same_for_ticked_languages(screen, live_server, sections):
    screen.set_viewport_size({"width": 1280, "height": 900})
    screen.goto(f"{live_server.url}/admin/pages/{sections[0]['ar'].pk}/edit/")
    screen.locator("[data-side-panel-toggle='status']").first.click()
    screen.locator("[data-a11y-dialog-show='set-privacy']").first.click()
    screen.locator(".egov-together").wait_for()
    fits(screen, "privacy")
    screen.locator("input[name=restriction_type][value=login]").check()
    screen.locator(f".egov-together input[value='{sections[0]['en'].pk}']").uncheck()
    screen.locator("form:has(.egov-together) input[type=submit]").click()
    screen.locator(".egov-together").wait_for(state="hidden")
    restricted = {each.page.locale.language_code for each in PageViewRestriction.objects.all()}
    assert restricted == {"ar", "ckb"}

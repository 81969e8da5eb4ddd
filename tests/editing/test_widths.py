"""The suite's own screens that a menu of the admin leads to fit a telephone and a desk, and none is all icon."""

from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User
from django.urls import resolve, reverse
from wagtail.admin.menu import admin_menu, reports_menu, settings_menu
from wagtail.users.models import UserProfile

from egov_cms.exchange import handlers

pytestmark = pytest.mark.browser

SCREENS_AT_LEAST = 8
# Pixels; icons of the admin are at most as high as its largest heading.
LARGEST_ICON = 48

TOO_LARGE = """(most) => [...document.querySelectorAll("main svg.icon")]
  .filter((icon) => icon.getBoundingClientRect().height > most).map((icon) => icon.outerHTML)"""


def own_screens():
    menus = (admin_menu, reports_menu, settings_menu)
    found = {urlsplit(item.url).path for menu in menus for item in menu.registered_menu_items}
    found |= {reverse("egov_exchange_kind", args=[each.kind]) for each in handlers.registered()}
    for address in sorted(address for address in found if address.startswith("/admin/")):
        view = resolve(address).func
        if getattr(view, "view_class", view).__module__.startswith("egov_cms."):
            yield address


@pytest.mark.parametrize("language", ["ar", "en"])
def test_screens_fit(live_server, homes, chromium, client, settings, subtests, language):
    user = User.objects.create_superuser(f"editor-{language}", "e@example.gov.iq")
    UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": language})
    client.force_login(user)
    name, screens = settings.SESSION_COOKIE_NAME, 0
    context = chromium.new_context()
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page = context.new_page()
    for address in own_screens():
        screens += 1
        assert page.goto(live_server.url + address).status == 200
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            with subtests.test(address, width=width):
                assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
                assert page.evaluate(TOO_LARGE, LARGEST_ICON) == []
    context.close()
    assert screens >= SCREENS_AT_LEAST

"""A field runs in the direction of its text, whichever language the admin is shown in."""

import pytest
from django.contrib.auth.models import User
from wagtail.users.models import UserProfile

from egov_cms.site.models import ContentPage

pytestmark = pytest.mark.browser
# Machines that run other things beside the tests answer late; nothing here depends on how late (milliseconds).
PATIENCE = 180_000

STYLE = """(selector) => {
  const field = document.querySelector(selector);
  const style = getComputedStyle(field);
  return {direction: style.direction, bidi: style.unicodeBidi, align: style.textAlign};
}"""


@pytest.fixture
def editor_page(live_server, homes, chromium, client, settings):
    """Opens the editor of a page in one content language, with the admin in another one."""
    # The editor asks for nothing by itself: an answer could be under way when the database is emptied.
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 0
    settings.WAGTAIL_EDITING_SESSION_PING_INTERVAL = 0
    contexts = []

    def open_editor(content, admin):
        user = User.objects.create_superuser(f"editor-{content}-{admin}", "e@example.gov.iq")
        UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": admin})
        page = ContentPage(title="x", slug=f"page-{admin}", locale=homes[content].locale, live=False)
        page.body = [{"type": "text", "value": "<p>abc</p>", "id": "5f7b7b1e-3f5c-4d0e-9a55-000000000001"}]
        homes[content].add_child(instance=page)
        context = chromium.new_context(viewport={"width": 1280, "height": 900})
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        shown = context.new_page()
        shown.goto(f"{live_server.url}/admin/pages/{page.pk}/edit/")
        shown.wait_for_selector(".public-DraftEditor-content [data-block]")
        return shown

    yield open_editor
    for context in contexts:
        context.close()


@pytest.mark.parametrize(
    ("content", "admin", "own", "around"),
    [("ar", "en", "rtl", "ltr"), ("ckb", "en", "rtl", "ltr"), ("en", "ar", "ltr", "rtl")],
)
def test_words_run_as_their_language_and_codes_from_left_to_right(editor_page, content, admin, own, around):
    page = editor_page(content, admin)
    assert page.evaluate("document.documentElement.dir") == around
    title = page.evaluate(STYLE, "input[name=title]")
    assert title["direction"] == own
    assert title["bidi"] == "plaintext"
    assert page.evaluate(STYLE, "textarea[name=summary]")["direction"] == own
    assert page.evaluate(STYLE, "input[name=slug]")["direction"] == "ltr"
    paragraph = page.evaluate(STYLE, ".public-DraftEditor-content [data-block]")
    assert paragraph["bidi"] == "plaintext"
    assert paragraph["align"] == "start"


@pytest.mark.parametrize(("content", "shown"), [("ar", False), ("ckb", False), ("en", True)])
def test_readability_is_shown_only_where_it_says_something(editor_page, content, shown):
    page = editor_page(content, "en")
    assert (page.locator("[data-content-readability-score]").count() > 0) is shown
    assert page.locator("[data-content-word-count]").count() > 0


def test_the_admin_loads_nothing_from_elsewhere_and_breaks_no_policy(editor_page, live_server):
    page = editor_page("ar", "en")
    foreign, refused = [], []
    page.on(
        "request", lambda request: foreign.append(request.url) if live_server.url not in request.url else None
    )
    page.on(
        "console",
        lambda message: refused.append(message.text) if "Content Security" in message.text else None,
    )
    for address in ("/admin/", "/admin/pages/", "/admin/feedback/", "/admin/images/", "/accounts/2fa/"):
        page.goto(live_server.url + address, wait_until="networkidle", timeout=PATIENCE)
    assert [url for url in foreign if not url.startswith(("data:", "blob:"))] == []
    assert refused == []

"""A citizen's tasks with JavaScript switched off."""

import re

import pytest

from .pages import LANGUAGES

# Milliseconds. A form that comes back in less than two seconds is taken for a robot's.
FASTEST = 2200


@pytest.fixture
def plain(open_page):
    return lambda path, **options: open_page(path, java_script_enabled=False, **options)


@pytest.mark.parametrize(
    ("language", "query", "title"),
    [("ar", "اجازه سوق", "إجازة"), ("ckb", "مۆڵەتی شوفێری", "مۆڵەت"), ("en", "driver license", "licence")],
)
def test_search_from_the_home_page_to_the_service(plain, language, query, title):
    page = plain(f"/{language}/")
    page.get_by_role("searchbox").first.fill(query)
    page.get_by_role("searchbox").first.press("Enter")
    first = page.locator(".results a").first
    assert title in first.inner_text().lower()
    first.click()
    assert re.search(rf"/{language}/services/[\w-]+/$", page.url)
    page.locator("dl.facts").wait_for()


@pytest.mark.parametrize("language", LANGUAGES)
def test_facets_narrow_the_services(plain, language):
    page = plain(f"/{language}/services/")
    everything = page.locator(".results > li").count()
    page.locator(".facets > details > summary").click()
    page.locator(".facets input[type=checkbox]").first.check()
    page.locator(".facets .button").click()
    assert "?" in page.url
    page.locator(".removable").wait_for()
    assert page.locator(".results > li").count() <= everything
    page.locator(".removable a").first.click()
    assert page.locator(".results > li").count() == everything


def test_feedback_is_sent_and_thanked_for(plain):
    pages = [plain(f"/{language}/about/") for language in LANGUAGES]
    pages[0].wait_for_timeout(FASTEST)
    for page in pages:
        page.locator(".feedback button[value=yes]").first.click()
        page.locator("#feedback [role=status]").wait_for()
        assert page.url.endswith("#feedback")


def test_how_it_went_is_told_from_the_service_page(plain):
    pages = [plain(f"/{language}/services/get-a-private-driving-licence/") for language in LANGUAGES]
    for page in pages:
        page.locator("#experience a.button").click()
        page.wait_for_url("**/experience/")
    pages[0].wait_for_timeout(FASTEST)
    for page in pages:
        page.locator("#id_days").fill("كثير")
        page.locator("button.go").click()
        assert page.locator(".errors a").count() == 2
    pages[0].wait_for_timeout(FASTEST)
    for page in pages:
        page.locator("#id_outcome_0").check()
        page.locator("#id_days").fill("١٢")
        page.locator("#id_fee").fill("٥٠٬٠٠٠")
        page.locator("button.go").click()
        page.wait_for_url("**/experience/thanks/")
        page.locator("[role=status]").wait_for()


def test_feedback_that_was_refused_is_kept_and_can_be_sent_again(plain):
    page = plain("/ar/about/")
    page.route("**/feedback/", without_token, times=1)
    page.locator(".feedback summary").click()
    page.locator("#feedback-comment").fill("الهاتف لا يجيب")
    page.locator(".feedback details .button").click()
    page.locator(".errors").wait_for()
    assert page.locator("textarea").input_value() == "الهاتف لا يجيب"
    page.wait_for_timeout(FASTEST)
    page.locator("main form .button").click()
    page.locator("#feedback [role=status]").wait_for()


def without_token(route):
    """Send the form on without the proof of when it was made, as a robot would."""
    route.continue_(post_data=re.sub(r"token=[^&]*", "token=", route.request.post_data))


@pytest.mark.parametrize("width", [360, 1280])
def test_the_language_switch_keeps_the_page(plain, width):
    page = plain("/ar/accessibility/", viewport={"width": width, "height": 800})
    for code in ("ckb", "en", "ar"):
        page.locator(f".languages a[lang={code}]").click()
        assert page.url.endswith(f"/{code}/accessibility/")
        assert page.locator("html").get_attribute("lang") == code


def test_the_menu_leads_on_from_a_phone(plain):
    page = plain("/ar/")
    fold = page.locator(".menu-fold > summary")
    if fold.count():
        fold.click()
        link = page.locator(".menu-fold a").first
    else:
        link = page.locator(".menu-row a").first
    target = link.get_attribute("href")
    link.click()
    assert page.url.endswith(target)


def test_the_skip_link_comes_first_and_leads_to_the_content(plain):
    page = plain("/ar/", viewport={"width": 1280, "height": 800})
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    assert focused.get_attribute("href") == "#main"
    assert focused.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")

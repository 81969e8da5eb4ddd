"""The map of offices in a real browser: drawn without other hosts, reached by the keyboard, absent without harm."""

import pytest

from .pages import LANGUAGES

COUNTS = ".map .map-count a"
PINS = ".map .map-office"
PLACES = """links => links.map(link => {
  const {x, width, height} = link.getBoundingClientRect();
  return {label: link.getAttribute("aria-label"), x, width, height};
})"""


@pytest.fixture
def on_map(open_page):
    """A page with a drawn map, and what the browser complained of."""

    def go(path, **options):
        page = open_page(path, **options)
        page.locator(".map svg path").first.wait_for(state="attached")
        return page

    return go


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language", LANGUAGES)
def test_governorates_are_drawn_and_counted(on_map, language, width):
    page = on_map(f"/{language}/offices/?view=map", viewport={"width": width, "height": 800})
    assert page.locator(".map svg path.area").count() == 18
    page.locator(COUNTS).first.wait_for()
    links = page.locator(COUNTS).evaluate_all(PLACES)
    # Halabja has no outline and is a point all the same.
    names = {"ar": "حلبجة", "ckb": "هەڵەبجە", "en": "Halabja"}
    assert any(link["label"].startswith(names[language]) for link in links)
    assert names[language] in page.locator("figcaption").inner_text()
    box = page.locator(".map").bounding_box()
    for link in links:
        assert box["x"] <= link["x"] and link["x"] + link["width"] <= box["x"] + box["width"], link
        assert link["height"] >= 24, link
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # The list stands below it.
    assert page.locator("ul.results > li").first.is_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_the_country_to_an_office_by_keyboard(on_map, language):
    page = on_map(f"/{language}/offices/?view=map", viewport={"width": 1280, "height": 900})
    page.locator(".map").focus()
    for _stop in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.map-count a')"):
            break
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{language}/offices/*/?view=map")
    page.locator(PINS).first.wait_for()
    pin = page.locator(PINS).first
    assert pin.get_attribute("role") == "button" and pin.get_attribute("aria-label")
    pin.focus()
    page.keyboard.press("Enter")
    link = page.locator(".leaflet-popup a").first
    link.wait_for()
    assert page.evaluate("document.activeElement.closest('.leaflet-popup') !== null")
    page.keyboard.press("Escape")
    link.wait_for(state="detached")
    assert page.evaluate("document.activeElement.matches('.map-office')")
    page.keyboard.press("Enter")
    link.click()
    page.wait_for_url(lambda url: url.count("/") == 7 and "view" not in url)
    page.locator("h1").wait_for()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_buttons_stand_at_the_start_and_speak_the_language(on_map, language):
    page = on_map(f"/{language}/offices/?view=map", viewport={"width": 1280, "height": 900})
    zoom, box = page.locator(".leaflet-control-zoom-in"), page.locator(".map").bounding_box()
    middle = box["x"] + box["width"] / 2
    assert (zoom.bounding_box()["x"] > middle) is (LANGUAGES[language] == "rtl")
    words = {"ar": "تكبير الخريطة", "ckb": "گەورەکردنی نەخشە", "en": "Zoom in"}
    assert zoom.get_attribute("aria-label") == words[language]
    before = page.locator(COUNTS).first.bounding_box()
    zoom.click()
    page.wait_for_timeout(500)
    assert page.locator(COUNTS).first.bounding_box() != before


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_scripts_the_list_is_the_page(open_page, language):
    page = open_page(f"/{language}/offices/?view=map", java_script_enabled=False)
    assert not page.locator("#office-map").is_visible()
    assert page.locator("noscript p").is_visible()
    assert page.locator("ul.results > li").first.is_visible()
    page.locator("ul.results a").first.click()
    page.locator("h1").wait_for()


def test_other_pages_load_nothing_of_it(open_page):
    page = open_page("/ar/offices/")
    assert "leaflet" not in page.content() and "map.js" not in page.content()

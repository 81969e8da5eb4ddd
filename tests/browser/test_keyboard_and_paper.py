"""Focus, targets, motion, high contrast, zoom and print."""

import pytest

from .pages import LANGUAGES

FOCUS_RING = """() => {
  const style = getComputedStyle(document.activeElement);
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return ring && document.activeElement !== document.body;
}"""
# Links inside a sentence may be as low as their line (WCAG 2.2, 2.5.8).
SMALL_TARGETS = """() => [...document.querySelectorAll(
    "header a, nav a, footer a, button, summary, select, label.check")]
  .map(element => [element.outerHTML.slice(0, 100), element.getBoundingClientRect()])
  .filter(([html, box]) => box.width && box.height && (box.height < 24 || box.width < 24))
  .map(([html, box]) => `${html} ${box.width}×${box.height}`)"""

LARGE_AND_LOOSE = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`html { font-size: 200% } p { margin-block-end: 2em !important }
    * { line-height: 1.5 !important; word-spacing: .16em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""
LAYOUT_SHIFT = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(entry => {
    if (!entry.hadRecentInput) sum += entry.value;
  })).observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(sum), 300);
})"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_stop_of_the_tab_key_can_be_seen(open_page, language):
    page = open_page(f"/{language}/patterns/", viewport={"width": 1280, "height": 800})
    page.evaluate("document.activeElement.blur()")
    for _stop in range(40):
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUS_RING), page.evaluate("document.activeElement.outerHTML.slice(0, 200)")


@pytest.mark.parametrize("width", [320, 1280])
def test_targets_are_large_enough_to_hit(open_page, width):
    page = open_page("/ar/patterns/", viewport={"width": width, "height": 800})
    assert page.evaluate(SMALL_TARGETS) == []


def test_main_targets_are_44_pixels(open_page):
    page = open_page("/ar/patterns/")
    menus = (".utility a", ".menu-fold summary", ".pages a", ".tabs a")
    for selector in (".button", ".search input", ".check", *menus):
        for element in page.locator(selector).all():
            if element.is_visible():
                assert round(element.bounding_box()["height"]) >= 44, selector


def test_escape_closes_the_menu_and_returns_to_it(open_page):
    page = open_page("/ar/patterns/")
    page.locator(".menu-fold summary").click()
    page.locator(".menu-fold a").first.focus()
    page.keyboard.press("Escape")
    assert not page.locator(".menu-fold").get_attribute("open")
    assert page.evaluate("document.activeElement.matches('.menu-fold > summary')")


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_scrolls_sideways_on_the_smallest_screen(open_page, language):
    """WCAG 2.2, 1.4.10; the page of patterns has every component."""
    page = open_page(f"/{language}/patterns/", viewport={"width": 320, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_spaced_out_and_doubled_is_still_whole(open_page, language):
    """WCAG 2.2, 1.4.4 and 1.4.12."""
    page = open_page(f"/{language}/patterns/", viewport={"width": 640, "height": 800})
    page.evaluate(LARGE_AND_LOOSE)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_nothing_moves(open_page):
    page = open_page("/ar/patterns/", reduced_motion="reduce")
    assert page.evaluate("document.getAnimations().length") == 0


def test_high_contrast_keeps_the_edges_of_buttons(open_page):
    page = open_page("/ar/patterns/", forced_colors="active")
    widths = page.evaluate(
        "[...document.querySelectorAll('.button')].map(b => parseFloat(getComputedStyle(b).borderTopWidth))"
    )
    assert widths and min(widths) >= 1


def test_paper_has_the_words_and_not_the_navigation(open_page):
    page = open_page("/ar/patterns/")
    page.emulate_media(media="print")
    for selector in (".utility", ".menu", ".search >> nth=0", ".foot", ".feedback form >> nth=0"):
        assert not page.locator(selector).is_visible(), selector
    for selector in ("h1", ".facts >> nth=0", ".tick >> nth=0", ".print-foot", ".brand"):
        assert page.locator(selector).is_visible(), selector
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"


def test_the_page_does_not_jump_when_the_typeface_arrives(open_page):
    """The fallback faces have our metrics, so lines stay where they are (CLS ≤ 0.05)."""
    page = open_page("/ar/patterns/")
    assert page.evaluate(LAYOUT_SHIFT) <= 0.05


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_card_of_a_service_prints_on_one_sheet(open_page, visitor, language):
    path = visitor.address("service", language).removeprefix(visitor.site_url).rstrip("/")
    page = open_page(f"{path}.print")
    assert sheets(page) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_service_with_six_offices_prints_on_one_sheet(open_page, language):
    page = open_page(f"/{language}/services/get-a-private-driving-licence/")
    assert sheets(page) == 1


def sheets(page):
    """How many A4 sheets a page prints on."""
    return page.pdf(format="A4", prefer_css_page_size=True).count(b"/Type /Page\n")

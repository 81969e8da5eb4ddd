"""What is printed for the counter: a poster on one A3 sheet, and the whole catalogue as a handbook on A4."""

import io

import pytest
from pypdf import PdfReader

from .pages import LANGUAGES

MILLIMETRE = 72 / 25.4
A3, A4 = (297, 420), (210, 297)


def printed(page):
    """The sheets that the browser prints, in the sizes that the page asks for."""
    return PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages


def size(sheet):
    return tuple(
        round(float(length) / MILLIMETRE) for length in (sheet.mediabox.width, sheet.mediabox.height)
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_poster_is_one_a3_sheet(open_page, visitor, language):
    path = visitor.address("service", language).removeprefix(visitor.site_url).rstrip("/")
    page = open_page(f"{path}.poster")
    page.emulate_media(media="print")
    fee = page.locator(".facts dd").first
    assert (
        fee.evaluate("element => parseFloat(getComputedStyle(element).fontSize)") >= 38
    )  # 30 pt and a little less
    assert page.locator(".poster-code img").evaluate("image => image.complete && image.naturalWidth > 0")
    sheets = printed(page)
    assert [size(sheet) for sheet in sheets] == [A3]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_handbook_is_a_book_of_a4_sheets(open_page, language):
    page = open_page(f"/{language}/services/handbook/", viewport={"width": 1280, "height": 800})
    articles = page.locator("article").count()
    chapters = page.locator(".chapter").count()
    assert articles >= 30 and chapters > 1
    assert page.locator(".contents a").count() == articles + chapters
    sheets = printed(page)
    assert {size(sheet) for sheet in sheets} == {A4}
    assert len(sheets) < articles


@pytest.mark.parametrize("path", ["/ar/services/handbook/", "/en/services/handbook/"])
def test_the_handbook_fits_a_telephone(open_page, path):
    page = open_page(path)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_the_api_needs_nobody_else(open_page, site_url, language):
    page = open_page("/en/")
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    answer = page.goto(f"{site_url}/api/v1/docs/?lang={language}")
    assert answer.status == 200 and "default-src 'none'" in answer.headers["content-security-policy"]
    assert page.evaluate("document.documentElement.lang") == language
    assert page.locator("h2 code", has_text="GET /api/v1/services/{code}/").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert said == []
    assert [url for url in asked if not url.startswith(site_url)] == []

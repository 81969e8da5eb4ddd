"""Layout in a real browser: the sheet fits one A4 page, and no page is wider than a small phone."""

import re
from pathlib import Path

import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.browser]


def page_of(chromium, html, width):
    """The page in a browser with the stylesheet of `look` inlined; offline."""
    from django.contrib.staticfiles import finders

    sheet = re.sub(r'<link rel="stylesheet"[^>]*>', "", html)
    stylesheet = Path(finders.find("egov/egov.css")).read_text(encoding="utf-8")
    sheet = sheet.replace("</head>", f"<style>{stylesheet}</style></head>", 1)
    context = chromium.new_context(viewport={"width": width, "height": 800}, offline=True)
    page = context.new_page()
    page.set_content(sheet, wait_until="domcontentloaded")
    return page


@pytest.mark.parametrize("language", ["ar", "ckb", "en"])
def test_the_sheet_is_one_a4_page(chromium, service, language):
    slug = service("IQ-MOI-004", language).slug
    html = Client().get(f"/{language}/services/{slug}.print").content.decode()
    page = page_of(chromium, html, 800)
    pdf = page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page[^s]", pdf)) == 1
    page.context.close()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_no_page_is_wider_than_a_small_phone(chromium, service, language):
    for path in (
        service("IQ-MOI-004", language).url,
        f"/{language}/services/",
        f"/{language}/events/driving/",
    ):
        page = page_of(chromium, Client().get(path).content.decode(), 360)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
        page.context.close()

"""Links, the action, downloads: only https, no links to unpublished pages, in the reader's language if available."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from blocks.inputs import HttpsURL, is_https, validate_https
from blocks.links import Action, Downloads, LinkBlock, Links, readable_size, resolve

from .html import read

BAD = [
    "http://example.iq/",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " https://example.iq/",
    "https://example.iq/a b",
    "https://user@example.iq/",
    "https:///path",
    "https://",
    "//example.iq/",
    "data:text/html,x",
    "https://exa\nmple.iq/",
    "https://[::1",
]


@pytest.mark.parametrize("url", BAD)
def test_other_addresses_are_refused_in_drafts_too_and_never_rendered(url):
    block = LinkBlock()
    value = block.to_python({"url": url, "text": "x"})
    with pytest.raises(ValidationError):
        validate_https(url)
    assert value.url == ""


@pytest.mark.parametrize("url", ["http://example.iq/", "javascript:alert(1)", "data:text/html,x"])
def test_the_editors_input_refuses_them_while_a_draft_is_saved(url):
    with pytest.raises(ValidationError):
        HttpsURL(required=False).clean_deferred(url)


@given(st.text(max_size=30))
def test_no_text_makes_the_address_check_crash(text):
    assert is_https(text) in (True, False)
    assert not is_https(f"javascript:{text}")


def test_a_link_needs_one_target_and_an_address_needs_a_text(make_page):
    block = LinkBlock()
    page = make_page()
    good = [{"page": page.pk}, {"url": "https://ur.gov.iq/", "text": "أور"}, {"page": page.pk, "text": "نص"}]
    bad = [{}, {"url": "https://ur.gov.iq/"}, {"page": page.pk, "url": "https://ur.gov.iq/", "text": "x"}]
    for stored in good:
        block.clean(block.to_python(stored))
    for stored in bad:
        with pytest.raises(ValidationError):
            block.clean(block.to_python(stored))
    for stored in bad[:2]:
        block.clean_deferred(block.to_python(stored))


def test_a_page_is_linked_by_its_title_or_a_text(make_page):
    page = make_page()
    block = LinkBlock()
    first, second = resolve(
        [block.to_python({"page": page.pk}), block.to_python({"page": page.pk, "text": "هنا"})]
    )
    assert (first.text, first.url, first.language, first.external) == ("صفحة", "/ar/page/", "", False)
    assert second.text == "هنا"


def test_a_link_leads_to_the_readers_language_or_names_another_one(make_page, homes):
    page = make_page()
    value = LinkBlock().to_python({"page": page.pk})
    english = page.copy_for_translation(homes["en"].locale)
    english.title, english.live = "Page", False
    english.save()
    with translation.override("en"):
        assert (value.link.url, value.link.language, value.link.text) == ("/ar/page/", "ar", "صفحة")
        english.live = True
        english.save()
        value = LinkBlock().to_python({"page": page.pk})
        assert (value.link.url, value.link.language, value.link.text) == ("/en/page/", "", "Page")
        assert value.url == "/en/page/"


def test_a_link_in_another_language_is_marked(make_page, homes):
    page = make_page()
    block = Links()
    with translation.override("en"):
        html = block.render(block.to_python({"items": [{"page": page.pk}]}))
    assert 'hreflang="ar"' in html and "العربية" in html


def test_a_page_that_is_not_live_is_not_linked(make_page):
    page = make_page()
    block = Links()
    page.unpublish()
    stored = {"items": [{"page": page.pk}, {"url": "https://ur.gov.iq/", "text": "أور"}], "style": "list"}
    html = block.render(block.to_python(stored))
    assert html.count("<a ") == 1 and 'rel="external noopener"' in html


def test_many_links_run_as_many_queries_as_one(make_page, homes, rf):
    pages = [make_page(slug=f"p{number}") for number in range(8)]
    block = Links()
    counts = []
    with translation.override("en"):
        for some in (pages[:1], pages):
            value = block.to_python({"items": [{"page": page.pk} for page in some]})
            request = rf.get("/en/")
            with CaptureQueriesContext(connection) as queries:
                assert block.render(value, {"request": request}).count("<a ") == len(some)
            counts.append(len(queries))
    assert counts[1] <= counts[0] <= 6


def test_the_action_is_one_green_button(make_page):
    block = Action()
    html = block.render(block.to_python({"url": "https://ur.gov.iq/", "text": "احجز", "note": "عبر أور"}))
    assert html.count('class="button go"') == 1
    assert read(html)[0] == []


def test_a_download_has_its_type_size_and_language(document):
    block = Downloads()
    stored = {"title": "الاستمارات", "items": [{"document": document.pk, "language": "en", "title": ""}]}
    problems, text = read(block.render(block.to_python(stored)))
    assert problems == []
    for word in ("استمارة", "PDF", "2.4", "English"):
        assert word in text


@pytest.mark.parametrize(
    ("size", "text"),
    [(None, ""), (0, "1 kB"), (999, "1 kB"), (51_200, "51 kB"), (999_999, "1,000 kB"), (2_400_009, "2.4 MB")],
)
def test_sizes_are_readable(size, text):
    with translation.override("en"):
        assert readable_size(size) == text

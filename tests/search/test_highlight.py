"""Highlights mark the original letters and escape the text."""

import pytest
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from egov_cms.search import analysis, highlight


def marked(text, query, locale="ar"):
    keys = frozenset(key for word in analysis.words(query) for key in analysis.query_keys(word))
    return highlight.mark(text, keys, locale)


@pytest.mark.parametrize(
    ("text", "query", "locale", "html"),
    [
        ("منح إجازة السوق", "اجازه سوق", "ar", "منح <mark>إجازة</mark> <mark>السوق</mark>"),
        ("شَهادَةُ الوَفاة", "شهادة", "ar", "<mark>شَهادَةُ</mark> الوَفاة"),
        ("جـــواز سفر", "جواز", "ar", "<mark>جـــواز</mark> سفر"),
        ("مۆڵەتی شۆفێری", "مولەت", "ckb", "<mark>مۆڵەتی</mark> شۆفێری"),
        ("Driving licences", "license", "en", "Driving <mark>licences</mark>"),
        ("قانون ٢١ لسنة ١٩٩٧", "21", "ar", "قانون <mark>٢١</mark> لسنة ١٩٩٧"),
    ],
)
def test_the_original_letters_are_marked(text, query, locale, html):
    assert marked(text, query, locale) == html


def test_text_is_escaped():
    assert marked("<b>سوق</b> & 'x'", "سوق") == "&lt;b&gt;<mark>سوق</mark>&lt;/b&gt; &amp; &#x27;x&#x27;"


@given(st.text(max_size=200), st.text(max_size=40))
def test_without_its_marks_a_highlight_is_the_escaped_text(text, query):
    html = str(marked(text, query))
    assert html.replace("<mark>", "").replace("</mark>", "") == escape(text)


def test_the_passage_is_taken_from_the_body_where_the_summary_has_no_match():
    text = "كلمة " * 100 + "الطابو هنا " + "كلمة " * 100
    keys = frozenset(analysis.keys("طابو", "ar"))
    passage = highlight.passage("خلاصة", text, keys, "ar")
    assert passage.startswith("…")
    assert "<mark>الطابو</mark>" in passage
    assert len(passage) < 300

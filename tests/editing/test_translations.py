"""A word edit marks the translations stale and nothing else does; the matrix shows it at a fixed price."""

import csv
import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import Page

from egov_cms.editing import page_words, translation_matrix
from egov_cms.editing.models import PageWords
from egov_cms.editing.page_words import count_words, fingerprint, stale_words
from egov_cms.site.models import HomePage, SectionPage
from tests.site.conftest import add_page, publish, translate

REPORT = "egov_translations"


@pytest.fixture
def law(homes):
    """A page of the source language with its translations, counted."""
    source = add_page(
        homes["ar"], SectionPage, title="قانون المرور", slug="traffic-law", summary="نص القانون."
    )
    for code, title in (("ckb", "یاسای هاتوچۆ"), ("en", "Traffic law")):
        translated = translate(source, code)
        translated.title, translated.summary = title, f"{title}: {code}"
        publish(translated)
    page_words.catch_up()
    return source


def in_language(page, code):
    return SectionPage.objects.get(translation_key=page.translation_key, locale__language_code=code)


def states(page):
    rows = PageWords.objects.filter(page__translation_key=page.translation_key).exclude(page=page.pk)
    return dict(rows.values_list("page__locale__language_code", "state"))


@pytest.fixture
def change(committed):
    """`change(page, summary="…")`: published, and counted as at the end of its transaction."""

    def run(page, **values):
        for name, value in values.items():
            setattr(page, name, value)
        with committed():
            return publish(page)

    return run


def test_a_new_translation_is_up_to_date(law):
    assert states(law) == {"ckb": "current", "en": "current"}
    assert PageWords.objects.get(page=law.pk).words == 4


def test_a_word_edit_marks_translations_stale_until_they_are_published(law, change):
    change(law, summary="نص القانون كما عُدل.")
    assert states(law) == {"ckb": "stale", "en": "stale"}
    english = in_language(law, "en")
    assert PageWords.objects.get(page=english.pk).stale_words == 4
    change(english, summary="The law as amended.")
    assert states(law) == {"ckb": "stale", "en": "current"}


@pytest.mark.parametrize("name", ["seo_title", "search_description", "slug"])
def test_what_belongs_to_one_language_makes_nothing_stale(law, change, name):
    change(law, **{name: "another-one"})
    assert states(law) == {"ckb": "current", "en": "current"}


def test_a_page_that_is_taken_off_the_site_leaves_the_count(law, committed):
    with committed():
        in_language(law, "en").unpublish()
    assert states(law) == {"ckb": "current"}


def test_a_page_type_may_bring_the_rows_of_many_pages_at_once(law, monkeypatch):
    monkeypatch.setattr(page_words, "_loaders", {})
    read = []
    page_words.register_loader(SectionPage, lambda pages: read.append(sorted(page.pk for page in pages)))
    page_words.register_loader(HomePage, lambda pages: read.append(pages))
    page_words.refresh([law.translation_key])
    keys = SectionPage.objects.filter(translation_key=law.translation_key).values_list("pk", flat=True)
    assert read == [sorted(keys), []]


def test_the_matrix_knows_four_states(homes, law, change, committed):
    with committed():
        in_language(law, "en").unpublish()
    change(law, summary="نص آخر للقانون.")
    second = add_page(homes["ar"], SectionPage, title="تعليمات", slug="rules")
    publish(translate(second, "en"))
    page_words.catch_up()
    pages = list(translation_matrix.source_pages().filter(slug__in=["traffic-law", "rules"]))
    cells = translation_matrix.cells(pages)
    found = {page.slug: [cell.state for cell in cells[page.pk]] for page in pages}
    assert found == {"traffic-law": ["stale", "draft"], "rules": ["missing", "current"]}
    for state in translation_matrix.STATES:
        assert translation_matrix.in_state(translation_matrix.source_pages(), state).count() >= 1, state
    assert translation_matrix.in_state(translation_matrix.source_pages(), "stale", "en").count() == 0
    totals = {each["language"]: each for each in translation_matrix.totals(translation_matrix.source_pages())}
    assert totals["ckb"]["stale"] == totals["en"]["draft"] == 1
    assert totals["ckb"]["waiting"] == 3


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_export_agrees_with_the_table(law, change, editing, kind):
    change(law, title="=قانون المرور", summary="نص آخر للقانون.")
    with translation.override("en"):
        answer = editing.get(reverse(REPORT), {"export": kind}, headers={"accept-language": "en"})
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if kind == "csv":
        table = list(csv.reader(io.StringIO(content.decode())))
    else:
        table = [list(row) for row in openpyxl.load_workbook(io.BytesIO(content)).active.values]
    row = next(row for row in table if row[1].endswith("/traffic-law/"))
    assert row[0] == "'=قانون المرور"
    assert [str(cell) for cell in row[4::2]] == ["5", "5"]
    assert len(table) == translation_matrix.source_pages().count() + 1


def test_the_report_filters(law, change, editing):
    change(law, summary="نص آخر للقانون.")
    address = reverse(REPORT)
    assert law.title in editing.get(address).content.decode()
    assert law.title in editing.get(address, {"state": "stale", "language": "ckb"}).content.decode()
    assert law.title not in editing.get(address, {"state": "missing"}).content.decode()
    assert editing.get(address, {"state": "nonsense", "language": "xx"}).status_code == 200


def test_translators_find_the_report_in_the_menu_and_others_do_not_see_it(editing, editor):
    assert reverse(REPORT) in editing.get("/admin/").content.decode()
    group = editor.groups.get()
    group.page_permissions.all().delete()
    assert reverse(REPORT) not in editing.get("/admin/").content.decode()
    assert editing.get(reverse(REPORT)).status_code == 302


def test_the_matrix_costs_the_same_for_one_and_for_many_pages(homes, law, editing):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert editing.get(reverse(REPORT)).status_code == 200
        return len(queries)

    cost()
    few = cost()
    for number in range(30):
        add_page(homes["ar"], SectionPage, title=f"قسم {number}", slug=f"section-{number}")
    page_words.catch_up()
    cost()
    assert cost() <= few


letters = st.text(st.sampled_from("ابتکەڕabc ١2 \n\t"), max_size=60)


@given(letters, letters)
def test_white_space_and_markup_are_no_words(first, second):
    assert fingerprint(f"{first} {second}") == fingerprint(f"<p>{first}\n  {second}</p>")


@pytest.mark.parametrize(
    ("text", "number"),
    [("رسم الإصدار", 2), ("<p>25,000</p>", 0), ("کارتی نیشتمانی ١٢", 2), ("", 0), ("a-b c", 2)],
)
def test_words_are_counted_in_every_script(text, number):
    assert count_words(text) == number


passages = st.dictionaries(
    st.sampled_from(["title", "summary", "fees.1.label", "body.2"]),
    st.lists(st.integers(1, 9), min_size=2, max_size=2),
)


@given(passages)
def test_what_was_seen_is_not_stale(source):
    seen = {name: print_ for name, (print_, _words) in source.items()}
    assert stale_words(source, {}, seen) == 0
    assert stale_words(source, {}, {}) == sum(words for _print, words in source.values())


def test_pages_below_the_root_are_counted_and_the_root_is_not(law):
    assert not PageWords.objects.filter(page=Page.objects.get(depth=1).pk).exists()

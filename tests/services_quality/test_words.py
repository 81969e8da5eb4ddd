"""A word edit marks the translations stale, an unrelated edit and facts do not; the matrix shows it at a fixed price."""

import csv
import io

import openpyxl
import pytest
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import Locale, Page

from egov_cms.services.models import PageWords, ServiceFee, ServiceIndexPage, ServicePage
from egov_cms.services.publishing.fee_approval import approval
from egov_cms.services.quality import matrix, page_words
from egov_cms.services.quality.page_words import count_words, fingerprint, stale_words


@pytest.fixture
def counted(service):
    page_words.catch_up()
    return service()


def states(page):
    rows = PageWords.objects.filter(page__translation_key=page.translation_key).exclude(page=page.pk)
    return dict(rows.values_list("page__locale__language_code", "state"))


def publish(page, committed, user=None):
    with committed():
        page.save_revision(user=user).publish(user=user)


def test_after_the_import_everything_is_up_to_date(counted):
    assert states(counted) == {"ckb": "current", "en": "current"}
    row = PageWords.objects.get(page=counted.pk)
    assert row.words > 20


def test_a_word_edit_marks_sorani_and_english_stale_until_they_are_published(counted, service, committed):
    counted.summary = "رخصة لقيادة المركبات الخصوصية بعد اجتياز الفحص والاختبار."
    publish(counted, committed)
    assert states(counted) == {"ckb": "stale", "en": "stale"}
    assert PageWords.objects.get(page=service("IQ-MOI-004", "en").pk).stale_words == 8
    english = service("IQ-MOI-004", "en")
    english.summary = "Licence to drive private cars after the medical and the driving tests."
    publish(english, committed)
    assert states(counted) == {"ckb": "stale", "en": "current"}


@pytest.mark.parametrize("name", ["popular_names", "visits", "sources", "owner_email"])
def test_an_unrelated_edit_makes_nothing_stale(counted, committed, name):
    value = {"visits": 7, "owner_email": "a@example.gov.iq"}.get(name, "رخصة السياقة\nليسن")
    setattr(counted, name, value)
    publish(counted, committed)
    assert states(counted) == {"ckb": "current", "en": "current"}


def test_a_fact_edited_in_arabic_appears_in_sorani_without_translation(counted, service, people, committed):
    fees = list(counted.fees.all())
    fees[0].amount_minor = 61_000
    counted.fees.set(fees)
    with approval(people["shirin"], "تعديل الأجور"):
        publish(counted, committed, people["ali"])
    assert service("IQ-MOI-004", "ckb").fees.first().amount_minor == 61_000
    assert states(counted) == {"ckb": "current", "en": "current"}


def test_a_new_row_is_stale_as_long_as_its_words_are_the_sources(counted, service, people, committed):
    row = ServiceFee(
        key="F9", kind="fixed", amount_minor=500, label="أجور الطابع المالي", locale=counted.locale
    )
    counted.fees.add(row)
    with approval(people["shirin"], "قانون الطوابع"):
        publish(counted, committed, people["ali"])
    sorani = service("IQ-MOI-004", "ckb")
    assert states(counted)["ckb"] == "stale"
    assert PageWords.objects.get(page=sorani.pk).stale_words == 3
    publish(sorani, committed)
    assert states(counted)["ckb"] == "stale"
    rows = {row.key: row for row in sorani.fees.all()}
    rows["F9"].label = "کرێی پوولی دارایی"
    sorani.fees.set(rows.values())
    publish(sorani, committed)
    assert states(counted)["ckb"] == "current"


def test_a_moved_row_makes_nothing_stale(counted, committed):
    steps = list(counted.steps.all())
    for number, row in enumerate(reversed(steps)):
        row.sort_order = number
    counted.steps.set(steps)
    publish(counted, committed)
    assert states(counted) == {"ckb": "current", "en": "current"}


def test_a_page_that_is_taken_off_the_site_leaves_the_count(counted, service, committed):
    with committed():
        service("IQ-MOI-004", "en").unpublish()
    assert states(counted) == {"ckb": "current"}


def test_the_matrix_knows_four_states(counted, service, committed):
    counted.summary = "ملخص آخر للخدمة."
    publish(counted, committed)
    with committed():
        service("IQ-MOI-004", "en").unpublish()
    service("IQ-MOI-001", "ckb").delete()
    pages = list(matrix.source_pages().filter(slug__in=[counted.slug, service("IQ-MOI-001").slug]))
    found = {page.slug: [cell.state for cell in matrix.cells(pages)[page.pk]] for page in pages}
    assert found == {counted.slug: ["stale", "draft"], service("IQ-MOI-001").slug: ["missing", "current"]}
    for state in matrix.STATES:
        assert matrix.in_state(matrix.source_pages(), state).count() >= 1, state
    assert matrix.in_state(matrix.source_pages(), "stale", "en").count() == 0
    totals = {each["language"]: each for each in matrix.totals(matrix.source_pages())}
    assert totals["ckb"]["stale"] == totals["en"]["draft"] == 1
    assert totals["ckb"]["waiting"] == 3


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_export_agrees_with_the_table(counted, people, client, committed, kind):
    counted.summary = "ملخص آخر للخدمة."
    publish(counted, committed)
    client.force_login(people["root"])
    with translation.override("en"):
        answer = client.get(
            reverse("egov_quality_matrix") + f"?export={kind}", headers={"accept-language": "en"}
        )
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if kind == "csv":
        table = list(csv.reader(io.StringIO(content.decode())))
    else:
        table = [list(row) for row in openpyxl.load_workbook(io.BytesIO(content)).active.values]
    row = next(row for row in table if row[0] == counted.title)
    assert [str(cell) for cell in row[4::2]] == ["3", "3"]
    assert len(table) == matrix.source_pages().count() + 1


def test_the_report_filters(counted, people, client, committed):
    counted.summary = "ملخص آخر للخدمة."
    publish(counted, committed)
    client.force_login(people["root"])
    address = reverse("egov_quality_matrix")
    assert counted.title in client.get(address).content.decode()
    assert counted.title in client.get(address + "?state=stale&language=ckb").content.decode()
    assert counted.title not in client.get(address + "?state=missing").content.decode()
    assert client.get(address + "?state=nonsense&language=xx").status_code == 200


def test_the_matrix_costs_the_same_for_ten_and_a_thousand_pages(
    counted, people, client, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    index = ServiceIndexPage.objects.get(locale=Locale.get_default())
    client.force_login(people["root"])
    client.get(reverse("egov_quality_matrix"))

    def cost():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(reverse("egov_quality_matrix")).status_code == 200
        return len(queries)

    few = cost()
    many(index, 1000)
    words_of_many()
    assert cost() <= few + 1


def many(index, number):
    last = index.get_last_child()
    pages, path = [], last.path
    for each in range(number):
        page = ServicePage(title=f"خدمة {each}", slug=f"many-{each}", locale=index.locale, live=True)
        path = page.path = Page(path=path)._inc_path()
        page.depth, page.url_path, page.draft_title = (
            index.depth + 1,
            f"{index.url_path}many-{each}/",
            page.title,
        )
        pages.append(page)
    columns = [field.attname for field in Page._meta.concrete_fields if not field.primary_key]
    bases = [Page(**{name: getattr(page, name) for name in columns}) for page in pages]
    for base, page in zip(bases, pages, strict=True):
        base.content_type_id = page.content_type_id
    Page.objects.bulk_create(bases)
    Page.objects.filter(pk=index.pk).update(numchild=index.numchild + number)


def words_of_many():
    missing = Page.objects.filter(egov_words=None, slug__startswith="many-")
    PageWords.objects.bulk_create([PageWords(page_id=pk) for pk in missing.values_list("pk", flat=True)])


words_ = st.text(st.sampled_from("ابتکەڕabc ١2 \n\t"), max_size=60)


@given(words_, words_)
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

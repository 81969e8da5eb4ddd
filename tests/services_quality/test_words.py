"""A word edit of a service marks its translations stale, an unrelated edit and facts do not."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Locale, Page

from egov_cms.editing import page_words
from egov_cms.editing.models import PageWords
from egov_cms.services.models import ServiceFee, ServiceIndexPage, ServicePage


@pytest.fixture
def counted(service):
    page_words.catch_up()
    return service()


def states(page):
    rows = PageWords.objects.filter(page__translation_key=page.translation_key).exclude(page=page.pk)
    return dict(rows.values_list("page__locale__language_code", "state"))


def publish(page, committed, user=None, approver=None):
    with committed():
        page.save_revision(user=user).publish(user=approver or user)


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
    counted.change_reason = "تعديل الأجور"
    publish(counted, committed, people["ali"], people["shirin"])
    assert service("IQ-MOI-004", "ckb").fees.first().amount_minor == 61_000
    assert states(counted) == {"ckb": "current", "en": "current"}


def test_a_new_row_is_stale_as_long_as_its_words_are_the_sources(counted, service, people, committed):
    row = ServiceFee(
        key="F9", kind="fixed", amount_minor=500, label="أجور الطابع المالي", locale=counted.locale
    )
    counted.fees.add(row)
    counted.change_reason = "قانون الطوابع"
    publish(counted, committed, people["ali"], people["shirin"])
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


def test_the_matrix_costs_the_same_for_ten_and_a_thousand_pages(counted, people, client):
    index = ServiceIndexPage.objects.get(locale=Locale.get_default())
    client.force_login(people["root"])
    client.get(reverse("egov_translations"))

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("egov_translations")).status_code == 200
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

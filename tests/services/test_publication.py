"""Whatever ends the public life of a subject ends it at every public address, at once and on the next request."""

import datetime
import io
import time
import uuid
import zipfile

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db.models import ProtectedError
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from egov_cms.services.choices import OfferingScope
from egov_cms.services.models import ServiceLegal, ServiceOffering, ServicePage
from egov_cms.site.facts import follows_source
from egov_cms.site.models import (
    Governorate,
    HomePage,
    LegalReference,
    LegislationIndexPage,
    NewsIndexPage,
    NewsPage,
    Office,
    OfficeIndexPage,
)
from egov_cms.site.representations import addresses_of, family_of, registered, shared_addresses
from tests.services.conftest import add_rows, remove_rows

CODE = "IQ-MOI-004"
LANGUAGES = ("ar", "ckb", "en")
# In the title and the summary of the subject, and nowhere else.
MARK = "زنبقان"
# What a reader searches for: an answer that only repeats the question shows nothing.
WORD = "قرنفلان"
SECONDS = 3
NEWS = uuid.UUID(int=77)


def publish(page, **values):
    for name, value in values.items():
        setattr(page, name, value)
    page.save_revision().publish()


def make_service():
    for page in ServicePage.objects.filter(service_code=CODE):
        publish(page, title=f"{MARK} {WORD} {page.title}", summary=f"{MARK} {page.summary}")
    return ServicePage.objects.get(service_code=CODE, locale__language_code="ar")


def make_news():
    index = {}
    for home in HomePage.objects.select_related("locale"):
        index[home.locale.language_code] = home.add_child(
            instance=NewsIndexPage(title="أخبار", slug="news", locale=home.locale, translation_key=NEWS)
        )
    source = NewsPage(
        title=f"{MARK} {WORD} خبر", slug="lily", summary=f"{MARK} خبر", date=timezone.localdate()
    )
    source.body = [("text", f"<p>{MARK}</p>")]
    source.locale = index["ar"].locale
    index["ar"].add_child(instance=source)
    publish(source)
    for language in ("ckb", "en"):
        publish(source.copy_for_translation(index[language].locale), title=f"{MARK} {WORD} {language}")
    return source


def index_pages(model, slug):
    key = uuid.uuid4()
    for home in HomePage.objects.select_related("locale"):
        home.add_child(instance=model(title="فهرس", slug=slug, locale=home.locale, translation_key=key))


def make_office():
    """A record that a service names: it is on the service's page and in what is made of it, too."""
    index_pages(OfficeIndexPage, "offices")
    place = Governorate.objects.create(code="X1", slug="x1", name=dict.fromkeys(LANGUAGES, "مكان"))
    office = Office.objects.create(
        name=dict.fromkeys(LANGUAGES, f"{MARK} {WORD}"), slug="lily", governorate=place
    )
    add_rows(
        ServiceOffering,
        CODE,
        key="O9",
        scope=OfferingScope.OFFICE,
        office=office,
        governorate=place,
        fee_minor=7,
    )
    return office


def make_law():
    index_pages(LegislationIndexPage, "legislation")
    law = LegalReference.objects.create(
        title=dict.fromkeys(LANGUAGES, f"{MARK} {WORD}"), slug="lily-law", number="9", year=2020
    )
    add_rows(ServiceLegal, CODE, key="L9", reference=law)
    return law


SUBJECTS = {"service": make_service, "news": make_news, "office": make_office, "law": make_law}


def pages_to_end(page):
    """For a page with facts the source alone: the others follow."""
    return [page] if follows_source(type(page)) else family_of(page)


def withdraw(page):
    page.unpublish()


def delete(page):
    Page.objects.get(pk=page.pk).delete()


def protect(page):
    PageViewRestriction.objects.create(page=page.page_ptr, restriction_type="login")


def protect_above(page):
    PageViewRestriction.objects.create(page=page.get_parent(), restriction_type="login")


def expire_soon(page):
    publish(page, expire_at=timezone.now() + datetime.timedelta(seconds=SECONDS))


def schedule_again(page):
    page.unpublish()
    publish(page, go_live_at=timezone.now() + datetime.timedelta(days=1))


def expire_by_schedule(page):
    type(page).objects.filter(pk=page.pk).update(expire_at=timezone.now() - datetime.timedelta(minutes=1))


def hide(record):
    record.is_public = False
    record.save()


def delete_record(record):
    if isinstance(record, LegalReference):
        with pytest.raises(ProtectedError):
            record.delete()
        remove_rows(ServiceLegal, CODE, reference=record)
    record.delete()


ENDS = {
    "withdrawn": withdraw,
    "deleted": delete,
    "protected": protect,
    "protected above": protect_above,
    "expired": expire_soon,
    "scheduled": schedule_again,
    "withdrawn by the schedule": expire_by_schedule,
}


def text_of(response):
    body = response.getvalue() if response.streaming else response.content
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body = b"".join(book.read(name) for name in book.namelist())
    return body.decode(errors="replace")


def shown_at(paths):
    """The addresses that show the subject to an anonymous reader."""
    client = Client()
    return [
        path for path in paths if (answer := client.get(path)).status_code == 200 and MARK in text_of(answer)
    ]


@pytest.fixture
def subject(request, sample, settings):
    settings.EGOV = {**settings.EGOV, "PAGE_CACHE_SECONDS": 600}
    cache.clear()
    yield SUBJECTS[request.param]()
    cache.clear()


RECORD_ENDS = {"hidden": hide, "deleted": delete_record}


def all_addresses(subject):
    """Those of the subject itself, and all others that may show it."""
    lists = [path for language in LANGUAGES for path in shared_addresses(language, WORD)]
    if not isinstance(subject, Page):
        lists += addresses_of(ServicePage.objects.filter(service_code=CODE).first())
    # The public log says that it was there, and is asked in its own test.
    return addresses_of(subject), [path for path in lists if "changes" not in path]


def ends_of(subject):
    return ENDS if subject in ("service", "news") else RECORD_ENDS


def test_every_model_with_public_addresses_is_a_subject(sample):
    made = [type(make()) for make in SUBJECTS.values()]
    assert all(any(issubclass(each, model) for each in made) for model in registered())


@pytest.mark.parametrize(
    ("subject", "end"),
    [(subject, end) for subject in SUBJECTS for end in ends_of(subject)],
    indirect=["subject"],
)
def test_what_ends_a_subject_ends_it_everywhere(subject, end):
    own, lists = all_addresses(subject)
    is_page = isinstance(subject, Page)
    ending = pages_to_end(subject) if is_page else [subject]
    act = (ENDS if is_page else RECORD_ENDS)[end]
    before = shown_at([*own, *lists])
    assert len(before) > len(own) / 2 and set(before) & set(lists)
    for each in ending:
        act(each)
    if end == "expired":
        assert shown_at(own)
        shown_at(lists)  # what is kept from here on
        time.sleep(SECONDS)
    if end == "withdrawn by the schedule":
        call_command("publish_scheduled")
    assert shown_at([*own, *lists]) == []
    assert shown_at([*own, *lists]) == []


def test_what_publishing_a_service_asks_of_the_database(
    sample, django_capture_on_commit_callbacks, django_assert_max_num_queries
):
    """All of it: the version, the gate, both translations, snapshot, log, search, and what runs after the commit."""
    for visits, most in ((5, 1000), (6, 480)):  # the first one fills caches of the process
        page = ServicePage.objects.get(service_code=CODE, locale__language_code="ar")
        page.visits = visits
        with django_assert_max_num_queries(most), django_capture_on_commit_callbacks(execute=True):
            page.save_revision().publish()
    assert set(ServicePage.objects.filter(service_code=CODE).values_list("visits", flat=True)) == {6}

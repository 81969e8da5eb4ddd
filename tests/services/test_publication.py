"""Whatever ends the public life of a subject ends it at every public address, at once and on the next request."""

import datetime
import io
import time
import uuid
import zipfile

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from egov_cms.services.models import ServicePage
from egov_cms.site.facts import follows_source
from egov_cms.site.models import ContentPage, HomePage, NewsIndexPage, NewsPage
from egov_cms.site.representations import addresses_of, family_of, shared_addresses

CODE = "IQ-MOI-004"
LANGUAGES = ("ar", "ckb", "en")
# In the title and the summary of the subject, and nowhere else.
MARK = "زنبقان"
# What a reader searches for: an answer that only repeats the question shows nothing.
WORD = "قرنفلان"
SECONDS = 1.5
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


def make_text():
    """A page without facts: its translations have a life of their own, and this test ends it in all of them."""
    homes = {page.locale.language_code: page for page in HomePage.objects.select_related("locale")}
    source = ContentPage(
        title=f"{MARK} {WORD} نص", slug="lily-text", summary=f"{MARK} نص", locale=homes["ar"].locale
    )
    source.body = [("text", f"<p>{MARK}</p>")]
    homes["ar"].add_child(instance=source)
    publish(source)
    for language in ("ckb", "en"):
        publish(source.copy_for_translation(homes[language].locale), title=f"{MARK} {WORD} {language}")
    return source


SUBJECTS = {"service": make_service, "news": make_news, "text": make_text}


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


@pytest.fixture(params=SUBJECTS)
def subject(request, sample, settings):
    settings.EGOV = {**settings.EGOV, "PAGE_CACHE_SECONDS": 600}
    cache.clear()
    yield SUBJECTS[request.param]()
    cache.clear()


def all_addresses(page):
    lists = [path for language in LANGUAGES for path in shared_addresses(language, WORD)]
    return addresses_of(page), lists


@pytest.mark.parametrize("end", ENDS)
def test_what_ends_a_subject_ends_it_everywhere(subject, end):
    own, lists = all_addresses(subject)
    for page in pages_to_end(subject) if end == "expired" else ():
        ENDS[end](page)
    before = shown_at([*own, *lists])
    assert len(before) > len(own) / 2 and set(before) & set(lists)
    if end == "expired":
        time.sleep(SECONDS)
    else:
        for page in pages_to_end(subject):
            ENDS[end](page)
    if end == "withdrawn by the schedule":
        call_command("publish_scheduled")
    # The public log says that it was there, and is asked in its own test.
    paths = [path for path in [*own, *lists] if "changes" not in path]
    if end == "expired":
        # Search forgets an expired page when the schedule has withdrawn it, which is some minutes later.
        assert shown_at([path for path in paths if "/search/" not in path]) == []
        call_command("publish_scheduled")
    assert shown_at(paths) == []
    assert shown_at(paths) == []

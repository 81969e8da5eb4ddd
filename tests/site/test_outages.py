"""A database that takes no writes: pages are read, forms of readers and of staff say so and keep what was typed."""

import re
import sqlite3
from contextlib import contextmanager

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.test import Client

from egov_cms.site.feedback import new_token
from egov_cms.site.models import PageFeedback, SectionPage
from egov_cms.site.outages import typed
from egov_cms.testing.factories import add_page

pytestmark = pytest.mark.django_db(transaction=True)

WRITTEN = "المكتب مغلق رغم أن الصفحة تقول <إنه> مفتوح"
READ = (
    "/ar/",
    "/ar/roads/",
    "/ar/search/?q=roads",
    "/ar/search/suggest/?q=ro",
    "/api/v1/offices/",
    "/accounts/login/",
)


@contextmanager
def read_only():
    """The server or the file refuses every write of this process, by itself."""
    on, off = {
        "sqlite": ("PRAGMA query_only = 1", "PRAGMA query_only = 0"),
        "postgresql": ("SET default_transaction_read_only = on", "SET default_transaction_read_only = off"),
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(on)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(off)


@pytest.fixture
def page(homes):
    return add_page(homes["ar"], SectionPage, title="الطرق", slug="roads")


def answer():
    return {"path": "/ar/roads/", "useful": "no", "comment": WRITTEN, "token": new_token(now=1_000)}


@pytest.fixture
def ready(page, monkeypatch):
    """A form that was open for a while."""
    monkeypatch.setattr("egov_cms.site.feedback.token_problem", lambda token, now=None: "")


def test_pages_are_read_and_a_form_keeps_what_was_typed(ready):
    with read_only():
        assert {path: Client().get(path).status_code for path in READ} == dict.fromkeys(READ, 200)
        refused = Client().post("/ar/feedback/", answer())
        text = refused.content.decode()
        assert refused.status_code == 503 and refused.headers["Retry-After"]
        assert "no-store" in refused.headers["Cache-Control"]
        assert "المكتب مغلق" in text and "&lt;إنه&gt;" in text and "لم يُحفظ شيء" in text
    # The page itself is the form: a browser sends all of it again.
    sent = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', text))
    sent |= dict(re.findall(r'<input class="input"[^>]* name="([^"]*)" value="([^"]*)"', text))
    sent |= {"comment": WRITTEN}
    assert Client().post(re.search(r'action="([^"]*)"', text).group(1), sent).status_code == 303
    assert PageFeedback.objects.count() == 1


@pytest.mark.parametrize("language", ["ar", "ckb", "en"])
def test_it_is_said_in_the_language_of_the_address(ready, language):
    with read_only():
        data = answer() | {"path": f"/{language}/roads/"}
        text = Client().post(f"/{language}/feedback/", data).content.decode()
    assert f'<html lang="{language}"' in text


def test_an_editor_keeps_her_draft(page):
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_superuser("sara", "sara@example.gov.iq"))
    address = f"/admin/pages/{page.pk}/edit/"
    assert client.get(address).status_code == 200
    data = {"title": "عنوان طويل كتبته سارة", "slug": "roads", "summary": WRITTEN, "body-count": "0"}
    with read_only():
        refused = client.post(address, data)
        assert refused.status_code == 503
        assert "عنوان طويل كتبته سارة" in refused.content.decode()
        # What she wrote before is there to be read; who else has it open is not noted now.
        assert client.get(address).status_code == 200
        assert client.get("/admin/").status_code == 200
    assert client.get(address).status_code == 200


def test_a_password_is_not_given_back(rf):
    request = rf.post(
        "/accounts/login/",
        {"login": "sara", "password": "geheim-1", "code": "123456", "csrfmiddlewaretoken": "x"},
    )
    kept = typed(request)
    assert kept["shown"] == [("login", "sara", False)] and kept["hidden"] == [("csrfmiddlewaretoken", "x")]


def test_the_api_answers_with_a_problem(page):
    def fails(*_arguments, **_options):
        cause = sqlite3.OperationalError("database is locked")
        cause.sqlite_errorname = "SQLITE_BUSY"
        raise OperationalError("database is locked") from cause

    with connection.execute_wrapper(lambda execute, sql, *rest: fails()):
        refused = Client().get("/api/v1/offices/?limit=7")
    assert refused.status_code == 503 and refused.headers["Content-Type"] == "application/problem+json"
    assert refused.headers["Retry-After"]


def test_what_is_kept_is_served_although_its_time_is_over(page):
    import time_machine

    def fails(*_arguments):
        cause = sqlite3.OperationalError("database is locked")
        cause.sqlite_errorname = "SQLITE_BUSY"
        raise OperationalError("database is locked") from cause

    reader = Client(raise_request_exception=False)
    with time_machine.travel("2026-03-01 10:00:00+03:00", tick=False) as clock:
        fresh = reader.get("/ar/roads/")
        clock.shift(600)
        with connection.execute_wrapper(fails):
            old = reader.get("/ar/roads/")
            assert (old.status_code, old.content, old.headers["Age"]) == (200, fresh.content, "600")
            assert reader.get("/ar/status/").status_code == 503
        # A publication drops it: while the database is away it is not given any more.
        page.refresh_from_db()
        page.title = "الطرق والجسور"
        page.save_revision().publish()
        with connection.execute_wrapper(fails):
            assert reader.get("/ar/roads/").status_code == 503
        assert "الطرق والجسور" in reader.get("/ar/roads/").content.decode()

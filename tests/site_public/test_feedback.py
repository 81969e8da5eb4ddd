"""“Did this page help?”: no cookie, no personal data, protection against robots."""

import re
import time

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from egov_cms.site.feedback import new_token, token_problem
from egov_cms.site.models import PageFeedback

from .conftest import CODES


def answer(client, code="en", **changes):
    fields = {
        "path": f"/{code}/about/",
        "token": new_token(time.time() - 30),
        "useful": "no",
        "comment": "The hours are wrong.",
        **changes,
    }
    return client.post(
        f"/{code}/feedback/", {name: value for name, value in fields.items() if value is not None}
    )


@pytest.mark.parametrize("code", CODES)
def test_an_answer_is_stored_and_redirects_to_the_page(ministry, client, code):
    response = answer(client, code, reason="outdated")
    assert response.status_code == 303
    assert response.headers["Location"] == f"/{code}/about/?feedback=thanks#feedback"
    assert not response.cookies
    stored = PageFeedback.objects.get()
    assert (stored.path, stored.locale, stored.helpful, stored.reason) == (
        f"/{code}/about/",
        code,
        False,
        "outdated",
    )
    assert stored.page_id == ministry["about"][code].pk
    assert stored.comment == "The hours are wrong."
    page = client.get(response.headers["Location"].partition("#")[0]).content.decode()
    assert 'role="status"' in page
    assert "<textarea" not in page


def test_the_form_is_on_every_page_and_can_be_sent_as_rendered(ministry, client):
    html = client.get("/en/offices/baghdad/karkh/").content.decode()
    form = html[html.index('<form method="post"') :].split("</form>")[0]
    assert re.search(r'action="([^"]+)"', form)[1] == "/en/feedback/"
    assert re.search(r'name="path" value="([^"]+)"', form)[1] == "/en/offices/baghdad/karkh/"
    token = re.search(r'name="token" value="([^"]+)"', form)[1]
    assert token_problem(token, time.time() + 10) == ""
    assert 'name="csrfmiddlewaretoken"' not in form
    response = answer(client, path="/en/offices/baghdad/karkh/", comment=None, useful="yes")
    assert response.status_code == 303
    assert PageFeedback.objects.get().page_id == ministry["offices"]["en"].pk


@pytest.mark.parametrize(
    "comment",
    [
        "my number is 199012345678 thanks",
        "رقمي ١٩٩٠١٢٣٤٥٦٧٨ شكراً",
        "call 0770 123 4567 please",
        "اتصل ٠٧٧٠-١٢٣-٤٥٦٧ رجاءً",
        "call +964 770 123 4567",
        "hidden 0770\u200e123\u200e4567 marks",
    ],
)
def test_personal_numbers_are_masked_before_they_are_stored(ministry, client, comment):
    assert answer(client, comment=comment).status_code == 303
    stored = PageFeedback.objects.get().comment
    assert not re.search(r"\d{3}", stored)
    assert len(stored.split()) >= 2


def test_nothing_about_the_reader_is_stored(ministry, client):
    answer(client)
    columns = {field.name for field in PageFeedback._meta.get_fields()}
    assert columns == {
        "id",
        "page",
        "path",
        "locale",
        "helpful",
        "reason",
        "comment",
        "created",
        "status",
        "spam_rule",
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM egov_site_pagefeedback")
        assert "127.0.0.1" not in str(cursor.fetchall())


def test_a_filled_hidden_field_gets_thanks_and_stores_nothing(ministry, client):
    assert answer(client, website="https://spam.example").status_code == 303
    assert not PageFeedback.objects.exists()


@pytest.mark.parametrize("problem", ["missing", "forged", "fast", "old"])
def test_an_invalid_time_keeps_the_submitted_text(ministry, client, problem):
    ages = {"fast": 0, "old": 90_000}
    token = new_token(time.time() - ages[problem]) if problem in ages else problem.replace("missing", "")
    response = answer(client, token=token, comment="Keep <b>these</b> words")
    assert response.status_code == 422
    html = response.content.decode()
    assert "Keep &lt;b&gt;these&lt;/b&gt; words" in html
    assert "no-store" in response.headers["Cache-Control"]
    assert not PageFeedback.objects.exists()
    fresh = re.search(r'name="token" value="([^"]+)"', html)[1]
    assert token_problem(fresh, time.time() + 5) == ""


def test_a_long_comment_is_refused_and_kept(ministry, client):
    response = answer(client, comment="x" * 501)
    assert response.status_code == 422
    assert "x" * 501 in response.content.decode()
    assert answer(client, comment="x" * 500).status_code == 303


def test_a_choice_is_needed(ministry, client):
    assert answer(client, useful=None).status_code == 422
    assert answer(client, useful="maybe").status_code == 422


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example/en/",
        "//evil.example/en/",
        "/\\evil.example/",
        "/en//evil.example",
        "javascript:alert(1)",
        "/admin/",
        "/ar/about/",
        "",
        "/en/about/\r\nSet-Cookie: a=b",
    ],
)
def test_it_never_redirects_to_another_site(ministry, client, path):
    response = answer(client, path=path)
    assert response.status_code == 422 or response.headers["Location"].startswith("/en/")
    assert "Set-Cookie" not in response.headers


def test_a_network_address_has_a_limit_per_hour(ministry, client, settings):
    settings.EGOV = {**settings.EGOV, "FEEDBACK_RATE_PER_HOUR": 3}
    assert [answer(client).status_code for _ in range(4)] == [303, 303, 303, 429]
    response = answer(client, comment="Keep me")
    assert "Keep me" in response.content.decode()
    other = type(client)(REMOTE_ADDR="10.0.0.7")
    assert answer(other).status_code == 303
    assert PageFeedback.objects.count() == 4


def test_get_requests_redirect_to_the_home_page(client, db):
    assert client.get("/ckb/feedback/").headers["Location"] == "/ckb/"


@given(st.text(max_size=80))
def test_no_text_is_a_token(text):
    assert token_problem(text) == "forged"

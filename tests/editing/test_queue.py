"""Spam finds its class by itself; officers mark many answers at once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import ModelLogEntry

from egov_cms.site.models import PageFeedback
from egov_cms.site.spam import spam_rule


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Cheap watches at https://watches.example/", "links"),
        ("visit www.casino.com now", "links"),
        ("best-prices.shop for you", "links"),
        ('<a href="x">here</a>', "links"),
        ("[url=https://x.y]z[/url]", "links"),
        ("الرابط https://ur.gov.iq/service لا يعمل", ""),
        ("صفحة www.moi.gov.iq لا تفتح", ""),
        ("https://moi.gov.iq.evil.example/", "links"),
        ("The page of ur.gov.iq:443 is closed. Please help.", ""),
        ("https://ur.gov.iq:443/ and https://ur.gov.iq:8443/x, both are closed", ""),
        ("it says (https://ur.gov.iq).", ""),
        ("https://evil.example#.iq", "links"),
        ("https://evil.example?.iq", "links"),
        ("https://ur.gov.iq@evil.example", "links"),
        ("https://[ur.gov.iq", "links"),
        ("buy buy buy buy buy buy buy", "repeated"),
        ("اشتر الآن اشتر الآن اشتر الآن اشتر الآن", "repeated"),
        ("شكراااااااا جزيلاً", ""),
        ("no no no", ""),
        ("Купить дешевые часы прямо сейчас", "script"),
        ("这是一个非常便宜的手表网站", "script"),
        ("ܫܠܡܐ ܥܠܝܟܘܢ ܐܚ̈ܐ ܘܚܬ̈ܐ", ""),
        ("رسوم پاسپۆرت چەندە؟", ""),
        ("12345 67890 !!!", ""),
        ("", ""),
    ],
)
def test_the_rules(text, rule):
    assert spam_rule(text) == rule


@given(st.text(max_size=500))
def test_any_text_is_judged(text):
    assert spam_rule(text) in ("", "links", "repeated", "script")


def received(comment, **fields):
    answer = PageFeedback(path="/ar/", locale="ar", helpful=False, comment=comment, **fields)
    answer.classify()
    answer.save()
    return answer


def test_spam_goes_into_its_class_with_the_reason(homes):
    odd = received("Cheap watches at https://watches.example/")
    assert (odd.status, odd.spam_rule) == ("spam", "links")
    good = received("ساعات الدوام خاطئة")
    assert (good.status, good.spam_rule) == ("new", "")


def test_a_long_text_that_came_before_is_repeated_a_short_one_is_not(homes):
    assert received("The opening hours of this office are wrong.").status == "new"
    again = received("The opening hours of this office are wrong.")
    assert (again.status, again.spam_rule) == ("spam", "repeated")
    assert [received("شكراً").status for _ in range(3)] == ["new"] * 3


def test_a_masked_text_is_found_again(homes):
    received("Call me at 0770 123 4567, the best offer of the town")
    assert received("Call me at 0770 765 4321, the best offer of the town").spam_rule == "repeated"


@pytest.fixture
def answers(homes):
    return [
        PageFeedback.objects.create(
            path=f"/{code}/{n}/", locale=code, helpful=n % 2 == 0, comment=f"comment {n}"
        )
        for code in ("ar", "en")
        for n in range(4)
    ]


def states():
    return list(PageFeedback.objects.order_by("pk").values_list("status", flat=True))


def many(client, **data):
    return client.post(reverse("pagefeedback:many"), data)


def test_ticked_rows_change_together_and_are_logged(editing, answers):
    back = reverse("pagefeedback:index") + "?locale=ar"
    ticked = [str(answers[0].pk), str(answers[5].pk)]
    answer = many(editing, pk=ticked, status="needs_work", next=back)
    assert answer.url == back
    assert [state for state in states() if state != "new"] == ["needs_work"] * 2
    assert set(ModelLogEntry.objects.values_list("object_id", flat=True)) == set(ticked)


def test_all_that_the_filter_leaves_change_together(editing, answers):
    back = reverse("pagefeedback:index") + "?locale=en&helpful=false"
    many(editing, all="1", status="spam", next=back)
    changed = PageFeedback.objects.filter(status="spam")
    assert changed.count() == 2
    assert {(row.locale, row.helpful) for row in changed} == {("en", False)}


def test_nothing_ticked_unknown_states_and_foreign_addresses(editing, answers):
    assert many(editing, status="spam").url == reverse("pagefeedback:index")
    assert many(editing, pk=[answers[0].pk], status="deleted").status_code == 302
    assert many(editing, pk=["x", "1 or 1", "9" * 30], status="spam").status_code == 302
    answer = many(editing, pk=[answers[0].pk], status="spam", next="https://elsewhere.example/?locale=ar")
    assert answer.url == reverse("pagefeedback:index")
    assert states().count("spam") == 1
    assert editing.get(reverse("pagefeedback:many")).status_code == 405


def test_readers_of_the_list_change_nothing(editing, answers, group):
    from django.contrib.auth.models import Permission

    group.permissions.remove(Permission.objects.get(codename="change_pagefeedback"))
    assert "egov-many" not in editing.get(reverse("pagefeedback:index")).content.decode()
    assert many(editing, pk=[answers[0].pk], status="spam").status_code in (302, 403)
    assert set(states()) == {"new"}


def test_the_form_stands_above_the_list_and_filters_by_reason_of_spam(editing, answers):
    received("https://watches.example/ is best")
    page = editing.get(reverse("pagefeedback:index"), {"spam_rule": "links"})
    assert len(page.context["object_list"]) == 1
    html = page.content.decode()
    assert 'id="egov-many"' in html
    assert 'form="egov-many"' in html


def test_marking_many_costs_no_query_for_each(editing, homes):
    def cost(count):
        rows = PageFeedback.objects.bulk_create(
            PageFeedback(path="/ar/", locale="ar", helpful=False) for _ in range(count)
        )
        with CaptureQueriesContext(connection) as queries:
            many(editing, pk=[row.pk for row in rows], status="spam")
        return len(queries)

    cost(2)
    few = cost(2)
    assert cost(40) == few
    # SQLite takes about ninety entries of the log in one statement.
    assert cost(200) <= few + 3
    assert set(states()) == {"spam"}

"""Complaints officers filter the feedback, change its status and take it away as a table."""

import csv
import io

import pytest
from django.urls import reverse

from egov_cms.site.models import PageFeedback


@pytest.fixture
def answers(homes):
    rows = [
        ("/ar/services/passport/", "ar", False, "outdated", "الرسم قديم"),
        ("/ckb/", "ckb", True, "", ""),
        ("/en/", "en", False, "broken", "=HYPERLINK(1)"),
    ]
    return [
        PageFeedback.objects.create(path=path, locale=locale, helpful=helpful, reason=reason, comment=comment)
        for path, locale, helpful, reason, comment in rows
    ]


def listed(response):
    return [row.path for row in response.context["object_list"]]


def test_the_list_can_be_filtered(editing, answers):
    index = reverse("pagefeedback:index")
    assert len(listed(editing.get(index))) == 3
    assert listed(editing.get(index, {"helpful": "false", "locale": "ar"})) == ["/ar/services/passport/"]
    assert listed(editing.get(index, {"reason": "broken"})) == ["/en/"]
    assert listed(editing.get(index, {"path": "passport"})) == ["/ar/services/passport/"]
    assert listed(editing.get(index, {"status": "handled"})) == []


def test_a_status_changes_by_one_button_and_leads_back_to_the_filtered_list(editing, answers):
    back = reverse("pagefeedback:index") + "?status=new"
    answer = editing.post(
        reverse("pagefeedback:status", args=[answers[0].pk]), {"status": "handled", "next": back}
    )
    assert answer.url == back
    answers[0].refresh_from_db()
    assert answers[0].status == "handled"


def test_a_status_changes_only_to_one_that_exists_and_leads_nowhere_else(editing, answers):
    answer = editing.post(
        reverse("pagefeedback:status", args=[answers[0].pk]),
        {"status": "deleted", "next": "https://elsewhere.example/"},
    )
    assert answer.url == reverse("pagefeedback:index")
    answers[0].refresh_from_db()
    assert answers[0].status == "new"
    assert editing.get(reverse("pagefeedback:status", args=[answers[0].pk])).status_code == 405


def test_nobody_writes_feedback_in_the_name_of_readers(editing, answers):
    assert reverse("pagefeedback:add") not in editing.get(reverse("pagefeedback:index")).content.decode()
    assert editing.get(reverse("pagefeedback:add")).status_code == 302


def test_who_may_not_sort_feedback_does_not_see_it(editing, editor, answers):
    editor.groups.get().permissions.filter(codename__endswith="pagefeedback").delete()
    assert editing.get(reverse("pagefeedback:index")).status_code == 302
    refused = editing.post(reverse("pagefeedback:status", args=[answers[0].pk]), {"status": "spam"})
    assert refused.status_code in (302, 403)
    answers[0].refresh_from_db()
    assert answers[0].status == "new"


def test_the_export_is_a_table_without_formulas(editing, answers):
    response = editing.get(reverse("pagefeedback:index"), {"export": "csv"})
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert len(rows) == 3
    comments = {value for row in rows for value in row.values()}
    assert "'=HYPERLINK(1)" in comments
    assert "الرسم قديم" in comments


def test_the_list_asks_the_same_number_of_questions_however_long(editing, django_assert_max_num_queries):
    def questions():
        with django_assert_max_num_queries(40) as captured:
            assert editing.get(reverse("pagefeedback:index")).status_code == 200
        return len(captured)

    PageFeedback.objects.create(path="/ar/", locale="ar", helpful=True)
    questions()
    questions()
    few = questions()
    PageFeedback.objects.bulk_create(
        PageFeedback(path=f"/ar/{number}/", locale="ar", helpful=False) for number in range(45)
    )
    questions()
    assert questions() <= few

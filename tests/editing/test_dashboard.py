"""The admin's start page says what waits for whom, with a bounded number of questions to the database."""

import datetime

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone, translation
from wagtail.models import GroupApprovalTask, Page, Workflow, WorkflowPage, WorkflowTask

from egov_cms.editing import dashboard
from egov_cms.site.models import PageFeedback, SectionPage
from tests.site.conftest import add_page, publish, translate


@pytest.fixture
def reviews(monkeypatch):
    """Sources of reviews that last for one test."""
    monkeypatch.setattr(dashboard, "_review_sources", sources := [])
    return sources


def draft(parent, user, title="مسودة", slug="draft"):
    page = SectionPage(title=title, slug=slug, locale=parent.locale, live=False)
    parent.add_child(instance=page)
    page.save_revision(user=user)
    return page


def panel(name, request_user, rf):
    """What one panel gives its template."""
    request = rf.get("/admin/")
    request.user = request_user
    chosen = next(each for each in dashboard.PANELS if each.name == name)
    with translation.override("en"):
        return chosen().get_context_data({"request": request, "csrf_token": ""})


def titles(context):
    return [row.title for row in context["rows"]]


def test_a_new_editor_is_told_that_nothing_waits(editing):
    page = editing.get("/admin/", headers={"accept-language": "en"})
    assert page.status_code == 200
    text = page.content.decode()
    for name in ("egov-awaiting-approval", "egov-my-drafts", "egov-translations-stale", "egov-feedback"):
        assert name in text
    assert "Nothing waits for your approval." in text
    assert "awaiting-review" not in text


def test_my_drafts_are_mine_and_say_how_far_they_are(homes, editor, rf):
    other = User.objects.create_user("other")
    draft(homes["ar"], editor)
    draft(homes["ar"], other, title="لغيري", slug="other")
    live = add_page(homes["en"], SectionPage, title="Live", slug="live")
    live.title = "Live, changed"
    live.save_revision(user=editor)
    rows = panel("egov-my-drafts", editor, rf)["rows"]
    assert {row.title for row in rows} == {"مسودة", "Live, changed"}
    assert {row.note for row in rows} == {"Never published", "The site shows an older version"}
    assert {row.language for row in rows} == {"العربية", "English"}


def test_whoever_approves_sees_what_waits_and_not_her_own(homes, editor, rf):
    approvers = Group.objects.create(name="approvers")
    approver = User.objects.create_user("approver", first_name="Ahmed", last_name="Example")
    approver.groups.add(approvers, *editor.groups.all())
    task = GroupApprovalTask.objects.create(name="approval")
    task.groups.add(approvers)
    workflow = Workflow.objects.create(name="two steps")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.create(workflow=workflow, page=homes["ar"])
    page = draft(homes["ar"], editor)
    workflow.start(page, editor)

    rows = panel("egov-awaiting-approval", approver, rf)["rows"]
    assert [(row.title, row.note) for row in rows] == [("مسودة", "Zainab Example")]
    assert panel("egov-awaiting-approval", editor, rf)["rows"] == []
    assert panel("egov-my-drafts", editor, rf)["rows"][0].note == "Waits for approval"

    own = draft(homes["ar"], approver, title="من إعدادي", slug="own")
    workflow.start(own, approver)
    assert "somebody else" in panel("egov-awaiting-approval", approver, rf)["rows"][1].note


def test_a_translation_is_stale_when_words_of_its_source_have_changed(homes, editor, rf, committed):
    with committed():
        source = add_page(homes["ar"], SectionPage, title="قانون", slug="law")
        translated = translate(source, "ckb")
        translated.title = "یاسا"
        translated = publish(translated)
    assert titles(panel("egov-translations-stale", editor, rf)) == []

    source.title = "قانون معدل"
    with committed():
        source = publish(source)
    (row,) = panel("egov-translations-stale", editor, rf)["rows"]
    assert (row.title, row.language, row.note) == ("یاسا", "کوردی", "2 words")

    translated.title = "یاسای هەموارکراو"
    with committed():
        publish(translated)
    assert titles(panel("egov-translations-stale", editor, rf)) == []


def test_a_publication_without_a_changed_word_asks_no_translator(homes, editor, rf, committed):
    with committed():
        source = add_page(homes["ar"], SectionPage, title="قانون", slug="law")
        translated = publish(translate(source, "ckb"))
    source.slug = "amended-law"
    with committed():
        publish(source)
    assert Page.objects.get(pk=translated.pk).slug == "amended-law", "the fact was copied"
    assert panel("egov-translations-stale", editor, rf)["rows"] == []


def test_missing_translations_are_counted(homes, editor, rf):
    add_page(homes["ar"], SectionPage, title="قانون", slug="law")
    assert dashboard.missing_translations() == {"ckb": 1, "en": 1}
    assert "کوردی" in panel("egov-translations-stale", editor, rf)["note"]


def test_reviews_come_from_the_apps_that_have_some(editor, reviews, rf):
    assert panel("egov-reviews-due", editor, rf) == {"hidden": True}
    today = timezone.localdate()
    dashboard.register_reviews(
        lambda user, limit: [
            dashboard.Due("later", "/admin/1/", today + datetime.timedelta(days=5), "ar"),
            dashboard.Due("overdue", "/admin/2/", today - datetime.timedelta(days=1)),
        ]
    )
    rows = panel("egov-reviews-due", editor, rf)["rows"]
    assert [(row.title, row.late) for row in rows] == [("overdue", True), ("later", False)]


def test_feedback_is_for_those_who_may_sort_it(homes, editor, rf):
    PageFeedback.objects.create(path="/ar/", locale="ar", helpful=False, comment="الرسم قديم")
    PageFeedback.objects.create(path="/ar/", locale="ar", helpful=True, status="handled")
    assert titles(panel("egov-feedback", editor, rf)) == ["الرسم قديم"]
    editor.groups.get().permissions.filter(codename="change_pagefeedback").delete()
    assert panel("egov-feedback", User.objects.get(pk=editor.pk), rf) == {"hidden": True}


def test_the_start_page_asks_the_same_number_of_questions_however_much_waits(
    editing, homes, editor, django_assert_max_num_queries
):
    def fill(first, last):
        for number in range(first, last):
            draft(homes["ar"], editor, title=f"مسودة {number}", slug=f"draft-{number}")
            PageFeedback.objects.create(path="/ar/", locale="ar", helpful=False, comment=str(number))

    def questions():
        with django_assert_max_num_queries(80) as captured:
            assert editing.get("/admin/").status_code == 200
        return len(captured)

    fill(0, 3)
    questions()
    few = questions()
    fill(3, 30)
    questions()  # the ministry's name is read once more after each change of content
    assert questions() <= few

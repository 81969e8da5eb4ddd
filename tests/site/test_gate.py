"""Incomplete pages are not published, by any method of publishing."""

import datetime as dt
import json

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import GroupPagePermission, Page, Workflow, WorkflowPage, WorkflowTask

from egov_cms.site.gate import GateProblem, PublishRefused
from egov_cms.site.models import ContentPage, FourEyesTask, SectionPage
from egov_cms.site.placeholders import find_placeholders
from egov_cms.site.publication import together

from .conftest import add_page

pytestmark = [pytest.mark.django_db, pytest.mark.contract]

BODY = json.dumps(
    [{"type": "text", "value": "<p>نص كامل عن الدائرة.</p>", "id": "1b1b1b1b-0000-4000-8000-000000000001"}],
    ensure_ascii=False,
)


@pytest.fixture
def section(homes):
    return add_page(homes["ar"], SectionPage, title="عن الوزارة", slug="about")


@pytest.fixture
def draft(section):
    return section.add_child(
        instance=ContentPage(title="رؤيتنا", slug="vision", locale=section.locale, live=False)
    )


def filled(page):
    page.summary = "ما نعمل من أجله."
    page.body = BODY
    return page


def test_a_draft_saves_with_a_title_only(section):
    page = ContentPage(title="مسودة", locale=section.locale, live=False)
    section.add_child(instance=page)
    page.save_revision()
    assert page.slug.startswith("page-")
    assert [problem.field for problem in page.gate_problems()] == ["summary", "body"]


def test_publishing_a_revision_names_what_is_missing(draft):
    with pytest.raises(PublishRefused) as refused:
        draft.save_revision().publish()
    assert set(refused.value.message_dict) == {"summary", "body"}
    draft.refresh_from_db()
    assert not draft.live


def test_a_complete_page_is_published(draft):
    filled(draft).save_revision().publish()
    assert ContentPage.objects.get(pk=draft.pk).live


def test_adding_a_live_page_is_publishing(section):
    with pytest.raises(PublishRefused):
        section.add_child(instance=ContentPage(title="مباشرة", slug="direct", locale=section.locale))


def test_a_live_page_that_breaks_a_rule_later_can_be_saved_without_new_problems(draft):
    filled(draft).save_revision().publish()
    ContentPage.objects.filter(pk=draft.pk).update(summary="")
    page = ContentPage.objects.get(pk=draft.pk)
    page.locked = True
    page.save()
    page.title = "TODO"
    with pytest.raises(PublishRefused):
        page.save()


def test_scheduling_is_refused_like_publishing(draft):
    draft.go_live_at = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    revision = draft.save_revision()
    with pytest.raises(PublishRefused):
        revision.publish()
    revision.refresh_from_db()
    assert revision.approved_go_live_at is None


def test_the_schedule_of_a_refused_page_is_cancelled_and_the_others_are_published(section, draft):
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
    bad, good = filled(draft), ContentPage(title="أخرى", slug="other", locale=section.locale, live=False)
    section.add_child(instance=filled(good))
    for page in (bad, good):
        page.go_live_at = soon
        page.save_revision().publish()
    revision = bad.get_latest_revision()
    revision.content["summary"] = "TODO"
    revision.save()
    with time_machine.travel(soon + dt.timedelta(minutes=1)):
        call_command("publish_scheduled")
    assert not ContentPage.objects.get(pk=bad.pk).live
    assert ContentPage.objects.get(pk=good.pk).live
    assert not bad.revisions.exclude(approved_go_live_at=None).exists()


def test_the_gate_can_be_bypassed(draft):
    with together(gate=False):
        draft.save_revision().publish()
    assert ContentPage.objects.get(pk=draft.pk).live


def form_data(**fields):
    return {
        "title": "رؤيتنا",
        "slug": "vision",
        "summary": "",
        "kind": "page",
        "body-count": "0",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        **fields,
    }


def test_the_form_shows_the_problem_at_its_field(draft, admin, client):
    client.force_login(admin)
    url = reverse("wagtailadmin_pages:edit", args=[draft.pk])
    response = client.post(url, form_data(**{"action-publish": "1"}))
    assert set(response.context["form"].errors) == {"summary", "body"}
    assert client.post(url, form_data()).status_code == 302
    assert not ContentPage.objects.get(pk=draft.pk).live


def test_submitting_for_review_checks_the_gate_too(section, draft, admin, client):
    client.force_login(admin)
    task = FourEyesTask.objects.create(name="review")
    workflow = Workflow.objects.create(name="w")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    WorkflowPage.objects.create(workflow=workflow, page=section)
    url = reverse("wagtailadmin_pages:edit", args=[draft.pk])
    response = client.post(url, form_data(**{"action-submit": "1"}))
    assert "summary" in response.context["form"].errors


@pytest.fixture
def workflow(section):
    group = Group.objects.create(name="approvers")
    for codename in ("change_page", "publish_page"):
        GroupPagePermission.objects.create(group=group, page=section, permission=_permission(codename))
    group.permissions.add(_permission("access_admin"))
    task = FourEyesTask.objects.create(name="review")
    task.groups.add(group)
    workflow = Workflow.objects.create(name="two people")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    WorkflowPage.objects.create(workflow=workflow, page=section)
    return workflow


def _permission(codename):
    from django.contrib.auth.models import Permission

    return Permission.objects.get(
        codename=codename, content_type__app_label__in=["wagtailcore", "wagtailadmin"]
    )


def member(name):
    user = User.objects.create_user(name, f"{name}@example.gov.iq", "password")
    user.groups.add(Group.objects.get(name="approvers"))
    return user


def submit(page, workflow, author):
    page.save_revision(user=author)
    return workflow.start(page, author)


def approve(client, user, page):
    client.force_login(user)
    state = page.current_workflow_task_state
    return client.post(reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk]))


def test_authors_cannot_approve_their_own_version(workflow, draft, client):
    author, other = member("author"), member("other")
    submit(filled(draft), workflow, author)
    approve(client, author, draft)
    assert not ContentPage.objects.get(pk=draft.pk).live
    approve(client, other, draft)
    assert ContentPage.objects.get(pk=draft.pk).live


def test_approval_from_a_list_explains_its_refusal(workflow, draft, client):
    submit(draft, workflow, member("author"))
    response = approve(client, member("other"), draft)
    assert response.url == reverse("wagtailadmin_pages:edit", args=[draft.pk])
    assert "رؤيتنا" in client.get(response.url).content.decode()
    assert ContentPage.objects.get(pk=draft.pk).current_workflow_task_state.status == "in_progress"


def test_bulk_publishing_is_refused_with_a_message(section, draft, admin, client):
    draft.save_revision()
    client.force_login(admin)
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"]) + f"?id={draft.pk}"
    draft.title = "<b>رؤيتنا</b>"
    draft.save_revision()
    html = client.post(url, follow=True).content.decode()
    assert "<b>رؤيتنا</b>" not in html
    assert "&lt;b&gt;رؤيتنا&lt;/b&gt;" in html
    assert not Page.objects.get(pk=draft.pk).live


@pytest.mark.parametrize(
    "text",
    [
        "…",
        "الرسوم: …",
        "xxx",
        "XXXX",
        "لاحقاً",
        "يُملأ لاحقاً",
        "يملأ",
        "يُحدَّد لاحقًا",
        "تضاف التفاصيل فيما بعد",
        "پڕ بکرێتەوە",
        "دواتر پڕ دەکرێتەوە",
        "Lorem ipsum dolor sit amet",
        "TODO: write",
        "<p>نص صحيح.</p><p>TODO</p>",
        "<h2></h2><p>نص</p>",
        "<h3> <br/></h3>",
        "to be completed",
        "نص تجريبي",
    ],
)
def test_placeholders_are_found(text):
    assert find_placeholders(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "أكد الوزير أن الوزارة ستعلن النتائج لاحقاً بعد اكتمال التدقيق في جميع المحافظات.",
        "وقال: «نعمل من أجل المواطن…» ثم شكر الحاضرين على جهودهم الكبيرة.",
        "المزيد…",
        "دواتر پاسپۆرتەکەت لە هەمان فەرمانگە وەردەگریت.",
        "Maximum 30 days; the todos of a household",
        "<h2>المستمسكات</h2><p>هوية الأحوال المدنية.</p>",
        "يملأ المواطن الاستمارة ثم يراجع الدائرة.",
    ],
)
def test_ordinary_text_is_no_placeholder(text):
    assert find_placeholders(text) == []


@given(st.text())
def test_any_text_can_be_searched_for_placeholders(text):
    assert isinstance(find_placeholders(text), list)


def test_a_placeholder_in_a_stream_blocks_publishing_and_names_the_field(draft):
    filled(draft)
    draft.body = BODY.replace("نص كامل عن الدائرة.", "يُملأ لاحقاً")
    problems = draft.gate_problems()
    assert [(problem.field, problem.code) for problem in problems] == [("body", "placeholder")]
    assert isinstance(problems[0], GateProblem)

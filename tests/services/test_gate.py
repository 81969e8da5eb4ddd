"""The publish gate of services: problems that prevent publication, and reasons that are accepted instead of facts."""

import datetime

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from wagtail.models import Locale

from egov_cms.services.models import ServiceIndexPage, ServicePage, ServiceRelation
from egov_cms.site.gate import PublishRefused
from egov_cms.site.models import Governorate, Notice, Office

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(service):
    """A published service in memory, with its rows, that a test can change."""
    page = service("IQ-MOI-004", "ar")
    page.not_applicable = {**page.not_applicable}
    return page


def codes(page):
    return {(problem.field, problem.code) for problem in page.gate_problems()}


def rows(page, relation, **changes):
    """Change the first row of a relation in memory."""
    items = list(getattr(page, relation).all())
    for name, value in changes.items():
        setattr(items[0], name, value)
    getattr(page, relation).set(items)


def test_the_sample_passes(sample):
    for page in ServicePage.objects.all()[:9]:
        assert page.gate_problems() == []


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("service_code", "", ("service_code", "required")),
        ("summary", "", ("summary", "required")),
        ("owner_unit", None, ("owner_unit", "required")),
        ("is_free", True, ("is_free", "contradiction")),
        ("needs_no_documents", True, ("needs_no_documents", "contradiction")),
        ("duration_unit", "", ("duration_max", "required")),
        ("status", "suspended", ("status", "no_notice")),
        ("summary", "سيُضاف لاحقاً", ("summary", "placeholder")),
        ("popular_names", "xxx", ("popular_names", "placeholder")),
    ],
)
def test_one_wrong_value(page, field, value, problem):
    setattr(page, field, value)
    assert problem in codes(page)


@pytest.mark.parametrize(
    ("relation", "problem"),
    [
        ("documents", ("documents", "required")),
        ("steps", ("steps", "too_few")),
        ("fees", ("fees", "required")),
        ("channels", ("channels", "required")),
        ("outputs", ("outputs", "required")),
        ("audiences", ("audiences", "required")),
        ("life_events", ("life_events", "required")),
    ],
)
def test_one_missing_answer(page, relation, problem):
    getattr(page, relation).set([])
    assert problem in codes(page)


@pytest.mark.parametrize(
    ("relation", "question"),
    [("fees", "fees"), ("steps", "steps"), ("channels", "channels"), ("outputs", "outputs")],
)
def test_a_reason_of_ten_letters_is_accepted(page, relation, question):
    getattr(page, relation).set([])
    page.digital_level = 1
    page.not_applicable[question] = "لا ينطبق"
    assert (relation, "required") in codes(page) or (relation, "too_few") in codes(page)
    assert ("not_applicable", "reason") in codes(page)
    page.not_applicable[question] = "لا ينطبق على هذه الخدمة"
    assert not [problem for problem in codes(page) if problem[0] in (relation, "not_applicable")]


def test_needs_no_documents_is_accepted(page):
    page.documents.set([])
    page.needs_no_documents = True
    assert codes(page) == set()


def test_an_informational_service_needs_no_steps(page):
    page.steps.set([])
    page.ur_class = "informational"
    assert codes(page) == set()


def test_an_owner_and_another_person_as_backup(page):
    page.not_applicable.pop("owner")
    assert {("content_owner", "required"), ("backup_owner", "required")} <= codes(page)
    page.content_owner = page.backup_owner = User.objects.create_user("one")
    assert codes(page) == {("backup_owner", "same_person")}
    page.backup_owner = User.objects.create_user("two")
    assert codes(page) == set()


def test_level_three_needs_an_online_address(page):
    rows(page, "channels", url="")
    assert {("digital_level", "no_address"), ("channels", "no_address")} <= codes(page)
    page.digital_level = 2
    assert codes(page) == {("channels", "no_address")}
    page.not_applicable["online_address"] = "العنوان لم يُعلن بعد"
    page.digital_level = 3
    assert codes(page) == set()


def test_a_counter_needs_an_office(page):
    page.not_applicable.pop("offices")
    assert codes(page) == {("channels", "no_office")}
    place = Governorate.objects.create(code="X1", slug="x1", name={"ar": "أ", "ckb": "ب", "en": "c"})
    Office.objects.create(name={"ar": "دائرة"}, unit=page.owner_unit, governorate=place)
    assert codes(page) == set()


def test_a_suspended_service_needs_a_notice_that_names_it(page):
    page.status = "suspended"
    notice = Notice.objects.create(
        title={"ar": "أ", "ckb": "ب", "en": "c"},
        body={"ar": "أ", "ckb": "ب", "en": "c"},
        ends=timezone.now() + datetime.timedelta(days=1),
    )
    assert ("status", "no_notice") in codes(page)
    notice.pages.add(page)
    assert codes(page) == set()
    Notice.objects.update(ends=timezone.now() - datetime.timedelta(days=1))
    assert ("status", "no_notice") in codes(page)


def test_a_group_of_alternatives_has_two(page):
    rows(page, "documents", alternative_group="identity")
    assert codes(page) == {("documents", "alternatives")}


@pytest.mark.parametrize(
    ("relation", "name"), [("fees", "label"), ("outputs", "name"), ("requirements", "text")]
)
def test_a_row_without_its_text_is_named(page, relation, name):
    rows(page, relation, **{name: " "})
    (problem,) = page.gate_problems()
    assert (problem.field, problem.code) == (relation, "empty")
    assert "1" in problem.message


def test_placeholders_in_rows_name_the_rows(page):
    rows(page, "fees", label="Lorem ipsum")
    assert codes(page) == {("fees", "placeholder")}


def test_services_do_not_require_each_other_in_a_cycle(page, service):
    other = service("IQ-MOI-003", "ar")
    ServiceRelation.objects.create(page=other, locale=other.locale, key="N1", target=page, kind="requires")
    page.relations.set([ServiceRelation(target=other, kind="requires", key="N1")])
    assert codes(page) == {("relations", "cycle")}
    page.relations.set([ServiceRelation(target=other, kind="related", key="N1")])
    assert codes(page) == set()


def test_publishing_is_refused_and_a_draft_is_saved(page):
    page.summary = ""
    revision = page.save_revision()
    with pytest.raises(PublishRefused) as refused:
        revision.publish()
    assert [problem.field for problem in refused.value.problems] == ["summary"]
    page.refresh_from_db()
    assert page.summary != ""


def test_a_copy_has_no_code(page):
    index = ServiceIndexPage.objects.get(locale=page.locale)
    copy = page.copy(to=index, update_attrs={"slug": "a-copy", "title": "نسخة"}, keep_live=False)
    assert copy.service_code == ""
    assert page.service_code == "IQ-MOI-004"


def test_a_translation_has_the_code_of_its_source(page, service):
    service("IQ-MOI-004", "en").delete()
    made = page.copy_for_translation(Locale.objects.get(language_code="en"))
    assert made.service_code == made.get_latest_revision_as_object().service_code == "IQ-MOI-004"
    assert made.slug == page.slug

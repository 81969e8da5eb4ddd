"""Editors in the real admin: the publish gate, facts on the source page, texts on the translations."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from egov_cms.services.models import ServiceFee, ServiceIndexPage, ServicePage

from .forms import errors, form_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client, sample):
    client.force_login(User.objects.create_superuser("admin", "admin@example.gov.iq", "password"))
    return client


def open_form(client, page):
    response = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert response.status_code == 200
    return form_data(response)


def post(client, page, data, *actions):
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return client.post(url, {**data, **dict.fromkeys(actions, "1")})


def by_a_second_person(page):
    """Publish the draft as another user: a changed fee needs two users."""
    second = User.objects.create_superuser("second", "second@example.gov.iq", "password")
    ServicePage.objects.get(pk=page.pk).get_latest_revision().publish(user=second)


def fee_input(data, amount):
    """The name of the input with an amount."""
    return next(name for name, value in data.items() if name.endswith("-amount_minor") and value == amount)


def test_a_fee_edited_in_arabic_appears_in_sorani_and_english(editor, service):
    page = service("IQ-MOI-004", "ar")
    data = open_form(editor, page)
    data[fee_input(data, "50000")] = "٧٥٬٠٠٠"
    data["change_reason"] = "قرار مجلس الوزراء"
    assert post(editor, page, data).status_code == 302
    assert service("IQ-MOI-004", "en").fees.all()[0].amount_minor == 50000
    by_a_second_person(page)
    for language in ("ar", "ckb", "en"):
        fees = service("IQ-MOI-004", language).fees.all()
        assert [fee.amount_minor for fee in fees] == [75000, 10000], language
    assert service("IQ-MOI-004", "en").fees.all()[0].label == "Licence fee"
    assert service("IQ-MOI-004", "ckb").fees.all()[0].label == "تێچووی مۆڵەت"
    assert "75,000" in editor.get(service("IQ-MOI-004", "en").url).content.decode()


def test_a_fee_is_read_only_on_a_translation(editor, service):
    page = service("IQ-MOI-004", "en")
    data = open_form(editor, page)
    assert not [name for name in data if "amount_minor" in name or name in ("visits", "service_code")]
    fee = page.fees.all()[0]
    label = f"words-fees-{fee.translation_key}-label"
    assert data[label] == "Licence fee"
    forged = {"fees-TOTAL_FORMS": "1", "fees-0-id": str(fee.pk), "fees-0-amount_minor": "1", "visits": "9"}
    response = post(editor, page, {**data, **forged, label: "Fee for the licence"}, "action-publish")
    assert response.status_code == 302, errors(response)
    page = service("IQ-MOI-004", "en")
    assert [fee.amount_minor for fee in page.fees.all()] == [50000, 10000]
    assert page.visits == 3
    assert page.fees.all()[0].label == "Fee for the licence"
    assert service("IQ-MOI-004", "ar").fees.all()[0].label == "رسم الإجازة"


def test_a_draft_with_title_and_code_saves(editor, sample):
    index = ServiceIndexPage.objects.get(locale__language_code="ar")
    url = reverse("wagtailadmin_pages:add", args=["egov_services", "servicepage", index.pk])
    data = form_data(editor.get(url))
    response = editor.post(url, {**data, "title": "خدمة جديدة", "service_code": "IQ-MOP-777"})
    assert response.status_code == 302, errors(response)
    page = ServicePage.objects.get(service_code="IQ-MOP-777")
    assert not page.live
    refused = editor.post(url, {**data, "title": "خدمة أخرى", "service_code": ""})
    assert refused.status_code == 200
    assert not ServicePage.objects.filter(title="خدمة أخرى").exists()


def remove_rows(data, relation):
    for name in list(data):
        if name.startswith(f"{relation}-") and name.endswith("-DELETE"):
            data[name] = "on"
    total = int(data[f"{relation}-TOTAL_FORMS"])
    return {**data, **{f"{relation}-{number}-DELETE": "on" for number in range(total)}}


def test_a_service_without_documents_answer_is_not_published(editor, service):
    page = service("IQ-MOI-007", "ar")
    data = remove_rows(open_form(editor, page), "documents")
    refused = post(editor, page, data, "action-publish")
    assert refused.status_code == 200
    assert service("IQ-MOI-007", "ar").documents.count() == 4
    published = post(editor, page, {**data, "needs_no_documents": "on"}, "action-publish")
    assert published.status_code == 302, errors(published)
    assert service("IQ-MOI-007", "ar").documents.count() == 0
    assert service("IQ-MOI-007", "en").needs_no_documents


def test_placeholder_text_blocks_publishing_and_names_the_field(editor, service):
    for language, field, text in (
        ("ar", "summary", "يُملأ لاحقاً"),
        ("en", "summary", "Lorem ipsum dolor sit amet"),
        ("ckb", "summary", "پڕ بکرێتەوە"),
    ):
        page = service("IQ-MOI-004", language)
        before = page.summary
        refused = post(editor, page, {**open_form(editor, page), field: text}, "action-publish")
        assert refused.status_code == 200, language
        assert field in refused.context["form"].errors, language
        assert service("IQ-MOI-004", language).summary == before


def test_a_code_is_refused_twice_and_after_publication(editor, service):
    page = service("IQ-MOI-004", "ar")
    data = open_form(editor, page)
    for code in ("IQ-MOI-005", "IQ-MOI-999", "moi-4"):
        refused = post(editor, page, {**data, "service_code": code})
        assert refused.status_code == 200, code
        assert "service_code" in refused.context["form"].errors
    assert service("IQ-MOI-004", "ar").service_code == "IQ-MOI-004"


def test_a_reason_is_accepted_instead_of_facts(editor, service):
    page = service("IQ-MOI-001", "ar")
    data = {**open_form(editor, page), "duration_min": "", "duration_max": "", "duration_unit": ""}
    assert post(editor, page, data, "action-publish").status_code == 200
    names = [name for name in data if name.startswith("not_applicable_")]
    assert len(names) == 8
    short = post(editor, page, {**data, "not_applicable_duration": "يختلف"}, "action-publish")
    assert short.status_code == 200
    answered = post(
        editor, page, {**data, "not_applicable_duration": "يختلف بحسب حالة الطلب"}, "action-publish"
    )
    assert answered.status_code == 302, errors(answered)
    assert service("IQ-MOI-001", "en").duration_unit == ""


def test_new_rows_get_keys_that_all_languages_share(editor, service):
    page = service("IQ-MOI-004", "ar")
    data = open_form(editor, page)
    total = int(data["fees-TOTAL_FORMS"])
    row = {
        "id": "",
        "label": "طابع",
        "kind": "fixed",
        "amount_minor": "1000",
        "currency": "IQD",
        "ORDER": "9",
    }
    data |= {f"fees-{total}-{name}": value for name, value in row.items()}
    data["fees-TOTAL_FORMS"] = str(total + 1)
    assert post(editor, page, {**data, "change_reason": "تعليمات جديدة"}).status_code == 302
    by_a_second_person(page)
    for language in ("ar", "ckb", "en"):
        fees = ServiceFee.objects.filter(page=service("IQ-MOI-004", language))
        assert [fee.key for fee in fees] == ["F1", "F2", "F3"], language


def test_every_list_of_records_opens(editor):
    for name in ("documenttype", "steptemplate", "lifeevent", "audience", "servicecategory", "glossaryterm"):
        response = editor.get(reverse(f"wagtailsnippets_egov_services_{name}:list"))
        assert response.status_code == 200, name
        assert editor.get(reverse(f"wagtailsnippets_egov_services_{name}:add")).status_code == 200, name

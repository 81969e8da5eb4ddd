"""The admin of records: lists, forms, permissions of the roles."""

import datetime as dt

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse
from django.utils import translation

from egov_cms.site import roles, seed
from egov_cms.site.admin import MinistryGroup
from egov_cms.site.models import (
    Faq,
    Governorate,
    Holiday,
    LegalReference,
    MinistryIdentity,
    Notice,
    Office,
    OfficeHours,
    SiteSettings,
)

pytestmark = [pytest.mark.django_db, pytest.mark.contract]
MODELS = (Office, Notice, LegalReference, Faq, Holiday, Governorate, MinistryIdentity)


@pytest.fixture
def records(homes):
    seed.load_governorates()
    words = {"ar": "أحمد حسن", "ckb": "ئەحمەد", "en": "Ahmed"}
    office = Office(name=words, governorate=Governorate.objects.get(code="BG"))
    office.hours = [OfficeHours(weekday=0, opens=dt.time(8), closes=dt.time(14))]
    office.save()
    site = homes["ar"].get_site()
    return {
        Office: office,
        Notice: Notice.objects.create(title=words, body=words, ends=dt.datetime(2099, 1, 1, tzinfo=dt.UTC)),
        LegalReference: LegalReference.objects.create(title=words, number="12", year=2024),
        Faq: Faq.objects.create(question=words, answer=words),
        Holiday: Holiday.objects.create(date=dt.date(2026, 1, 1), name=words),
        Governorate: Governorate.objects.get(code="BG"),
        MinistryIdentity: MinistryIdentity.objects.create(site=site, name=words),
    }


def url(model, view, *args):
    return reverse(f"wagtailsnippets_{model._meta.label_lower.replace('.', '_')}:{view}", args=args)


def test_every_record_has_a_list_in_the_ministrys_menu():
    assert {item.model for item in MinistryGroup.items} == set(MODELS)


@pytest.mark.parametrize("words", ["احمد", "أحمد حسن", "AHMED", "ئەحمەد", "احمد بغداد"])
def test_offices_are_found_with_any_spelling_of_their_letters(records, admin, client, words):
    client.force_login(admin)
    html = client.get(url(Office, "list"), {"q": words}).content.decode()
    assert url(Office, "edit", records[Office].pk) in html
    assert (
        url(Office, "edit", records[Office].pk)
        not in client.get(url(Office, "list"), {"q": "زاخو"}).content.decode()
    )


def test_an_office_is_created_with_its_hours(records, admin, client):
    client.force_login(admin)
    data = {
        "name_ar": "دائرة الجوازات",
        "name_0": "دائرة الجوازات",
        "kind": "branch",
        "governorate": Governorate.objects.get(code="BG").pk,
        "phones": "0770 123 4567",
        "sort_order": "1",
        "latitude": "33.31524149",
        "longitude": "44.36610001",
        "is_public": "on",
        "hours-TOTAL_FORMS": "1",
        "hours-INITIAL_FORMS": "0",
        "hours-MIN_NUM_FORMS": "0",
        "hours-MAX_NUM_FORMS": "7",
        "hours-0-weekday": "0",
        "hours-0-opens": "08:00",
        "hours-0-closes": "14:00",
        "hours-0-id": "",
        "special_periods-TOTAL_FORMS": "0",
        "special_periods-INITIAL_FORMS": "0",
        "special_periods-MIN_NUM_FORMS": "0",
        "special_periods-MAX_NUM_FORMS": "1000",
    }
    response = client.post(url(Office, "add"), data)
    assert response.status_code == 302, response.context["form"].errors
    office = Office.objects.get(phones=["+9647701234567"])
    assert str(office.latitude) == "33.315241"
    assert office.hours.get().spans[0].closes == dt.time(14)


def test_a_notice_without_an_end_or_in_one_language_is_refused(records, admin, client):
    client.force_login(admin)
    form = client.post(
        url(Notice, "add"), {"level": "info", "title_ar": "تنبيه", "starts": "2026-01-01 08:00"}
    ).context["form"]
    assert {"ends", "title", "body"} <= set(form.errors)


def test_settings_refuse_colours_without_enough_contrast(homes, admin, client):
    client.force_login(admin)
    site = homes["ar"].get_site()
    settings_url = reverse("wagtailsettings:edit", args=["egov_site", "sitesettings", site.pk])
    assert client.get(settings_url).status_code == 200
    data = {
        "primary_colour": "#eeeeee",
        "accent_colour": "#9a5a1c",
        "digits": "latn",
        "home_layout": "services",
        "licence": "cc-by-4.0",
    }
    assert "primary_colour" in client.post(settings_url, data).context["form"].errors
    assert client.post(settings_url, {**data, "primary_colour": "#12395b"}).status_code == 302
    assert SiteSettings.for_site(site).primary_colour == "#12395b"


def staff(role, homes):
    roles.apply_roles(homes, "ar")
    user = User.objects.create_user(
        role.replace(" ", "-"), f"{role.replace(' ', '.')}@example.gov.iq", "password"
    )
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.mark.parametrize(
    ("role", "view", "model", "allowed"),
    [
        ("service editor", "add", Office, True),
        ("service editor", "delete", Office, False),
        ("service editor", "add", Governorate, False),
        ("publisher", "delete", Office, True),
        ("publisher", "add", Notice, True),
        ("auditor", "list", LegalReference, True),
        ("auditor", "add", LegalReference, False),
        ("translator", "add", Office, False),
        ("complaints officer", "list", Office, False),
    ],
)
def test_roles_open_only_the_views_they_have_permission_for(
    records, homes, client, role, view, model, allowed
):
    client.force_login(staff(role, homes))
    args = [records[model].pk] if view == "delete" else []
    status = client.get(url(model, view, *args)).status_code
    assert (status == 200) is allowed


def test_a_translator_edits_translations_only(homes, client):
    client.force_login(staff("translator", homes))
    pages = {
        code: client.get(reverse("wagtailadmin_pages:edit", args=[home.pk])) for code, home in homes.items()
    }
    assert {code: page.status_code for code, page in pages.items()} == {"ar": 302, "ckb": 200, "en": 200}


@pytest.mark.parametrize(
    "model_name",
    [
        "homepage", "sectionpage", "contentpage", "newsindexpage", "organisationindexpage", "peopleindexpage",
        "officeindexpage", "legislationindexpage", "faqpage", "azpage", "sitemappage",
    ],
)  # fmt: skip
def test_page_forms_open_with_at_most_two_tabs(homes, admin, client, model_name):
    client.force_login(admin)
    parent = homes["ar"].get_parent() if model_name == "homepage" else homes["ar"]
    response = client.get(reverse("wagtailadmin_pages:add", args=["egov_site", model_name, parent.pk]))
    assert response.status_code == 200
    assert (
        response.content.decode().count('role="tab"') <= 2 + 2
    )  # the form's tabs, and those of the side panel


def test_choosers_are_in_the_language_of_the_user():
    widget = LegalReference.snippet_viewset.chooser_viewset.widget_class
    for language, words in {"ar": "اختر", "ckb": "هەڵبژێرە", "en": "Choose legal reference"}.items():
        with translation.override(language):
            assert words in str(widget.choose_one_text)
            assert words in widget.render("legal", None, {"id": "id_legal"})

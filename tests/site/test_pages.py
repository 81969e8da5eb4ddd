"""Addresses, translations, crumbs and lists of pages."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from wagtail.models import Page

from egov_cms.site.models import (
    Appointment,
    AZPage,
    ContentPage,
    LegalReference,
    LegislationIndexPage,
    NewsIndexPage,
    NewsPage,
    Office,
    OfficeIndexPage,
    OrganisationIndexPage,
    OrganisationUnitPage,
    PeopleIndexPage,
    PersonPage,
    SectionPage,
)
from egov_cms.site.models.organisation import current_appointments
from egov_cms.site.seed import load_governorates

from .conftest import add_page, publish, translate

pytestmark = pytest.mark.django_db


def request(path="/ar/"):
    return RequestFactory().get(path)


@pytest.mark.parametrize("slug", ["الوزارة", "About", "a--b", "-a", "a_b", "a b"])
def test_an_address_is_ascii(homes, slug):
    page = SectionPage(title="عن", slug=slug, locale=homes["ar"].locale, live=False)
    with pytest.raises(ValidationError) as refused:
        homes["ar"].add_child(instance=page)
    assert "slug" in refused.value.message_dict


@pytest.mark.parametrize(("title", "slug"), [("About us", "about-us"), ("عن الوزارة", "page-")])
def test_a_draft_gets_a_slug(homes, title, slug):
    page = homes["ar"].add_child(instance=SectionPage(title=title, locale=homes["ar"].locale, live=False))
    assert page.slug.startswith(slug)


def test_alternates_are_the_public_translations_itself_included(homes):
    section = add_page(homes["ar"], SectionPage, title="قسم", slug="section")
    sorani = publish(translate(section, "ckb"))
    translate(section, "en")
    assert [alternate.code for alternate in section.alternates(request())] == ["ar", "ckb"]
    assert sorani.alternates(request())[0].url.endswith("/ar/section/")
    assert section.available_in() == ["ar", "ckb"]
    sorani.unpublish()
    assert section.available_in() == ["ar"]


def test_alternates_of_an_office_keep_its_address(homes):
    index = add_page(homes["ar"], OfficeIndexPage, title="الدوائر", slug="offices")
    publish(translate(index, "en"))
    urls = [alternate.url for alternate in index.alternates(request("/ar/offices/baghdad/passports/"))]
    assert [url.removeprefix("http://testserver") for url in urls] == [
        "/ar/offices/baghdad/passports/",
        "/en/offices/baghdad/passports/",
    ]


def test_aliases_and_restricted_pages_are_not_public(homes):
    section = add_page(homes["ar"], SectionPage, title="قسم", slug="section")
    alias = section.copy_for_translation(homes["ckb"].locale, alias=True)
    assert alias.alias_of_id
    restricted = add_page(homes["ar"], SectionPage, title="داخلي", slug="internal")
    restricted.view_restrictions.create(restriction_type="login")
    draft = homes["ar"].add_child(
        instance=SectionPage(title="مسودة", slug="draft", locale=homes["ar"].locale, live=False)
    )
    assert list(SectionPage.objects.public()) == [section]
    assert draft not in SectionPage.objects.public()


def test_crumbs_lead_from_home_to_the_parent(homes, django_assert_num_queries):
    section = add_page(homes["ar"], SectionPage, title="قسم", slug="section")
    page = add_page(section, SectionPage, title="فرع", slug="branch")
    page = SectionPage.objects.get(pk=page.pk)
    assert [crumb.title for crumb in page.crumbs] == ["home ar", "قسم"]
    assert homes["ar"].crumbs == []


@pytest.fixture
def ministry(homes):
    index = add_page(homes["ar"], OrganisationIndexPage, title="الهيكل", slug="organisation")
    root = add_page(index, OrganisationUnitPage, title="الوزارة", slug="ministry", code="M")
    department = add_page(root, OrganisationUnitPage, title="دائرة", slug="department", code="D")
    add_page(department, OrganisationUnitPage, title="قسم", slug="section", code="S")
    return index, department


def test_the_organisation_is_a_nested_list_in_one_query(ministry, django_assert_num_queries):
    index, _department = ministry
    tree = index.get_context(request())["tree"]
    assert [node.page.code for node in tree] == ["M"]
    assert [child.page.code for child in tree[0].children] == ["D"]
    assert [child.page.code for child in tree[0].children[0].children] == ["S"]


def test_people_are_sorted_by_their_current_roles(homes, ministry):
    _index, unit = ministry
    people = add_page(homes["ar"], PeopleIndexPage, title="المسؤولون", slug="people")
    today = dt.date.today()
    day = dt.timedelta(days=1)
    for name, rank, ends in (("former", 10, today - day), ("director", 50, None), ("minister", 10, None)):
        person = PersonPage(title=name, slug=name, locale=people.locale, live=False)
        person.appointments = [Appointment(role=f"role of {name}", rank=rank, unit=unit, ends=ends)]
        people.add_child(instance=person)
        person.save_revision().publish()
    assert [person.title for person in people.people()] == ["minister", "director", "former"]
    assert [row.role for row in current_appointments(unit)] == ["role of minister", "role of director"]
    current, past = PersonPage.objects.get(slug="former").roles()
    assert (current, [row.role for row in past]) == ([], ["role of former"])


def test_a_role_cannot_end_before_it_starts():
    with pytest.raises(ValidationError):
        Appointment(starts=dt.date(2026, 2, 1), ends=dt.date(2026, 1, 1)).clean()


def test_the_a_to_z_follows_the_alphabet_of_the_language(homes):
    index = add_page(homes["ar"], AZPage, title="فهرس", slug="a-z")
    for title in ("وزارة", "الأخبار", "بيانات"):
        add_page(homes["ar"], SectionPage, title=title, slug=f"s{ord(title[-1])}")
    letters = index.letters()
    names = [letter.letter for letter in letters]
    assert names.index("ب") < names.index("و")
    assert {entry.title for letter in letters for entry in letter.entries} >= {"وزارة", "الأخبار", "بيانات"}


def test_news_by_year_and_page(homes, client):
    index = add_page(homes["ar"], NewsIndexPage, title="الأخبار", slug="news")
    for year in (2025, 2026):
        add_page(
            index, NewsPage, title=f"خبر {year}", slug=f"n{year}", summary="خبر", date=dt.date(year, 1, 2)
        )
    context = index.get_context(request("/ar/news/?year=2025&page=99"))
    assert (context["years"], context["year"]) == ([2026, 2025], 2025)
    assert [item.title for item in context["page_obj"]] == ["خبر 2025"]
    assert client.get("/ar/news/?year=1999").status_code == 404


def test_offices_have_addresses_by_governorate(homes, client):
    governorates = load_governorates()
    add_page(homes["ar"], OfficeIndexPage, title="الدوائر", slug="offices")
    Office.objects.create(name={"ar": "جوازات بغداد", "en": "Passports"}, governorate=governorates["BG"])
    Office.objects.create(name={"ar": "سفارة", "en": "Embassy"}, kind="mission")
    Office.objects.create(
        name={"ar": "مغلقة", "en": "Hidden"}, governorate=governorates["BG"], is_public=False
    )
    for path, status in (
        ("", 200),
        ("baghdad/", 200),
        ("baghdad/passports/", 200),
        ("abroad/", 200),
        ("abroad/embassy/", 200),
        ("basra/passports/", 404),
        ("baghdad/hidden/", 404),
        ("atlantis/", 404),
        ("?governorate=atlantis", 404),
        ("?page=x", 200),
    ):
        assert client.get(f"/ar/offices/{path}").status_code == status, path
    assert "جوازات بغداد" in client.get("/ar/offices/", {"q": "بغداد"}).content.decode()
    assert "جوازات بغداد" not in client.get("/ar/offices/abroad/").content.decode()


def test_legislation_is_filtered_and_has_addresses(homes, client):
    add_page(homes["ar"], LegislationIndexPage, title="القوانين", slug="legislation")
    LegalReference.objects.create(title={"ar": "قانون الجوازات"}, number="32", year=2015)
    LegalReference.objects.create(title={"ar": "نظام قديم"}, kind="regulation", year=1999, status="repealed")
    for path, status in (
        ("law-32-2015/", 200),
        ("nothing/", 404),
        ("?kind=law", 200),
        ("?kind=poem", 404),
        ("?status=unknown", 404),
        ("?year=x", 404),
        ("?year=1999", 200),
    ):
        assert client.get(f"/ar/legislation/{path}").status_code == status, path
    html = client.get("/ar/legislation/", {"q": "الجوازات"}).content.decode()
    assert "قانون الجوازات" in html
    assert "نظام قديم" not in html


def test_units_and_people_are_allowed_only_below_their_index_pages():
    assert not NewsPage.can_create_at(Page(depth=1))
    assert ContentPage in SectionPage.allowed_subpage_models()
    assert NewsPage not in SectionPage.allowed_subpage_models()
    assert PersonPage in PeopleIndexPage.allowed_subpage_models()

"""Factories make whole things: published, valid, found where a reader looks."""

import pytest
from django.conf import settings
from wagtail.models import Locale, Site

from egov_cms.services.models import ServicePage
from egov_cms.site import roles
from egov_cms.site.models import Governorate, Notice, Office, SectionPage
from egov_cms.testing import factories
from egov_cms.testing.services import service

pytestmark = pytest.mark.django_db
LANGUAGES = [code for code, _name in settings.WAGTAIL_CONTENT_LANGUAGES]


def test_a_site_has_a_home_page_in_each_language(home_pages, client):
    assert list(home_pages) == LANGUAGES
    assert len({home.translation_key for home in home_pages.values()}) == 1
    assert Site.objects.get().root_page_id == home_pages[LANGUAGES[0]].pk
    for code in LANGUAGES:
        assert client.get(f"/{code}/").status_code == 200


def test_a_site_can_be_made_again(home_pages):
    again = factories.home_pages("other.example")
    assert {page.pk for page in again.values()}.isdisjoint(page.pk for page in home_pages.values())
    assert Site.objects.get().hostname == "other.example"


def test_a_page_of_text_is_read_where_it_stands(home_pages, client):
    page = factories.content_page(home_pages["en"], "Where to go", slug="where")
    answer = client.get("/en/where/")
    assert answer.status_code == 200
    assert "Where to go" in answer.content.decode()
    assert page.live_revision_id


def test_a_draft_is_not_public(home_pages, client):
    page = factories.add_page(home_pages["ar"], SectionPage, live=False, title="قسم", slug="part")
    assert not page.live
    assert factories.publish(page).live


def test_a_translation_is_a_draft_in_the_other_language(home_pages):
    page = factories.content_page(home_pages["ar"], slug="about")
    draft = factories.translate(page, "en")
    assert (draft.locale.language_code, draft.live) == ("en", False)
    assert draft.translation_key == page.translation_key


def test_units_share_one_index(home_pages):
    units = [factories.organisation_unit(home_pages["ar"]) for _time in range(2)]
    assert len({unit.get_parent().pk for unit in units}) == 1
    assert units[0].slug != units[1].slug


def test_a_governorate_is_there_once():
    first = factories.governorate("Erbil", code="ERB")
    assert factories.governorate("Arbil", code="ERB") == first
    assert set(first.name) == set(LANGUAGES)
    assert factories.governorate().code != factories.governorate().code


def test_an_office_is_public_and_stands_somewhere(home_pages):
    office = factories.office({"ar": "دائرة", "en": "Office"}, slug="karkh")
    assert office in Office.objects.public()
    assert office.governorate in Governorate.objects.all()
    assert factories.office(kind=Office.Kind.MISSION).governorate is None


def test_a_notice_is_in_force_where_it_says(home_pages):
    office = factories.office()
    here = factories.notice("Closed", offices=[office])
    everywhere = factories.notice()
    assert not here.everywhere
    assert everywhere.everywhere
    assert set(Notice.objects.current()) == {everywhere}
    assert here in Notice.objects.of_places()


def test_a_service_is_published_in_every_language(home_pages, client):
    pages = service("IQ-TST-007", {"en": "Passports"})
    assert list(pages) == LANGUAGES
    assert all(page.live for page in pages.values())
    assert client.get(pages["en"].url).status_code == 200
    assert "Passports" in client.get(pages["en"].url).content.decode()


def test_a_service_may_be_a_draft_with_facts_of_its_own(home_pages):
    pages = service(live=False, is_free=False, visits=3)
    assert {(page.live, page.visits) for page in pages.values()} == {(False, 3)}
    assert service()["ar"].service_code != pages["ar"].service_code
    assert ServicePage.objects.live().count() == len(LANGUAGES)


def test_somebody_with_a_role_has_its_rights(home_pages):
    publisher = factories.user_with_role(roles.PUBLISHER, home_pages)
    translator = factories.user_with_role(roles.TRANSLATOR, home_pages, username="nadia")
    home = home_pages["ar"]
    assert home.permissions_for_user(publisher).can_publish()
    assert not home.permissions_for_user(translator).can_edit()
    assert home_pages["en"].permissions_for_user(translator).can_edit()
    assert translator.username == "nadia"
    with pytest.raises(KeyError, match="no role 'king'"):
        factories.user_with_role("king", home_pages)


def test_the_superuser_may_do_everything():
    assert factories.superuser().is_superuser
    assert Locale.objects.exists()

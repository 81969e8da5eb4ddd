"""The demonstration loads in three languages, is marked as illustrative, and can be loaded again without changes."""

import pytest
from django.contrib.auth.models import User
from wagtail.models import Page, Revision, TaskState

from egov_cms.demo import drawings
from egov_cms.demo.content import read
from egov_cms.demo.loading import EDITORS, load
from egov_cms.demo.passwords import get_or_create_password
from egov_cms.services.models import ServicePage
from egov_cms.site.gate import PublishGate
from egov_cms.site.models import (
    ContentPage,
    Faq,
    Governorate,
    HomePage,
    LegalReference,
    NewsPage,
    Notice,
    Office,
    OrganisationUnitPage,
    PageFeedback,
    PersonPage,
    SiteSettings,
)

LANGUAGES = ("ar", "ckb", "en")


def live(model):
    return {code: model.objects.filter(live=True, locale__language_code=code).count() for code in LANGUAGES}


def test_the_same_amount_in_each_language(loaded):
    assert live(HomePage) == dict.fromkeys(LANGUAGES, 1)
    assert live(ServicePage) == dict.fromkeys(LANGUAGES, 30)
    assert live(NewsPage) == dict.fromkeys(LANGUAGES, 10)
    assert live(PersonPage) == dict.fromkeys(LANGUAGES, 7)
    assert live(ContentPage) == dict.fromkeys(LANGUAGES, 4 + 3)
    units = live(OrganisationUnitPage)
    assert units["ar"] > 40
    assert units == dict.fromkeys(LANGUAGES, units["ar"])


def test_records_of_the_country(loaded):
    assert Governorate.objects.count() == 19
    assert Office.objects.public().count() >= 25
    assert len(set(Office.objects.values_list("governorate__code", flat=True))) == 19
    assert LegalReference.objects.count() >= len(read("records")["laws"])
    assert Faq.objects.count() == len(read("records")["faq"])
    assert len(Notice.objects.current()) == 1
    for record in (*Office.objects.all(), *LegalReference.objects.all(), *Faq.objects.all()):
        words = getattr(record, "name", None) or getattr(record, "title", None) or record.question
        assert set(LANGUAGES) <= {code for code in LANGUAGES if words.get(code)}, record


def test_everything_is_marked_as_illustrative(loaded, client):
    assert SiteSettings.objects.get().illustrative
    for person in PersonPage.objects.filter(live=True):
        assert any(word in person.title for word in ("توضيحي", "نموونەیی", "illustrative")), person.title
    home = client.get("/en/").content.decode()
    assert "illustrative" in home
    assert "noindex" in home or client.get("/robots.txt").content.decode().count("Disallow: /") >= 1


def test_no_page_has_a_problem_that_the_gate_would_name(loaded):
    problems = [
        (page.url_path, problem.field, problem.message)
        for page in Page.objects.live().filter(depth__gt=1).specific()
        if isinstance(page, PublishGate)
        for problem in page.gate_problems()
    ]
    assert problems == []


def test_services_are_given_at_offices_in_several_governorates(loaded):
    licence = ServicePage.objects.get(service_code="IQ-MOI-004", locale__language_code="ckb")
    places = {offering.office.governorate.code for offering in licence.offerings.select_related("office")}
    assert {"BG", "BA", "AR"} <= places


def test_loading_again_changes_nothing(loaded):
    def counts():
        models = (Page, Revision, Office, LegalReference, Faq, Notice, User, PageFeedback, TaskState)
        return {model.__name__: model.objects.count() for model in models}

    before = counts()
    page = NewsPage.objects.get(slug="census-results-by-district", locale__language_code="ar")
    page.title = "عنوان غيّره محرر"
    page.save()
    load("another password")
    assert counts() == before
    assert NewsPage.objects.get(pk=page.pk).title == "عنوان غيّره محرر"
    assert User.objects.get(username="admin").check_password(loaded)


@pytest.mark.parametrize("name", ["admin", *EDITORS])
def test_every_role_can_sign_in_and_open_the_admin(loaded, client, name):
    answer = client.post("/accounts/login/", {"login": name, "password": loaded})
    assert answer.url == "/admin/"
    page = client.get("/admin/")
    assert page.status_code == 200


def test_something_waits_on_the_start_page(loaded, client):
    client.force_login(User.objects.get(username="approver"))
    assert "تعديل أوقات الدوام في الشتاء" in client.get("/admin/").content.decode()
    client.force_login(User.objects.get(username="service-editor"))
    assert "مقاعد شاغرة في دورات كانون الأول" in client.get("/admin/").content.decode()
    client.force_login(User.objects.get(username="complaints"))
    assert "کاتی دەوامی هەڵەبجە گۆڕاوە" in client.get("/admin/").content.decode()


def test_the_password_is_generated_once_and_readable_by_its_owner_only(tmp_path):
    path = tmp_path / "var" / "editor-password"
    password = get_or_create_password(path)
    assert len(password) == 17
    assert get_or_create_password(path) == password
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", sorted(drawings.DRAWINGS))
def test_drawings_are_deterministic_and_small(name):
    picture = drawings.draw(name)
    assert picture == drawings.draw(name)
    assert picture.startswith(b"\x89PNG")
    assert len(picture) < 150_000

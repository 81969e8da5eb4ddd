"""Facts are copied in one direction, from the page in the source language to its translations."""

import pytest
from django.urls import reverse
from wagtail.models import Locale, Page

from egov_cms.site import fact_forms, facts
from egov_cms.site.models import Appointment, PersonPage, Rank

from .conftest import add_page, publish, translate

pytestmark = [pytest.mark.django_db, pytest.mark.contract]


@pytest.fixture
def person(people):
    page = PersonPage(
        title="سارة أحمد", slug="sara-ahmed", email="a@example.gov.iq", locale=people.locale, live=False
    )
    page.appointments = [
        Appointment(role="وزيرة", rank=Rank.MINISTER, sort_order=0),
        Appointment(role="مستشارة", rank=Rank.ADVISER, sort_order=1),
    ]
    people.add_child(instance=page)
    page.save_revision().publish()
    return PersonPage.objects.get(pk=page.pk)


def ranks(page):
    return [row.rank for row in page.appointments.all()]


def roles(page):
    return [row.role for row in page.appointments.all()]


def set_role(page, place, text):
    rows = list(page.appointments.all())
    rows[place].role = text
    page.appointments = rows


def reload(page):
    return PersonPage.objects.get(pk=page.pk)


def test_a_translation_starts_with_the_rows_of_its_source(person):
    sorani = translate(person, "ckb")
    assert [row.translation_key for row in sorani.appointments.all()] == [
        row.translation_key for row in person.appointments.all()
    ]
    assert {row.locale.language_code for row in sorani.appointments.all()} == {"ckb"}


def test_an_edited_fact_is_copied_to_every_live_translation_and_texts_are_kept(person):
    sorani = translate(person, "ckb")
    set_role(sorani, 0, "وەزیر")
    sorani = publish(sorani)
    person = reload(person)
    rows = list(person.appointments.all())
    rows[0].rank = Rank.DEPUTY
    person.appointments = rows
    person.email = "b@example.gov.iq"
    publish(person)
    sorani = reload(sorani)
    assert ranks(sorani) == [Rank.DEPUTY, Rank.ADVISER]
    assert sorani.email == "b@example.gov.iq"
    assert roles(sorani) == ["وەزیر", "مستشارة"]
    assert not sorani.has_unpublished_changes
    assert sorani.get_latest_revision_as_object().email == "b@example.gov.iq"


def test_rows_are_added_removed_and_reordered_together(person):
    sorani = publish(translate(person, "ckb"))
    set_role(sorani, 1, "ڕاوێژکار")
    sorani = publish(sorani)
    person = reload(person)
    second = person.appointments.last()
    added = Appointment(role="مديرة عامة", rank=Rank.DIRECTOR_GENERAL, sort_order=1)
    second.sort_order = 0
    person.appointments = [second, added]
    publish(person)
    sorani = reload(sorani)
    assert ranks(sorani) == [Rank.ADVISER, Rank.DIRECTOR_GENERAL]
    assert roles(sorani) == ["ڕاوێژکار", "مديرة عامة"]
    assert [row.role for _relation, row in facts.untranslated_rows(sorani)] == ["مديرة عامة"]
    # The new row of the live version and of the draft is the same: publishing again does not duplicate it.
    again = publish(sorani.get_latest_revision_as_object())
    assert roles(again) == ["ڕاوێژکار", "مديرة عامة"]


def test_a_translation_with_unpublished_changes_keeps_them(person):
    sorani = publish(translate(person, "ckb"))
    sorani.title = "سارا ئەحمەد (ڕەشنووس)"
    set_role(sorani, 0, "وەزیری نوێ")
    draft = sorani.save_revision()
    person = reload(person)
    person.email = "c@example.gov.iq"
    publish(person)
    live = reload(sorani)
    assert live.email == "c@example.gov.iq"
    assert live.has_unpublished_changes
    assert live.title == "سارة أحمد"
    latest = live.get_latest_revision()
    assert latest.pk == draft.pk
    version = latest.as_object()
    assert (version.email, version.title, roles(version)[0]) == (
        "c@example.gov.iq",
        "سارا ئەحمەد (ڕەشنووس)",
        "وەزیری نوێ",
    )


def test_an_old_draft_cannot_restore_old_facts(person):
    sorani = publish(translate(person, "ckb"))
    old = sorani.save_revision()
    sorani.save_revision()
    person = reload(person)
    person.email = "new@example.gov.iq"
    person.appointments = [row for row in person.appointments.all() if row.rank == Rank.MINISTER]
    publish(person)
    old.refresh_from_db()
    old.publish()
    sorani = reload(sorani)
    assert sorani.email == "new@example.gov.iq"
    assert ranks(sorani) == [Rank.MINISTER]


def test_facts_of_a_translation_are_replaced_by_those_of_the_source(person):
    sorani = translate(person, "ckb")
    sorani.email = "wrong@example.gov.iq"
    assert publish(sorani).email == "a@example.gov.iq"
    assert reload(person).email == "a@example.gov.iq"


def test_a_draft_of_the_source_changes_nothing(person):
    sorani = publish(translate(person, "ckb"))
    person.email = "draft@example.gov.iq"
    person.save_revision()
    assert facts.copy_facts(reload(person)) == []
    assert reload(sorani).email == "a@example.gov.iq"


def test_copying_twice_changes_nothing_the_second_time(person):
    sorani = publish(translate(person, "ckb"))
    PersonPage.objects.filter(pk=sorani.pk).update(email="stale@example.gov.iq")
    assert facts.copy_facts(reload(person)) == [sorani]
    assert facts.copy_facts(reload(person)) == []


def test_a_page_created_first_in_sorani_is_the_source(homes):
    from egov_cms.site.models import PeopleIndexPage

    index = add_page(homes["ckb"], PeopleIndexPage, title="کەسان", slug="people")
    page = add_page(index, PersonPage, title="ئازاد", slug="azad", email="a@example.gov.iq")
    assert facts.source_of(page) is None
    english = translate(page, "en")
    assert facts.source_of(english).pk == page.pk


def test_the_slug_and_the_addresses_of_descendants_are_copied_from_the_source(people):
    sorani = publish(translate(people, "ckb"))
    person = add_page(people, PersonPage, title="سارة", slug="sara")
    translated = publish(translate(person, "ckb"))
    people.slug = "leaders"
    publish(people)
    assert Page.objects.get(pk=sorani.pk).slug == "leaders"
    assert Page.objects.get(pk=translated.pk).url_path == "/home-ckb/leaders/sara/"


def test_a_slug_that_is_taken_below_the_translated_parent_is_not_copied(homes, people):
    sorani = publish(translate(people, "ckb"))
    add_page(homes["ckb"], type(people), title="تر", slug="leaders")
    people.slug = "leaders"
    publish(people)
    assert Page.objects.get(pk=sorani.pk).slug == "people"


def test_the_translation_form_has_no_inputs_for_facts_and_ignores_posted_ones(person, admin, client):
    sorani = publish(translate(person, "ckb"))
    client.force_login(admin)
    url = reverse("wagtailadmin_pages:edit", args=[sorani.pk])
    form = client.get(url).context["form"]
    assert "email" not in form.fields
    assert "appointments" not in form.formsets
    html = client.get(url).content.decode()
    assert 'name="email"' not in html
    assert "appointments-TOTAL_FORMS" not in html
    assert "a@example.gov.iq" in html
    first = sorani.appointments.first()
    response = client.post(
        url,
        {
            "title": "سارا",
            "slug": "hacked",
            "email": "hacked@example.gov.iq",
            fact_forms.word_input("appointments", first, "role"): "وەزیر",
            "appointments-TOTAL_FORMS": "1",
            "appointments-INITIAL_FORMS": "0",
            "appointments-MIN_NUM_FORMS": "0",
            "appointments-MAX_NUM_FORMS": "9",
            "appointments-0-rank": "90",
            "body-count": "0",
            "comments-TOTAL_FORMS": "0",
            "comments-INITIAL_FORMS": "0",
            "action-publish": "1",
        },
    )
    assert response.status_code == 302
    sorani = reload(sorani)
    assert (sorani.title, sorani.slug, sorani.email) == ("سارا", "sara-ahmed", "a@example.gov.iq")
    assert ranks(sorani) == [Rank.MINISTER, Rank.ADVISER]
    assert roles(sorani)[0] == "وەزیر"


def test_the_source_form_edits_facts(person, admin, client):
    client.force_login(admin)
    form = client.get(reverse("wagtailadmin_pages:edit", args=[person.pk])).context["form"]
    assert "email" in form.fields
    assert "appointments" in form.formsets


def test_wagtail_localize_translates_texts_and_facts_are_still_copied(
    person, admin, django_capture_on_commit_callbacks
):
    from wagtail_localize.models import StringTranslation, Translation, TranslationSource
    from wagtail_localize.segments.extract import extract_segments

    sorani_locale = Locale.objects.get(language_code="ckb")
    source, _created = TranslationSource.update_or_create_from_instance(person)
    paths = {segment.path for segment in extract_segments(person)}
    row = person.appointments.first()
    assert f"appointments.{row.translation_key}.role" in paths
    assert not any(path.endswith((".rank", "decision_text")) or path in ("slug", "email") for path in paths)
    translation = Translation.objects.create(source=source, target_locale=sorani_locale)
    string = source.stringsegment_set.get(string__data="وزيرة")
    StringTranslation.objects.create(
        translation_of=string.string, locale=sorani_locale, context=string.context, data="وەزیر"
    )
    with django_capture_on_commit_callbacks(execute=True):
        translation.save_target(user=admin, publish=True)
    sorani = person.get_translation(sorani_locale)
    assert sorani.live
    assert roles(sorani) == ["وەزیر", "مستشارة"]
    person = reload(person)
    rows = list(person.appointments.all())
    rows[0].rank = Rank.DEPUTY
    person.appointments = rows
    publish(person)
    assert ranks(reload(sorani)) == [Rank.DEPUTY, Rank.ADVISER]
    assert roles(reload(sorani)) == ["وەزیر", "مستشارة"]
    # The translator publishes a translation that was submitted before the fact changed.
    with django_capture_on_commit_callbacks(execute=True):
        translation.save_target(user=admin, publish=True)
    assert ranks(reload(sorani)) == [Rank.DEPUTY, Rank.ADVISER]

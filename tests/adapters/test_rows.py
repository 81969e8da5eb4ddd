"""Rows in memory (modelcluster), places in the tree (treebeard), rows in bulk (Django), words of translations."""

import pytest
from django.core.files.base import ContentFile
from django.db import models, transaction
from wagtail.models import Locale

from egov_cms.adapters.django import (
    collect_on_commit,
    delete_unseen,
    insert_child_rows,
    is_new_file,
    share_prefetched,
)
from egov_cms.adapters.localize import (
    in_translation_editor,
    is_installed,
    string_segments,
    synchronise,
    translated_strings,
)
from egov_cms.adapters.modelcluster import (
    held_rows,
    hold_all,
    page_data,
    page_from_data,
    read_into_memory,
    row_data,
)
from egov_cms.adapters.treebeard import place_last
from egov_cms.adapters.wagtail.pages import page_model, page_pointer
from egov_cms.site.models import Appointment, Office, OfficeHours, PersonPage, SectionPage, SiteSettings
from tests.site.conftest import add_page, translate

pytestmark = [pytest.mark.contract, pytest.mark.django_db]


@pytest.fixture
def person(people):
    page = add_page(people, PersonPage, title="سارة أحمد", slug="sara")
    page.appointments = [
        Appointment(role="وزيرة", locale=page.locale),
        Appointment(role="نائبة", locale=page.locale),
    ]
    page.save()
    return PersonPage.objects.get(pk=page.pk)


def test_rows_put_into_memory_are_the_rows_of_the_page(person, django_assert_num_queries):
    assert held_rows(person) == {}
    held_rows(person)["appointments"] = [row := Appointment(role="مستشارة", locale=person.locale)]
    with django_assert_num_queries(0):
        assert list(person.appointments.all()) == [row]
    assert [each["role"] for each in page_data(person)["appointments"]] == ["مستشارة"]
    person.save()
    assert [row.role for row in PersonPage.objects.get(pk=person.pk).appointments.all()] == ["مستشارة"]


def test_a_page_that_holds_all_its_rows_runs_no_queries(homes, django_assert_num_queries):
    page = PersonPage(title="new", slug="new", locale=homes["ar"].locale)
    hold_all(page)
    with django_assert_num_queries(0):
        assert page_data(page)["appointments"] == []
        assert list(page.appointments.all()) == []


def test_rows_are_read_once(person, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert [row.role for row in read_into_memory(person, "appointments")] == ["وزيرة", "نائبة"]
    with django_assert_num_queries(0):
        assert len(read_into_memory(person, "appointments")) == person.appointments.count() == 2


def test_a_page_comes_back_out_of_its_data(person, django_assert_num_queries):
    data = page_data(person)
    assert data["appointments"][0] == row_data(person.appointments.all()[0])
    assert data["appointments"][0]["locale"] == person.locale_id
    with django_assert_num_queries(0):
        again = page_from_data(PersonPage, data)
        assert [row.role for row in again.appointments.all()] == ["وزيرة", "نائبة"]
    assert again.title == person.title
    assert person.latest_revision.content.keys() == data.keys()


def test_new_pages_stand_last_in_their_order(homes):
    add_page(homes["ar"], SectionPage, title="old", slug="old")
    parent = page_model().objects.get(pk=homes["ar"].pk)
    pages = [SectionPage(title=name, slug=name, locale=parent.locale) for name in ("one", "two")]
    place_last(parent, pages)
    for page in pages:
        page.set_url_path(parent)
        page.save(clean=False)
    page_model().objects.filter(pk=parent.pk).update(numchild=models.F("numchild") + 2)
    assert [child.slug for child in parent.get_children()] == ["old", "one", "two"]
    # Treebeard itself finds nothing to repair.
    assert not any(page_model().find_problems())
    childless = page_model().objects.get(pk=pages[1].pk)
    place_last(childless, [first := SectionPage(title="first")])
    assert (first.depth, first.path) == (4, childless.path + "0001")


def test_the_own_columns_of_pages_are_stored_below_their_base_rows(homes):
    page = add_page(homes["ar"], SectionPage, title="about", slug="about")
    SectionPage.objects.filter(pk=page.pk)._raw_delete("default")
    assert not SectionPage.objects.filter(pk=page.pk).exists()
    assert getattr(page, f"{page_pointer()}_id") == page.pk
    insert_child_rows(SectionPage, [page])
    assert SectionPage.objects.get(pk=page.pk).title == "about"
    assert not page._state.adding


def test_rows_are_deleted_in_one_statement(homes, django_assert_num_queries):
    office = Office.objects.create(name={"en": "Office"}, kind=Office.Kind.MISSION)
    office.hours.set([OfficeHours(weekday=day) for day in range(3)])
    office.save()
    with django_assert_num_queries(1):
        delete_unseen(OfficeHours.objects.filter(office=office))
    assert not OfficeHours.objects.exists()


def test_what_was_prefetched_is_shared(homes, django_assert_num_queries):
    office = Office.objects.create(name={"en": "Office"}, kind=Office.Kind.MISSION)
    other = Office.objects.prefetch_related("hours").get(pk=office.pk)
    target = Office.objects.get(pk=office.pk)
    share_prefetched(other, target)
    with django_assert_num_queries(0):
        assert list(target.hours.all()) == []


def test_a_file_is_new_until_it_is_stored(homes, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    site = SiteSettings.objects.create(site=homes["ar"].get_site())
    assert not is_new_file(site.crest_svg)
    site.crest_svg = ContentFile(b'<svg xmlns="http://www.w3.org/2000/svg"/>', name="crest.svg")
    assert is_new_file(site.crest_svg)
    site.save()
    assert not is_new_file(site.crest_svg)


def test_work_is_collected_for_the_end_of_the_transaction(django_capture_on_commit_callbacks):
    done, others = [], []
    with django_capture_on_commit_callbacks(execute=True):
        collect_on_commit(done.append, 1)
        collect_on_commit(others.append, 3)
        with transaction.atomic():
            collect_on_commit(done.append, 2)
        assert done == []
    assert (done, others) == ([[1, 2]], [[3]])


@pytest.mark.django_db(transaction=True)
def test_work_is_done_at_once_where_there_is_no_transaction():
    done = []
    collect_on_commit(done.append, 1)
    collect_on_commit(done.append, 2)
    assert done == [[1], [2]]


def test_the_translation_editor_takes_a_blocks_segments():
    assert is_installed()
    (segment,) = string_segments({"greeting": "Welcome <b>all</b>"})
    assert (segment.path, segment.render_text()) == ("greeting", "Welcome <b>all</b>")
    assert translated_strings([segment]) == {"greeting": "Welcome <b>all</b>"}


def test_synchronised_fields_are_not_translated(monkeypatch):
    from wagtail_localize.segments.extract import extract_segments

    monkeypatch.setattr(
        SectionPage, "override_translatable_fields", list(SectionPage.override_translatable_fields)
    )
    page = SectionPage(title="Title", slug="title", summary="Words")
    before = {segment.path for segment in extract_segments(page)}
    synchronise(SectionPage, ["summary"])
    assert "summary" in before
    assert {field.field_name for field in SectionPage.override_translatable_fields} >= {"slug", "summary"}


def test_pages_in_the_translation_editor_are_known(homes):
    from wagtail_localize.models import Translation, TranslationSource

    page = add_page(homes["ar"], SectionPage, title="عن", slug="about")
    translate(page, "en")
    source, _made = TranslationSource.get_or_create_from_instance(page)
    target = Locale.objects.get(language_code="en")
    assert in_translation_editor([page.translation_key]) == set()
    Translation.objects.create(source=source, target_locale=target)
    assert in_translation_editor([page.translation_key]) == {(page.translation_key, target.pk)}

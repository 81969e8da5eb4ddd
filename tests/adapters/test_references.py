"""What a page and its rows point to is in Wagtail's index of references, read once for each time it is saved."""

from unittest.mock import patch

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django_tasks.signals import task_finished
from wagtail.models import ReferenceIndex
from wagtail.signal_handlers import disable_reference_index_auto_update

from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.adapters.wagtail.references import (
    is_protected,
    is_read,
    references,
    references_of,
    references_read_once,
    references_to,
    references_were_read,
    write_references,
)
from egov_cms.site.models import Appointment, Office, OrganisationIndexPage, OrganisationUnitPage, PersonPage
from tests.site.conftest import add_page

pytestmark = pytest.mark.contract


@pytest.fixture
def unit(homes):
    index = add_page(homes["ar"], OrganisationIndexPage, title="الهيكل", slug="organisation")
    return add_page(index, OrganisationUnitPage, title="دائرة التخطيط", slug="planning")


@pytest.fixture
def person(people, unit):
    """A person with three appointments to one unit, not saved with them yet."""
    page = add_page(people, PersonPage, title="سارة أحمد", slug="sara-ahmed")
    page.appointments = [
        Appointment(role=f"مدير {number}", unit=unit, locale=page.locale) for number in range(3)
    ]
    return page


def places(unit):
    """Where the unit is used, as the admin tells its editors."""
    return sorted(ReferenceIndex.get_references_to(unit).values_list("content_path", flat=True))


def test_rows_are_found_by_what_they_point_to_as_long_as_they_stay(person, unit):
    person.save()
    assert len(places(unit)) == 3
    person.appointments = list(person.appointments.all())[:1]
    person.save_revision().publish()
    (left,) = places(unit)
    assert str(PersonPage.objects.get(pk=person.pk).appointments.get().pk) in left


def test_what_a_row_needs_is_protected_from_deletion(person, unit, homes):
    """As Wagtail's confirmation says it; a page in the way of nothing is not."""
    person.save()
    on_delete = Appointment._meta.get_field("unit").remote_field.on_delete
    assert is_protected(unit) == (on_delete is models.PROTECT)
    assert not is_protected(homes["en"])


def test_references_are_read_once_however_many_rows_there_are(person, unit):
    with patch.object(ReferenceIndex, "create_or_update_for_object") as read:
        person.save()
    assert [call.args[0].pk for call in read.call_args_list].count(person.pk) <= 2


def test_somebody_who_reads_them_later_is_left_alone(person):
    with patch("wagtail.signal_handlers.update_reference_index_on_save") as read:
        with disable_reference_index_auto_update():
            person.save()
            person.save()
        assert not read.called
        person.save()
    assert read.call_count == 1


def test_only_one_who_begins_reads_them(person):
    read = patch("wagtail.signal_handlers.update_reference_index_on_save")
    with read as read, references_read_once(person), references_read_once(person):
        pass
    assert read.call_count == 1


def test_the_end_of_reading_is_told(person):
    told = []

    def finished(sender, task_result, **kwargs):
        told.append(references_were_read(task_result))

    task_finished.connect(finished)
    try:
        person.save()
    finally:
        task_finished.disconnect(finished)
    assert ("egov_site.personpage", str(person.pk)) in told
    assert None in told, "other tasks, such as those of search, end too"


def test_references_lead_both_ways(person, unit):
    person.save()
    base = ContentType.objects.get_for_model(page_model())
    (target,) = set(references_of(PersonPage, person.pk).values_list("to_content_type", "to_object_id"))
    assert target == (base.pk, str(unit.pk))
    sources = set(references_to(unit).values_list("base_content_type", "object_id"))
    assert sources == {(base.pk, str(person.pk))}
    assert set(references_to(unit)) <= set(references())


def test_it_is_known_of_which_models_references_are_kept():
    assert is_read(PersonPage)
    assert is_read(Office)
    assert not is_read(ContentType)


def rows(page):
    names = [field.name for field in ReferenceIndex._meta.fields if field.name != "id"]
    return sorted(references_of(type(page), page.pk).values_list(*names), key=str)


@pytest.mark.parametrize("new", [True, False])
def test_many_pages_get_the_rows_that_wagtail_writes_for_one(person, new):
    person.save()
    written = rows(person)
    assert len(written) == 3
    if new:
        references().delete()
    write_references([person], new=new)
    assert rows(person) == written

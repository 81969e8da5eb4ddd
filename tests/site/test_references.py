"""What a page and its rows point to is in Wagtail's index of references, read once for each time it is saved."""

from unittest.mock import patch

import pytest
from wagtail.models import ReferenceIndex
from wagtail.signal_handlers import disable_reference_index_auto_update

from egov_cms.site.models import Appointment, OrganisationIndexPage, OrganisationUnitPage, PersonPage

from .conftest import add_page

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

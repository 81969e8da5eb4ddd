"""The admin's own dates have Iraqi month names, too."""

import pytest
from django.utils import dates
from django.utils.translation import override
from wagtail.admin.localization import get_js_translation_strings

from egov_cms.language import django_translations
from egov_cms.language.vocabulary import words

pytestmark = pytest.mark.contract


@pytest.mark.parametrize("locale", ["ar", "ckb", "en"])
def test_months_and_days_of_django_are_ours(locale):
    with override(locale):
        assert tuple(map(str, dates.MONTHS.values())) == words(locale).months
        assert tuple(map(str, dates.MONTHS_ALT.values())) == words(locale).months
        assert tuple(map(str, dates.WEEKDAYS.values())) == words(locale).weekdays
        assert tuple(map(str, dates.MONTHS_AP.values())) == tuple(
            map(str, django_translations.MONTHS_IN_SHORT)
        )
        if locale != "en":
            assert tuple(map(str, dates.MONTHS_AP.values())) == words(locale).months


def test_the_date_picker_of_the_admin_shows_them():
    with override("ckb"):
        assert get_js_translation_strings()["MONTHS"][0] == "کانوونی دووەم"


def test_every_word_named_for_translation_is_one_of_djangos():
    assert [str(month) for month in django_translations.MONTHS] == list(words("en").months)
    assert [str(day) for day in django_translations.WEEKDAYS] == list(words("en").weekdays)

"""Django's own dates, for example in the admin, have Iraqi month names."""

import pytest
from django.utils import dates
from django.utils.translation import override
from wagtail.admin.localization import get_js_translation_strings

from egov_cms.language import django_translations
from egov_cms.language.vocabulary import vocabulary

pytestmark = pytest.mark.contract


@pytest.mark.parametrize("locale", ["ar", "ckb", "en"])
def test_django_uses_our_names_of_months_and_days(locale):
    with override(locale):
        assert tuple(map(str, dates.MONTHS.values())) == vocabulary(locale).months
        assert tuple(map(str, dates.MONTHS_ALT.values())) == vocabulary(locale).months
        assert tuple(map(str, dates.WEEKDAYS.values())) == vocabulary(locale).weekdays
        assert tuple(map(str, dates.MONTHS_AP.values())) == tuple(
            map(str, django_translations.MONTHS_IN_SHORT)
        )
        if locale != "en":
            assert tuple(map(str, dates.MONTHS_AP.values())) == vocabulary(locale).months


def test_the_date_picker_of_the_admin_shows_our_names():
    with override("ckb"):
        assert get_js_translation_strings()["MONTHS"][0] == "کانوونی دووەم"


def test_the_listed_msgids_equal_those_of_django():
    assert [str(month) for month in django_translations.MONTHS] == list(vocabulary("en").months)
    assert [str(day) for day in django_translations.WEEKDAYS] == list(vocabulary("en").weekdays)

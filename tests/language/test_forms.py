"""Form fields accept three kinds of digits, day-first dates and telephone numbers."""

import contextlib
import datetime as dt
from decimal import Decimal

import pytest
from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import formats
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from wagtail.admin.forms.models import formfield_for_dbfield

from egov_cms.language import format_phone, forms, normalise_phone
from egov_cms.language.fields import PhoneField

LOCALES = ("ar", "ckb", "en")


@pytest.fixture(params=LOCALES)
def locale(request):
    with override(request.param):
        yield request.param


@pytest.mark.parametrize(
    "written",
    [
        "05/07/2026",
        "٠٥/٠٧/٢٠٢٦",
        "۰۵/۰۷/۲۰۲۶",
        "5/7/2026",
        "2026-07-05",
        "05-07-2026",
        "05.07.2026",
        " \u200f٥/٧/٢٠٢٦",
    ],
)
def test_dates_are_parsed_day_first(locale, written):
    assert forms.DateField().clean(written) == dt.date(2026, 7, 5)


def test_times_and_datetimes(locale):
    assert forms.TimeField().clean("٠٨:٣٠") == dt.time(8, 30)
    assert forms.DateTimeField().clean("٠٥/٠٧/٢٠٢٦ ١٤:٠٠").replace(tzinfo=None) == dt.datetime(2026, 7, 5, 14)
    assert forms.DateTimeField().clean("2026-07-05 14:00").replace(tzinfo=None) == dt.datetime(2026, 7, 5, 14)


@pytest.mark.parametrize("written", ["25,000", "٢٥٬٠٠٠", "25000", "۲۵۰۰۰", "٢٥،٠٠٠"])
def test_whole_numbers(locale, written):
    assert forms.IntegerField().clean(written) == 25000
    assert forms.DecimalField(localize=True).clean(written) == Decimal(25000)


def test_decimals_and_limits(locale):
    assert forms.DecimalField().clean("٢٥٫٥") == Decimal("25.5")
    for field, written in (
        (forms.IntegerField(), "1,5"),
        (forms.IntegerField(), "خمسة"),
        (forms.IntegerField(min_value=0), "-1"),
        (forms.DecimalField(max_digits=4, decimal_places=2), "123.456"),
        (forms.IntegerField(), ""),
        (forms.DateField(), "31/02/2026"),
    ):
        with pytest.raises(ValidationError):
            field.clean(written)
    assert forms.IntegerField(required=False).clean("") is None


def test_number_inputs_are_text_inputs_with_a_numeric_keyboard():
    assert 'type="text"' in str(forms.IntegerField().widget.render("n", 5))
    assert 'inputmode="numeric"' in str(forms.IntegerField().widget.render("n", 5))


def test_codes_keep_leading_zeros_and_accept_digits_only():
    field = forms.DigitsField(min_length=4)
    assert field.clean("٠٠١٢٣") == "00123"
    for written in ("12a4", "١٢٣", "١٢-٣٤", "²²²²"):
        with pytest.raises(ValidationError):
            field.clean(written)


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("0770 123 4567", "+9647701234567"),
        ("٠٧٧٠١٢٣٤٥٦٧", "+9647701234567"),
        ("+964 (0)770-123-4567".replace("(0)", ""), "+9647701234567"),
        ("00964 770 123 4567", "+9647701234567"),
        ("9647701234567", "+9647701234567"),
        ("770 123 4567", "+9647701234567"),
        ("\u202a+964 770 123 4567\u202c", "+9647701234567"),
        ("01 537 1234", "+96415371234"),
        ("066 251 1234", "+964662511234"),
    ],
)
def test_iraqi_telephone_numbers_in_any_format(written, stored):
    assert normalise_phone(written) == stored
    assert normalise_phone(stored) == stored
    assert normalise_phone(format_phone(stored)) == stored


@pytest.mark.parametrize(
    "written",
    ["", "0770 123", "0990 123 4567", "+1 202 555 0100", "abc", "+964", "07701234567890", "0720 123 4567"],
)
def test_other_text_is_refused_as_a_telephone_number(written):
    with pytest.raises(ValueError, match="Not an Iraqi"):
        normalise_phone(written)


def test_foreign_telephone_numbers_are_accepted_only_with_the_option():
    assert normalise_phone("+1 202-555-0100", foreign=True) == "+12025550100"
    assert forms.PhoneField(foreign=True).clean("0044 20 7946 0000") == "+442079460000"
    with pytest.raises(ValidationError):
        forms.PhoneField().clean("+1 202-555-0100")
    assert format_phone("+12025550100") == "+12025550100"


@given(st.text())
def test_any_text_is_a_telephone_number_or_a_value_error(text):
    with contextlib.suppress(ValueError):
        assert normalise_phone(text, foreign=True).startswith("+")


def test_telephone_numbers_are_shown_in_groups_in_the_form():
    form = type("Form", (django_forms.Form,), {"phone": forms.PhoneField()})
    html = str(form(initial={"phone": "+9647701234567"})["phone"])
    assert 'value="+964 770 123 4567"' in html
    assert 'type="tel"' in html
    assert 'dir="ltr"' in html
    unchanged = form({"phone": "+964 770 123 4567"}, initial={"phone": "+9647701234567"})
    assert unchanged.is_valid()
    assert not unchanged.has_changed()


def test_the_model_field_stores_e164():
    field = PhoneField()
    assert field.clean("٠٧٧٠ ١٢٣ ٤٥٦٧", None) == "+9647701234567"
    assert field.max_length == 16
    with pytest.raises(ValidationError):
        field.clean("12", None)
    assert isinstance(field.formfield(), forms.PhoneField)


@pytest.mark.parametrize(
    ("model_field", "form_field"),
    [
        (models.DateField(), forms.DateField),
        (models.DateTimeField(), forms.DateTimeField),
        (models.TimeField(), forms.TimeField),
        (models.PositiveIntegerField(), forms.IntegerField),
        (models.BigIntegerField(), forms.IntegerField),
        (models.DecimalField(max_digits=5, decimal_places=2), forms.DecimalField),
        (models.IntegerField(choices=[(1, "one")]), django_forms.TypedChoiceField),
    ],
)
def test_wagtail_uses_these_form_fields(model_field, form_field):
    assert isinstance(formfield_for_dbfield(model_field), form_field)


def test_django_formats_are_the_same_in_every_language(locale):
    assert formats.get_format("DECIMAL_SEPARATOR", use_l10n=True) == "."
    assert formats.get_format("THOUSAND_SEPARATOR", use_l10n=True) == ","
    assert formats.get_format("NUMBER_GROUPING", use_l10n=True) == 3
    assert formats.get_format("FIRST_DAY_OF_WEEK", use_l10n=True) == 6
    assert formats.get_format("DATE_INPUT_FORMATS")[:2] == ["%d/%m/%Y", "%Y-%m-%d"]

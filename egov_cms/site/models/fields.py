"""Model fields for lists of telephone numbers, lists of codes, and coordinates."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from egov_cms.language.phones import format_phone, normalise_phone


class PhoneLinesField(forms.Field):
    """A text area with one telephone number a line; cleans to a list of E.164 numbers."""

    widget = forms.Textarea

    def __init__(self, *, foreign=False, **kwargs):
        self.foreign = foreign
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 2, "dir": "ltr"}))
        super().__init__(**kwargs)

    def prepare_value(self, value):
        return (
            "\n".join(format_phone(number) for number in value) if isinstance(value, list | tuple) else value
        )

    def to_python(self, value):
        if isinstance(value, list | tuple):
            return list(value)
        numbers = []
        for line in (value or "").splitlines():
            if line.strip():
                numbers.append(_normalised(line, self.foreign))
        return numbers

    def has_changed(self, initial, data):
        try:
            return list(initial or ()) != self.to_python(data)
        except ValidationError:
            return True


class PhoneListField(models.JSONField):
    """A list of telephone numbers in E.164. `foreign`: also numbers of other countries."""

    def __init__(self, *args, foreign=False, **kwargs):
        self.foreign = foreign
        kwargs.setdefault("default", list)
        kwargs["blank"] = True
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        if self.foreign:
            kwargs["foreign"] = True
        return name, path, args, kwargs

    def clean(self, value, model_instance):
        if not isinstance(value, list):
            raise ValidationError(_("Give a list of telephone numbers."), code="invalid")
        return [_normalised(number, self.foreign) for number in value]

    def formfield(self, **kwargs):
        options = {"form_class": PhoneLinesField, "foreign": self.foreign, **kwargs}
        return models.Field.formfield(self, **options)


class CoordinateField(models.DecimalField):
    """Degrees, WGS 84, with six decimal places (0.1 m). Values with more places, as maps give, are rounded."""

    def __init__(self, *args, **kwargs):
        kwargs |= {"max_digits": 9, "decimal_places": 6, "null": True, "blank": True}
        super().__init__(*args, **kwargs)

    def to_python(self, value):
        degrees = super().to_python(value)
        return degrees if degrees is None or not degrees.is_finite() else round(degrees, self.decimal_places)

    def formfield(self, **kwargs):
        return super().formfield(**{"max_digits": None, "decimal_places": None, **kwargs})


class ChoiceListField(models.JSONField):
    """A list of codes out of `codes`, stored in their order; can be empty. The codes do not appear in migrations."""

    def __init__(self, *args, codes=(), **kwargs):
        self.codes = list(codes)
        kwargs.setdefault("default", list)
        kwargs["blank"] = True
        super().__init__(*args, **kwargs)

    def clean(self, value, model_instance):
        known = [code for code, _label in self.codes]
        if not isinstance(value, list) or set(value) - set(known):
            raise ValidationError(_("Choose from the list."), code="invalid_choice")
        return [code for code in known if code in value]

    def formfield(self, **kwargs):
        options = {
            "form_class": forms.MultipleChoiceField,
            "choices": self.codes,
            "widget": forms.CheckboxSelectMultiple,
        }
        return models.Field.formfield(self, **{**options, **kwargs})


def _normalised(number, foreign):
    try:
        return normalise_phone(number, foreign=foreign)
    except ValueError:
        raise ValidationError(
            _("“%(number)s” is not a telephone number. Write it as 0770 123 4567 or +964 770 123 4567."),
            code="phone",
            params={"number": str(number)[:40]},
        ) from None

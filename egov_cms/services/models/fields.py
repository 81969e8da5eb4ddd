"""Model field for a list of codes."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class CodeListField(models.JSONField):
    """A list of codes from `codes`, a callable that returns (code, label) pairs; checkboxes in forms.

    The codes are not part of the migration state, so a language or payment method is added without a migration.
    """

    def __init__(self, *args, codes=None, **kwargs):
        self.codes = codes or (lambda: ())
        kwargs.setdefault("default", list)
        kwargs["blank"] = True
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        for implied in ("blank", "default"):
            kwargs.pop(implied, None)
        return name, path, args, kwargs

    def validate(self, value, model_instance):
        super().validate(value, model_instance)
        allowed = {code for code, _label in self.codes()}
        if not isinstance(value, list) or set(value) - allowed:
            raise ValidationError(_("Choose from the list."), code="invalid_choice")

    def formfield(self, **kwargs):
        options = {
            "form_class": forms.MultipleChoiceField,
            "choices": self.codes,
            "widget": forms.CheckboxSelectMultiple,
            **kwargs,
        }
        options.pop("encoder", None)
        options.pop("decoder", None)
        return models.Field.formfield(self, **options)

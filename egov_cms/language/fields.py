"""Model fields: a text in every language of the site, and a telephone number."""

import json

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Coalesce, NullIf
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import gettext_lazy as _

from .forms import PhoneField as PhoneFormField
from .forms import TranslatedTextFormField, length_errors, requirement_errors
from .locales import content_languages, resolve
from .phones import normalise_phone
from .text import TranslatedText


class ReadableJSONEncoder(json.JSONEncoder):
    """JSON without escapes for non-ASCII letters: the column has half the size and can be searched with `icontains`."""

    def __init__(self, **options):
        super().__init__(**{**options, "ensure_ascii": False})


class TranslatedTextAttribute(DeferredAttribute):
    """Converts an assigned value (a dict, a text in the source language, None) to a TranslatedText."""

    def __set__(self, instance, value):
        if not hasattr(value, "resolve_expression"):
            value = TranslatedText.of(value)
        instance.__dict__[self.field.attname] = value


class TranslatedTextField(models.JSONField):
    """A TranslatedText in one JSON column: `{"ar": "…", "ckb": "…", "en": "…"}`.

    multiline: edit in text areas. required: the languages that must have a text, "source" (the site's default
    language), "all" (every configured language) or "none". max_length: limit per language, in characters.
    The column does not depend on the languages, so adding one needs no migration. Key lookups work:
    `filter(name__ar="…")`, `name__ckb__icontains`.
    """

    description = _("Text in several languages")
    descriptor_class = TranslatedTextAttribute
    REQUIRED = ("source", "all", "none")

    def __init__(self, *args, multiline=False, required="source", max_length=None, **kwargs):
        if required not in self.REQUIRED:
            raise ValueError(f"required must be one of {self.REQUIRED}, not {required!r}")
        self.multiline = multiline
        self.required = required
        kwargs.setdefault("default", TranslatedText)
        kwargs["blank"] = required == "none"
        kwargs["encoder"] = ReadableJSONEncoder
        super().__init__(*args, **kwargs)
        self.max_length = max_length

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        for implied in ("blank", "encoder"):
            kwargs.pop(implied, None)
        if kwargs.get("default") is TranslatedText:
            del kwargs["default"]
        if self.multiline:
            kwargs["multiline"] = True
        if self.required != "source":
            kwargs["required"] = self.required
        if self.max_length is not None:
            kwargs["max_length"] = self.max_length
        return name, path, args, kwargs

    def from_db_value(self, value, expression, connection):
        value = super().from_db_value(value, expression, connection)
        # `values("name__ar")` reads one key: its value is a plain text, not a TranslatedText.
        if isinstance(expression, KeyTransform):
            return value
        return TranslatedText.of(value)

    def to_python(self, value):
        """A TranslatedText from a mapping, its JSON (as serialisers write it), a plain text or None."""
        if isinstance(value, str):
            try:
                decoded = json.loads(value)
            except ValueError:
                decoded = None
            if isinstance(decoded, dict):
                value = decoded
        if value is not None and not isinstance(value, str | dict):
            raise ValidationError(_("Enter a text for each language."), code="invalid")
        return TranslatedText.of(value)

    def get_prep_value(self, value):
        if isinstance(value, dict):
            value = dict(TranslatedText.of(value))
        return super().get_prep_value(value)

    def validate(self, value, model_instance):
        super().validate(value, model_instance)
        errors = requirement_errors(value, self.required) + length_errors(value, self.max_length)
        if errors:
            raise ValidationError(errors)

    def formfield(self, **kwargs):
        options = {
            "form_class": TranslatedTextFormField,
            "multiline": self.multiline,
            "languages_required": self.required,
            "max_length": self.max_length,
            "show_hidden_initial": False,
        }
        # Not JSONField.formfield: it passes an encoder, which our form field does not have.
        return models.Field.formfield(self, **{**options, **kwargs})

    def save_form_data(self, instance, data):
        """Store the texts of the form, and keep the texts in languages that are no longer configured, which the form
        does not show.
        """
        kept = {k: v for k, v in self.value_from_object(instance).items() if k not in content_languages()}
        super().save_form_data(instance, TranslatedText({**kept, **TranslatedText.of(data)}))

    def value_to_string(self, obj):
        return dict(self.value_from_object(obj))


class PhoneField(models.CharField):
    """A telephone number, accepted in any format and stored as E.164 ("+9647701234567"). foreign: also accept numbers
    of other countries.
    """

    description = _("Telephone number")

    def __init__(self, *args, foreign=False, **kwargs):
        self.foreign = foreign
        kwargs["max_length"] = 16  # a plus and the fifteen digits of E.164
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        if self.foreign:
            kwargs["foreign"] = True
        return name, path, args, kwargs

    def to_python(self, value):
        if not value:
            return value
        try:
            return normalise_phone(value, foreign=self.foreign)
        except ValueError:
            field = PhoneFormField(foreign=self.foreign)
            code = "invalid_foreign" if self.foreign else "invalid"
            raise ValidationError(field.error_messages[code], code=code)

    def formfield(self, **kwargs):
        options = {"form_class": PhoneFormField, "foreign": self.foreign}
        return models.Field.formfield(self, **{**options, **kwargs})


def name_order(field, locale=None):
    """Expression to order by `field` in `locale`, or in the first language that has a text.

    `Office.objects.order_by(name_order("name"))`. It uses the collation of the database; for short lists in the correct
    order of the alphabet use `egov_cms.language.sort_key`.
    """
    code = resolve(locale)
    codes = [code, *(other for other in content_languages() if other != code)]
    keys = [NullIf(KeyTextTransform(each, field), models.Value("")) for each in codes]
    return Coalesce(*keys, models.Value(""))

"""Form fields that read what people in Iraq type: digits of three kinds, day-first dates, local telephone numbers."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from .locales import content_languages, direction, native_name, source_language
from .text import TranslatedText


def required_languages(required):
    """The codes that "source", "all" or "none" stands for on this site."""
    return {"source": [source_language()], "all": content_languages(), "none": []}[required]


def requirement_errors(value, required):
    """ValidationErrors for the languages that `required` ("source", "all", "none") asks for and `value` lacks."""
    return [
        ValidationError(
            _("Enter the text in %(language)s."), code="required", params={"language": native_name(code)}
        )
        for code in required_languages(required)
        if not value.get(code)
    ]


def length_errors(value, max_length):
    """ValidationErrors for the texts in `value` that are longer than `max_length` characters (None: no limit)."""
    return [
        ValidationError(
            _("The text in %(language)s has %(length)d characters; at most %(limit)d are allowed."),
            code="max_length",
            params={"language": native_name(code), "length": len(text), "limit": max_length},
        )
        for code, text in value.items()
        if max_length is not None and len(text) > max_length
    ]


class TranslatedTextInput(forms.MultiWidget):
    """One input per language of the site, each with its `lang` and `dir`. Reads and shows a TranslatedText."""

    template_name = "egov_language/widgets/translated_text.html"
    use_fieldset = True

    def __init__(self, attrs=None, multiline=False, max_length=None):
        self.codes = content_languages()
        self.label = ""
        self.required_codes = ()
        part = forms.Textarea if multiline else forms.TextInput
        widgets = {}
        for code in self.codes:
            own = {"lang": code, "dir": direction(code)}
            if multiline:
                own |= {"rows": 3, "data-controller": "w-autosize"}
            if max_length:
                own["maxlength"] = max_length
            widgets[code] = part(attrs=own)
        super().__init__(widgets, attrs)

    def decompress(self, value):
        words = TranslatedText.of(value)
        return [words.in_locale(code) for code in self.codes]

    def value_from_datadict(self, data, files, name):
        return TranslatedText(zip(self.codes, super().value_from_datadict(data, files, name), strict=True))

    def get_context(self, name, value, attrs):
        context = super().get_context(name, self.decompress(value), attrs)
        parts = context["widget"]["subwidgets"]
        for code, part in zip(self.codes, parts, strict=True):
            if "id" in context["widget"]["attrs"]:
                part["attrs"]["id"] = f"{context['widget']['attrs']['id']}_{code}"
            if code not in self.required_codes:
                part["attrs"].pop("required", None)
        context["widget"]["label"] = self.label
        context["widget"]["parts"] = [
            {"code": code, "dir": direction(code), "name": native_name(code), "widget": part}
            for code, part in zip(self.codes, parts, strict=True)
        ]
        return context

    def id_for_label(self, id_):
        return f"{id_}_{self.codes[0]}" if id_ else ""


class IncompleteTexts:
    """What a form field counts as empty: no text at all, or one that lacks a required language.

    Django leaves a model field out of validation when its form field is not required and its value is "empty". That is
    what a draft needs when only the Sorani text of a field has been written so far.
    """

    def __init__(self, required):
        self.required = required

    def __contains__(self, value):
        words = TranslatedText.of(value)
        return not words or any(not words.get(code) for code in required_languages(self.required))


class TranslatedTextFormField(forms.Field):
    """Cleans to a TranslatedText without bidi controls. `required=False` (a draft) lifts `languages_required`."""

    widget = TranslatedTextInput

    def __init__(self, *, multiline=False, languages_required="source", max_length=None, **kwargs):
        self.languages_required = languages_required
        self.max_length = max_length
        if kwargs.get("widget") in (None, TranslatedTextInput):
            kwargs["widget"] = TranslatedTextInput(multiline=multiline, max_length=max_length)
        kwargs.setdefault("required", languages_required != "none")
        super().__init__(**kwargs)
        self.widget.label = capfirst(self.label) if self.label else ""
        self.widget.required_codes = required_languages(languages_required)
        self.empty_values = IncompleteTexts(languages_required)

    def to_python(self, value):
        return TranslatedText.of(value)

    def validate(self, value):
        errors = length_errors(value, self.max_length)
        if self.required:
            errors += requirement_errors(value, self.languages_required)
        if errors:
            raise ValidationError(errors)

    def has_changed(self, initial, data):
        return TranslatedText.of(initial) != TranslatedText.of(data)

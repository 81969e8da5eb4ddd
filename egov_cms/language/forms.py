"""Form fields for input in Iraq: three kinds of digits, day-first dates, local telephone numbers."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from .digits import parse_number, to_ascii_digits
from .fold import strip_bidi
from .locales import content_languages, direction, native_name, source_language
from .phones import format_phone, normalise_phone
from .text import TranslatedText

PHONE_INPUT = {"type": "tel", "inputmode": "tel", "autocomplete": "tel", "dir": "ltr"}


class AsciiDigitsMixin:
    """For form fields: converts Arabic-Indic and Extended digits to 0-9 and removes bidi controls before cleaning."""

    def to_python(self, value):
        if isinstance(value, str):
            value = to_ascii_digits(strip_bidi(value)).strip()
        return super().to_python(value)


class LocalNumberMixin:
    """For form fields: parses numbers with `parse_number`. "1,5" is refused: it could be 1.5 or 15."""

    def __init__(self, *, widget=None, **kwargs):
        # Not type="number": the number input of browsers rejects Arabic digits.
        super().__init__(
            widget=widget or forms.TextInput(attrs={"inputmode": self.keyboard, "dir": "ltr"}), **kwargs
        )

    def to_python(self, value):
        if isinstance(value, str) and value.strip():
            try:
                value = format(parse_number(value), "f")
            except ValueError:
                raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class IntegerField(LocalNumberMixin, forms.IntegerField):
    keyboard = "numeric"


class DecimalField(LocalNumberMixin, forms.DecimalField):
    keyboard = "decimal"


class DateField(AsciiDigitsMixin, forms.DateField):
    pass


class TimeField(AsciiDigitsMixin, forms.TimeField):
    pass


class DateTimeField(AsciiDigitsMixin, forms.DateTimeField):
    pass


class DigitsField(AsciiDigitsMixin, forms.CharField):
    """A code of digits (an identity number, a one-time code); leading zeros are kept."""

    default_error_messages = {"invalid": _("Enter digits only.")}

    def __init__(self, *, widget=None, **kwargs):
        super().__init__(
            widget=widget or forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr"}), **kwargs
        )

    def validate(self, value):
        super().validate(value)
        if value and not (value.isascii() and value.isdigit()):
            raise ValidationError(self.error_messages["invalid"], code="invalid")


class PhoneField(forms.CharField):
    """A telephone number in any format; cleans to E.164. foreign: also accept numbers of other countries."""

    default_error_messages = {
        "invalid": _("Enter an Iraqi telephone number, for example 0770 123 4567."),
        "invalid_foreign": _("Enter a telephone number; outside Iraq start with + and the country code."),
    }

    def __init__(self, *, foreign=False, widget=None, **kwargs):
        self.foreign = foreign
        # Longer than the stored number, because users type spaces and dashes.
        kwargs["max_length"] = 40
        super().__init__(widget=widget or forms.TextInput(attrs=PHONE_INPUT), **kwargs)

    def to_python(self, value):
        value = super().to_python(value)
        if value in self.empty_values:
            return value
        try:
            return normalise_phone(value, foreign=self.foreign)
        except ValueError:
            code = "invalid_foreign" if self.foreign else "invalid"
            raise ValidationError(self.error_messages[code], code=code)

    def prepare_value(self, value):
        return format_phone(value) if isinstance(value, str) else value


def required_languages(required):
    """The language codes that "source", "all" or "none" means on this site."""
    return {"source": [source_language()], "all": content_languages(), "none": []}[required]


def requirement_errors(value, required):
    """ValidationErrors for the languages that `required` ("source", "all", "none") needs and `value` lacks."""
    return [
        ValidationError(
            _("Enter the text in %(language)s."), code="required", params={"language": native_name(code)}
        )
        for code in required_languages(required)
        if not value.get(code)
    ]


def length_errors(value, max_length):
    """ValidationErrors for texts in `value` longer than `max_length` characters (None: no limit)."""
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
    """One input per language of the site, each with its `lang` and `dir`, for a TranslatedText."""

    template_name = "egov_language/widgets/translated_text.html"
    use_fieldset = True

    class Media:
        css = {"all": ["egov_language/translated_text.css"]}

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
        texts = TranslatedText.of(value)
        return [texts.in_locale(code) for code in self.codes]

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
    """The `empty_values` of a form field: contains every value without text in a required language.

    Django does not validate a model field when its form field is not required and its value is "empty". A draft needs
    this while, for example, only the Sorani text of a field has been written.
    """

    def __init__(self, required):
        self.required = required

    def __contains__(self, value):
        texts = TranslatedText.of(value)
        return not texts or any(not texts.get(code) for code in required_languages(self.required))


class TranslatedTextFormField(forms.Field):
    """Cleans to a TranslatedText without bidi controls. `required=False` (a draft) disables `languages_required`."""

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
        before, after = TranslatedText.of(initial), TranslatedText.of(data)
        return any(before.in_locale(code) != after.in_locale(code) for code in content_languages())

"""Makes Wagtail's editing forms accept three kinds of digits, and compare translated texts by language."""

from django.db import models
from django.utils.html import format_html_join
from wagtail.admin import widgets
from wagtail.admin.forms.models import register_form_field_override

from egov_cms.adapters.wagtail.panels import TextFieldComparison, diff_text, register_comparison_class

from . import forms
from .fields import TranslatedTextField
from .locales import direction, native_name


class TranslatedTextComparison(TextFieldComparison):
    """Shows the changes of each language, with its name, when two revisions are compared."""

    def htmldiff(self):
        changed = [
            code for code in {**self.val_a, **self.val_b} if self.val_a.get(code) != self.val_b.get(code)
        ]
        return format_html_join(
            "",
            '<p lang="{}" dir="{}"><b>{}</b> {}</p>',
            (
                (
                    code,
                    direction(code),
                    native_name(code),
                    diff_text(self.val_a.in_locale(code), self.val_b.in_locale(code)).to_html(),
                )
                for code in changed or self.val_a
            ),
        )


def register():
    """Called once from `AppConfig.ready()`."""
    register_comparison_class(TranslatedTextField, comparison_class=TranslatedTextComparison)
    for model_field, form_field, widget in (
        (models.DateField, forms.DateField, widgets.AdminDateInput),
        (models.TimeField, forms.TimeField, widgets.AdminTimeInput),
        (models.DateTimeField, forms.DateTimeField, widgets.AdminDateTimeInput),
    ):
        register_form_field_override(model_field, override={"form_class": form_field, "widget": widget})
    register_form_field_override(models.IntegerField, override={"form_class": forms.IntegerField})
    register_form_field_override(models.DecimalField, override={"form_class": forms.DecimalField})

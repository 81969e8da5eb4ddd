"""The form of a service in the editor, with one text input for each “does not apply” reason."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from egov_cms.services.answers import ANSWERABLE
from egov_cms.site.fact_forms import FactPageForm


class ReasonsWidget(forms.MultiWidget):
    """One text input for each entry of ANSWERABLE, with its label."""

    template_name = "egov_services/admin/reasons.html"

    def __init__(self, attrs=None):
        widgets = {name: forms.TextInput(attrs={"dir": "auto", "maxlength": 500}) for name in ANSWERABLE}
        super().__init__(widgets, attrs)

    def decompress(self, value):
        return [(value or {}).get(name, "") for name in ANSWERABLE]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        for label, subwidget in zip(ANSWERABLE.values(), context["widget"]["subwidgets"], strict=True):
            subwidget["label"] = label
        return context

    def id_for_label(self, id_):
        return ""


class ReasonsField(forms.MultiValueField):
    """Cleans to `{name: reason}` without empty reasons."""

    widget = ReasonsWidget

    def __init__(self, **kwargs):
        fields = [forms.CharField(required=False, max_length=500) for _name in ANSWERABLE]
        super().__init__(fields, require_all_fields=False, **kwargs)

    def compress(self, values):
        return {name: value for name, value in zip(ANSWERABLE, values or (), strict=False) if value}


class ServicePageForm(FactPageForm):
    """A draft needs a title and a code; the publish gate checks everything else."""

    not_applicable = ReasonsField(
        required=False,
        label=_("Does not apply, because …"),
        help_text=_("A reason of at least 10 letters counts as an answer."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "service_code" in self.fields:
            self.fields["service_code"].required = True
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean(self):
        cleaned = super().clean()
        if self.takes_facts:
            return cleaned
        # Wagtail requires no fields of a draft, but other services and files refer to this one by its code.
        if not cleaned.get("service_code") and "service_code" not in self.errors:
            self.add_error("service_code", _("Give the service its code."))
        return {**cleaned, "not_applicable": cleaned.get("not_applicable") or {}}

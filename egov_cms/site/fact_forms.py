"""Form and panels for facts: inputs on the source page; read-only values on translations, inputs only for texts."""

from __future__ import annotations

from functools import partial

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from egov_cms.adapters.wagtail.panels import (
    FieldOrValuePanel,
    RowsOrValuesPanel,
    TabsWithOwnInputs,
    form_field,
)
from egov_cms.policies import Policy

from .facts import fact_fields, fact_rows, source_of, takes_facts
from .gate import PublishForm
from .publication import SEEN

WORD_INPUT = "words-"
# Page → the digest of what its form shows of what an approval binds; empty where nothing is approved.
seen_digest = Policy("site.seen_digest", default=lambda page: "")


class SeenField(forms.CharField):
    """Sends back the digest of what the form shows of what an approval binds. It is no change of the page."""

    def __init__(self, page):
        super().__init__(required=False, widget=forms.HiddenInput, initial=partial(seen_digest, page))

    def has_changed(self, initial, data):
        return False


class FactPageForm(PublishForm):
    """The form of pages with facts.

    On a translation it has no inputs for facts, and one input for each translatable text of a row.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        model = type(self.instance)
        if seen_digest(self.instance):
            self.fields[SEEN] = SeenField(self.instance)
        self.takes_facts = takes_facts(self.instance)
        if not self.takes_facts:
            return
        for name in fact_fields(model):
            self.fields.pop(name, None)
        for relation, columns in fact_rows(model).items():
            self.formsets.pop(relation, None)
            for row in getattr(self.instance, relation).all():
                for name in columns.words:
                    self.fields[word_input(relation, row, name)] = self._word_field(row, name)

    def _word_field(self, row, name) -> forms.Field:
        field = form_field(row._meta.get_field(name))
        field.required = False
        field.initial = row._meta.get_field(name).value_from_object(row)
        return field

    def save(self, commit=True):
        if self.takes_facts:
            self._set_words()
        return super().save(commit=commit)

    def _set_words(self):
        for relation, columns in fact_rows(type(self.instance)).items():
            rows = list(getattr(self.instance, relation).all())
            for row in rows:
                for name in columns.words:
                    key = word_input(relation, row, name)
                    if key in self.cleaned_data:
                        setattr(row, name, self.cleaned_data[key])
            getattr(self.instance, relation).set(rows)


def word_input(relation: str, row, name: str) -> str:
    """The name of the input for one text column of one row, on a translation."""
    return f"{WORD_INPUT}{relation}-{row.translation_key}-{name}"


class FactPanel(FieldOrValuePanel):
    """A FieldPanel for a fact: an input on the source page, a read-only value on translations."""

    no_input_help = gettext_lazy("Set on the page in the source language.")

    def shows_values(self, form):
        return getattr(form, "takes_facts", False)


class FactInlinePanel(RowsOrValuesPanel):
    """An InlinePanel for rows of facts.

    On translations rows cannot be added or removed; only their texts have inputs.
    """

    values_template = "egov_site/admin/fact_rows.html"

    class BoundPanel(RowsOrValuesPanel.BoundPanel):
        def get_values_context(self):
            return {"rows": list(self._rows())}

        def _rows(self):
            relation = self.panel.relation_name
            columns = fact_rows(type(self.instance))[relation]
            originals = {
                row.translation_key: row for row in getattr(source_of(self.instance), relation).all()
            }
            for row in getattr(self.instance, relation).all():
                original = originals.get(row.translation_key)
                yield {
                    "facts": [(_label(row, name), self._display(row, name)) for name in columns.facts],
                    "words": [
                        {
                            "input": self.form[word_input(relation, row, name)],
                            "source": getattr(original, name, ""),
                        }
                        for name in columns.words
                    ],
                }

        def _display(self, row, name):
            field = row._meta.get_field(name)
            if field.choices:
                return getattr(row, f"get_{name}_display")()
            return self.panel.format_value_for_display(getattr(row, name))


class FactTabs(TabsWithOwnInputs):
    """The tabs of the form. The text inputs of rows are rendered by the panels of the rows."""

    def is_drawn(self, name):
        return name.startswith(WORD_INPUT)


def _label(row, name) -> str:
    return capfirst(row._meta.get_field(name).verbose_name)

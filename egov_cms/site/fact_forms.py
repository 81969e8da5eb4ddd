"""The editor of facts: inputs on the source page; on translations rendered values, with inputs for words only."""

from __future__ import annotations

from django import forms
from django.utils.html import format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.admin.forms.models import formfield_for_dbfield
from wagtail.admin.panels import FieldPanel, InlinePanel, Panel, TabbedInterface

from .facts import fact_fields, fact_rows, source_of, takes_facts
from .gate import PublishForm

WORD_INPUT = "words-"


class FactPageForm(PublishForm):
    """The form of pages with facts.

    On a translation it has no inputs for facts and one input for each word of a row.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        model = type(self.instance)
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
        field = formfield_for_dbfield(row._meta.get_field(name))
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
    """The name of the input for one word column of one row on a translation."""
    return f"{WORD_INPUT}{relation}-{row.translation_key}-{name}"


class FactPanel(FieldPanel):
    """A FieldPanel for a fact: an input on the source page, the rendered value on translations."""

    class BoundPanel(FieldPanel.BoundPanel):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            if self.bound_field is None and getattr(self.form, "takes_facts", False):
                self.read_only = True
                self.heading = self.panel.heading or capfirst(self.panel.db_field.verbose_name)
                self.help_text = _("Set on the page in the source language.")

        @property
        def comments_enabled(self):
            return not self.read_only and super().comments_enabled


class FactInlinePanel(InlinePanel):
    """An InlinePanel for rows of facts.

    On translations rows cannot be added or removed; only their words have inputs.
    """

    class BoundPanel(InlinePanel.BoundPanel):
        def __init__(self, **kwargs):
            self.is_translation = getattr(kwargs.get("form"), "takes_facts", False)
            if self.is_translation:
                Panel.BoundPanel.__init__(self, **kwargs)
                self.label = self.panel.label
                self.template_name = "egov_site/admin/fact_rows.html"
            else:
                super().__init__(**kwargs)

        def js_opts(self):
            return Panel.BoundPanel.js_opts(self) if self.is_translation else super().js_opts()

        def telepath_pack(self, context):
            if self.is_translation:
                return ("wagtail.panels.Panel", [self.js_opts()])
            return super().telepath_pack(context)

        def get_context_data(self, parent_context=None):
            if not self.is_translation:
                return super().get_context_data(parent_context)
            context = Panel.BoundPanel.get_context_data(self, parent_context)
            context["rows"] = list(self._rows())
            return context

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


class FactTabs(TabbedInterface):
    """The form's tabs. The word inputs of rows stand in their panels; Wagtail, which cannot know that, would
    draw each of them a second time below the form, and the browser would post the unedited twin last.
    """

    class BoundPanel(TabbedInterface.BoundPanel):
        def render_missing_fields(self):
            claimed = self.panel.get_form_options().get("fields", [])
            names = [name for name in self.form.fields if name not in claimed]
            missing = [name for name in names if not name.startswith(WORD_INPUT)]
            return format_html_join("", "{}", ((self.form[name],) for name in missing))


def _label(row, name) -> str:
    return capfirst(row._meta.get_field(name).verbose_name)

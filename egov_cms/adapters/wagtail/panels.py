"""Panels and fields of the editing form that may lack an input, and what Wagtail keeps beside a model's form.

Documented are the panels, `Panel.BoundPanel` and `get_context_data` (docs.wagtail.org: extending/forms, reference/panels).
What a bound panel sends to the browser, and what it does where the form has no input for it, is not.
"""

from django.utils.html import format_html_join
from django.utils.text import capfirst
from wagtail.admin.compare import TextFieldComparison, diff_text, register_comparison_class
from wagtail.admin.forms.models import formfield_for_dbfield
from wagtail.admin.panels import FieldPanel, InlinePanel, Panel, TabbedInterface
from wagtail.utils.decorators import cached_classmethod

__all__ = [
    "FieldOrValuePanel",
    "RowsOrValuesPanel",
    "TabsWithOwnInputs",
    # How a field is shown when two versions are compared: no documented place to say it.
    "TextFieldComparison",
    # `Page.get_edit_handler` may be overridden; Wagtail then calls its `cache_clear()`, which this decorator gives.
    "cached_classmethod",
    # The marks of a comparison for a part of a value.
    "diff_text",
    "form_field",
    # Which class compares a field: its registry of form fields is documented, this one is not.
    "register_comparison_class",
]


def form_field(model_field, **kwargs):
    """The form field that Wagtail's forms make for a field of a model, with its registered overrides.

    `register_form_field_override` is documented; how to ask for the result, outside the form of the model, is not.
    """
    return formfield_for_dbfield(model_field, **kwargs)


class FieldOrValuePanel(FieldPanel):
    """A FieldPanel that shows the value where the form has no input for it.

    Wagtail hides such a panel. Its documented `read_only=True` takes the input away for everybody and for good; here the
    form decides each time: `shows_values(form)`.
    """

    no_input_help = ""

    def shows_values(self, form) -> bool:
        """Is the value shown where this form has no input?"""
        return True

    class BoundPanel(FieldPanel.BoundPanel):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            if self.form is not None and self.bound_field is None and self.panel.shows_values(self.form):
                self.read_only = True
                self.heading = self.panel.heading or capfirst(self.panel.db_field.verbose_name)
                self.help_text = self.panel.no_input_help

        @property
        def comments_enabled(self):
            # Wagtail looks at the input to find out.
            return not self.read_only and super().comments_enabled


class RowsOrValuesPanel(InlinePanel):
    """An InlinePanel that draws `values_template` where the form has no formset for its relation.

    Wagtail's takes the formset from the form when it is bound, and tells the browser's script about it: without one
    it cannot be drawn at all. A subclass gives the variables of its template: `BoundPanel.get_values_context()`.
    """

    values_template = ""

    class BoundPanel(InlinePanel.BoundPanel):
        def __init__(self, **kwargs):
            panel, form = kwargs["panel"], kwargs.get("form")
            self.has_rows = form is None or panel.relation_name in form.formsets
            if self.has_rows:
                super().__init__(**kwargs)
            else:
                Panel.BoundPanel.__init__(self, **kwargs)
                self.label = panel.label
                self.template_name = panel.values_template

        def js_opts(self):
            return super().js_opts() if self.has_rows else Panel.BoundPanel.js_opts(self)

        def telepath_pack(self, context):
            if self.has_rows:
                return super().telepath_pack(context)
            return (Panel.BoundPanel.telepath_adapter_name, [self.js_opts()])

        def get_context_data(self, parent_context=None):
            if self.has_rows:
                return super().get_context_data(parent_context)
            return {**Panel.BoundPanel.get_context_data(self, parent_context), **self.get_values_context()}

        def get_values_context(self) -> dict:
            return {}


class TabsWithOwnInputs(TabbedInterface):
    """The tabs of a form some of whose inputs are drawn by panels that do not claim them: `is_drawn(name)`.

    Wagtail draws every input that no panel claims once more below the form, and the browser would post the unedited
    twin last.
    """

    def is_drawn(self, name: str) -> bool:
        """Does a panel draw the input of this name?"""
        return False

    class BoundPanel(TabbedInterface.BoundPanel):
        def render_missing_fields(self):
            claimed = self.panel.get_form_options().get("fields", [])
            missing = (
                name for name in self.form.fields if name not in claimed and not self.panel.is_drawn(name)
            )
            return format_html_join("", "{}", ((self.form[name],) for name in missing))

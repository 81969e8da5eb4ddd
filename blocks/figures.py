"""Large figures, each with its unit and what it counts."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from blocks import examples
from blocks.inputs import Component, Line
from egov_cms.language import format_number, format_percent


class Figure(Component):
    value = blocks.DecimalBlock(label=_("Number"))
    unit = Line(
        required=False,
        max_length=60,
        label=_("Unit"),
        help_text=_("For example: %, million dinars, projects"),
    )
    label = Line(max_length=160, label=_("What it counts"))

    class Meta:
        icon = "order"
        label = _("Figure")


def amount(value, unit):
    """A formatted number and its unit; a percent sign is part of the number, without a space."""
    if unit.strip() in ("%", "٪"):
        return {"value": format_percent(value), "unit": ""}
    return {"value": format_number(value), "unit": unit}


class Figures(Component):
    items = blocks.ListBlock(Figure(), min_num=1, max_num=8, label=_("Figures"))
    source = Line(required=False, max_length=255, label=_("Source and date"))

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context=parent_context)
        context["figures"] = [
            {**amount(item["value"], item["unit"]), "label": item["label"]}
            for item in value["items"]
            if item["value"] is not None
        ]
        return context

    class Meta:
        icon = "order"
        label = _("Figures")
        description = _("A few large numbers with their unit and what they count.")
        template = "egov_blocks/figures.html"
        preview_value = examples.FIGURES

"""Blocks that show records of the site in pages."""

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.snippets.blocks import SnippetChooserBlock

from blocks import registry
from blocks.inputs import Component

from .models import Office, OfficeIndexPage


class OfficeBlock(Component):
    """An office with its current state; renders nothing when the office is no longer public."""

    office = SnippetChooserBlock("egov_site.Office", required=False, label=_("Office"))

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context=parent_context)
        chosen = value.get("office")
        offices = Office.objects.public().filter(pk=chosen.pk).with_states() if chosen else []
        context["office"] = offices[0] if offices else None
        context["url"] = _url_of(offices[0], context.get("page")) if offices else ""
        return context

    def clean(self, value):
        self.require(value, _("Choose an office."), "office")
        return super().clean(value)

    class Meta:
        icon = "home"
        label = _("Office")
        description = _("An office with its address, telephone and whether it is open now.")
        template = "egov_site/blocks/office.html"
        preview_value = {"office": None}


def _url_of(office, page) -> str:
    locale = {"locale_id": page.locale_id} if page is not None else {"locale__language_code": get_language()}
    index = OfficeIndexPage.objects.public().filter(**locale).first()
    return index.office_url(office) if index else ""


def register_blocks():
    registry.register("office", OfficeBlock, fields=("body",), group="contact", order=30)

"""Contact details and places, without a map server: address as text, telephones, links from coordinates."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from blocks import examples
from blocks.inputs import Component, Line, Paragraph, phone_block

LATITUDES = Decimal("29.06"), Decimal("37.39")
LONGITUDES = Decimal("38.79"), Decimal("48.58")
"""The extreme points of Iraq in degrees."""


class Contact(Component):
    name = Line(max_length=160, label=_("Office or person"))
    role = Line(required=False, max_length=160, label=_("What for"))
    address = Paragraph(required=False, label=_("Address"))
    hours = Line(required=False, max_length=160, label=_("Working hours"))
    phones = blocks.ListBlock(phone_block(), default=[], max_num=6, label=_("Telephones"))
    emails = blocks.ListBlock(blocks.EmailBlock(), default=[], max_num=4, label=_("E-mail addresses"))

    class Meta:
        icon = "user"
        label = _("Contact")
        description = _("How to reach an office or a person: address, hours, telephone, e-mail.")
        template = "egov_blocks/contact.html"
        preview_value = examples.CONTACT


class Place(Component):
    name = Line(max_length=160, label=_("Name of the place"))
    address = Paragraph(required=False, label=_("Address and landmark"))
    latitude = blocks.DecimalBlock(
        max_digits=8, decimal_places=6, label=_("Latitude"), help_text=_("For Baghdad about 33.3")
    )
    longitude = blocks.DecimalBlock(
        max_digits=8, decimal_places=6, label=_("Longitude"), help_text=_("For Baghdad about 44.4")
    )

    def clean(self, value):
        cleaned = super().clean(value)
        errors = {
            name: ValidationError(_("This is not inside Iraq. Are latitude and longitude exchanged?"))
            for name, bounds in (("latitude", LATITUDES), ("longitude", LONGITUDES))
            if cleaned[name] is not None and not bounds[0] <= cleaned[name] <= bounds[1]
        }
        if errors:
            raise blocks.StructBlockValidationError(errors)
        return cleaned

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context=parent_context)
        context.update(map_links(value["latitude"], value["longitude"]))
        return context

    class Meta:
        icon = "site"
        label = _("Place on the map")
        description = _(
            "A place with its address and links that open it in a map. No map is loaded in the page."
        )
        template = "egov_blocks/place.html"
        preview_value = examples.PLACE


def map_links(latitude: Decimal | None, longitude: Decimal | None) -> dict[str, str]:
    """`geo_url` (the device's map app), `osm_url` and `coordinates` of a point in degrees; empty without a point."""
    if latitude is None or longitude is None:
        return {}
    point = f"{latitude.normalize():f}", f"{longitude.normalize():f}"
    return {
        "geo_url": "geo:{},{}".format(*point),
        "osm_url": "https://www.openstreetmap.org/?mlat={0}&mlon={1}#map=17/{0}/{1}".format(*point),
        "coordinates": "{}, {}".format(*point),
    }

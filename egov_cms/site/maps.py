"""The data of the map of offices: the governorates with their numbers of offices, or the offices of one.

The map shows nothing that the list does not: every place on it links to a page that the list names too. The outline
is `static/egov_site/iraq.geojson` (docs/maps.md).
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from egov_cms.language import format_number, shown_digits

OUTLINE = Path(__file__).parent / "static" / "egov_site" / "iraq.geojson"
MOST_OFFICES = 300


@cache
def outlined_codes() -> frozenset[str]:
    """Codes of the governorates in the outline; Halabja, a governorate since 2025, is not in it."""
    return frozenset(feature["id"] for feature in json.loads(OUTLINE.read_text("utf-8"))["features"])


def office_map(governorates, chosen, offices, base_url: str) -> dict[str, Any]:
    """`data` for map.js, and `without_outline`: names of governorates shown as points.

    `governorates` have an `office_count`. `offices`: a query set of the public offices; those of the chosen
    governorate are shown. One query when a governorate is chosen, otherwise none.
    """
    return {
        "data": {
            "governorates": [_governorate(each, each == chosen, base_url) for each in governorates],
            "offices": [_office(each, base_url) for each in _with_position(offices, chosen)]
            if chosen
            else [],
            "words": {
                "zoom_in": _("Zoom in"),
                "zoom_out": _("Zoom out"),
                "comma": _(", "),
                "numbers": f"en-u-nu-{shown_digits()}",
            },
        },
        "without_outline": _(", ").join(
            str(each.name)
            for each in governorates
            if each.office_count and each.code not in outlined_codes() and chosen in (None, each)
        ),
    }


def _governorate(governorate, chosen, base_url):
    count = format_number(governorate.office_count)
    offices = ngettext("%(count)s office", "%(count)s offices", governorate.office_count) % {"count": count}
    return {
        "code": governorate.code,
        "name": str(governorate.name),
        "count": count,
        "label": f"{governorate.name}: {offices}",
        "url": f"{base_url}{governorate.slug}/?view=map" if governorate.office_count else "",
        "chosen": chosen,
        **_point(governorate),
    }


def _with_position(offices, governorate):
    with_position = offices.filter(governorate=governorate, latitude__isnull=False)
    return with_position.select_related("governorate").order_by("sort_order", "slug")[:MOST_OFFICES]


def _office(office, base_url):
    return {
        "name": str(office.name),
        "address": str(office.address),
        "url": f"{base_url}{office.place_slug}/{office.slug}/",
        **_point(office),
    }


def _point(place):
    has_position = place.latitude is not None and place.longitude is not None
    return {
        "lat": float(place.latitude) if has_position else None,
        "lon": float(place.longitude) if has_position else None,
    }

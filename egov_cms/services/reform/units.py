"""The ministry of a unit as a database expression, and the names of units.

Units are pages below their ministry, and the tree path of a page begins with the path of its parent. The ministry
of a unit is its highest ancestor among units.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Case, CharField, Value, When
from django.db.models.functions import Left

from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.language import source_language
from egov_cms.site.models import OrganisationIndexPage, OrganisationUnitPage

Page = page_model()


def ministries_of(*paths: str) -> list[Case]:
    """For each lookup of a unit's path: an expression for the path of its ministry; empty without a unit.

    One small query for the parent pages of ministries.
    """
    indexes = OrganisationIndexPage.objects.filter(locale__language_code=source_language())
    tops = list(indexes.order_by("-depth").values_list("path", flat=True))
    return [
        Case(
            *(
                When(**{f"{path}__startswith": top, "then": Left(path, len(top) + Page.steplen)})
                for top in tops
            ),
            default=Value(""),
            output_field=CharField(),
        )
        for path in paths
    ]


def unit_names(language: str) -> dict[str, str]:
    """Tree path of a unit (source language) → its title in a language, else in the source language."""
    units = OrganisationUnitPage.objects.order_by("path")
    translated = dict(
        units.filter(locale__language_code=language, live=True).values_list("translation_key", "title")
    )
    sources = units.filter(locale__language_code=source_language()).values_list(
        "path", "translation_key", "title"
    )
    return {path: translated.get(key) or title for path, key, title in sources}


@dataclass(frozen=True)
class Unit:
    """A ministry or unit that reports can be filtered by."""

    pk: int
    path: str
    code: str
    name: str
    depth: int


def units(language: str) -> list[Unit]:
    """All units in tree order, as choices."""
    names = unit_names(language)
    sources = OrganisationUnitPage.objects.filter(locale__language_code=source_language()).order_by("path")
    rows = list(sources.values_list("pk", "path", "code", "depth"))
    highest = min((depth for *_rest, depth in rows), default=0)
    return [Unit(pk, path, code, names[path], depth - highest) for pk, path, code, depth in rows]

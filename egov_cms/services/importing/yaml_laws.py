"""Laws in a YAML file: kind, number, year and title."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from egov_cms.tabular import InvalidValue, Mapping, values

LAW_NUMBER = re.compile(r"رقم\s*\(?\s*([0-9]+)\s*\)?\s*لسنة\s*([0-9]{4})")
LAW_KINDS = [
    "constitution",
    "law",
    "regulation",
    "instructions",
    "cabinet_decision",
    "ministerial_order",
    "circular",
    "resolution",
    "agreement",
    "other",
]


def one_law(reader, row, field):
    held = row.pop("law", None)
    if held is None:
        return None
    if isinstance(held, str):
        held = Mapping({reader.source_language: held})
    if not isinstance(held, dict):
        reader.refuse(f"{field}.law", InvalidValue(_("Write the title of the law."), "not_words", held))
        return None
    return read_law(reader, held, f"{field}.law")


def read_law(reader, row, field):
    """A law as {kind, number, year, title}; number and year come out of the Arabic title if not given."""
    row = reader.rejoin(row, field)
    title = reader.words(row, field)
    law = {
        "kind": reader.take(row, "kind", f"{field}.kind", values.choice, LAW_KINDS, default="law"),
        "number": reader.take(row, "number", f"{field}.number", values.text, 20, default=""),
        "year": reader.take(row, "year", f"{field}.year", values.whole, 1900, 2100),
        "title": title,
    }
    match = LAW_NUMBER.search(title.get("ar", ""))
    if match and not law["number"]:
        law["number"] = str(values.whole(match.group(1)))
    if match and not law["year"]:
        law["year"] = values.whole(match.group(2))
    if not title.get(reader.source_language):
        reader.refuse(
            f"{field}.{reader.source_language}", InvalidValue(_("The title is missing."), "missing")
        )
    reader.finish(row, field)
    return law

"""The text card `services/<slug>.txt`: what to bring, pay and do in at most 700 bytes, for messengers."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from egov_cms.language import format_date, format_number
from egov_cms.services.snapshots.summaries import duration_summary, fee_summary, visits_summary

LARGEST = 700
CUT = "…"


def text_card(given: dict, language: str, url: str, today: datetime.date) -> str:
    """A snapshot in one language → plain text with line feeds. Fee, time, date and address are never cut.

    When the whole does not fit, the list of documents is shortened and says how many are left out, then the
    summary goes, and last the title is cut.
    """
    with translation.override(language):
        title = given["title"].get(language, "")
        facts = _facts(given, language, today)
        foot = [_("Fees as of %(date)s.") % {"date": format_date(today, language)}, url]
        documents = _documents(given, language)
        summary = [given["summary"][language]] if given["summary"].get(language) else []
        for shown in range(len(documents), -1, -1):
            listed = _listed(documents, shown, language)
            for parts in ([title, *summary, *facts, *listed, *foot], [title, *facts, *listed, *foot]):
                text = "\n".join(parts) + "\n"
                if len(text.encode()) <= LARGEST:
                    return text
        return _with_cut_title(title, "\n".join([*facts, *foot]) + "\n")


def _facts(given, language, today):
    fees = [
        SimpleNamespace(
            **row
            | {
                "unit": row["unit"].get(language, ""),
                "valid_from": day_of(row["valid_from"]),
                "valid_to": day_of(row["valid_to"]),
            }
        )
        for row in given["fees"]
    ]
    fee = fee_summary(fees, given["is_free"], today)
    time = duration_summary(given["duration_min"], given["duration_max"], given["duration_unit"])
    lines = ((_("Fee"), " · ".join(part for part in fee if part)), (_("Time needed"), time))
    facts = [_("%(name)s: %(value)s") % {"name": name, "value": value} for name, value in lines if value]
    return [*facts, *filter(None, [visits_summary(given["visits"])])]


def _documents(given, language):
    lines = []
    for row in given["documents"]:
        name = row["document_type"] and row["document_type"]["name"].get(language)
        condition = row["condition"].get(language)
        if name:
            lines.append(f"- {name} ({condition})" if condition else f"- {name}")
    return lines


def _listed(documents, shown, language):
    left_out = len(documents) - shown
    lines = [_("Bring:"), *documents[:shown]] if documents else []
    if left_out:
        more = ngettext("and %(number)s more document", "and %(number)s more documents", left_out)
        lines.append(f"{CUT} " + more % {"number": format_number(left_out, language)})
    return lines


def _with_cut_title(title, rest):
    room = LARGEST - len(rest.encode()) - len(f"{CUT}\n".encode())
    return title.encode()[: max(room, 0)].decode(errors="ignore") + f"{CUT}\n{rest}"


def day_of(text: str | None) -> datetime.date | None:
    """A day as documents hold it (ISO 8601), or None."""
    return datetime.date.fromisoformat(text) if text else None

"""The text card `services/<slug>.txt`: documents, fee, time and visits in at most 700 bytes, for messaging apps."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from egov_cms.language import format_date, format_number
from egov_cms.services.snapshots.summaries import duration_summary, fee_summary, visits_summary

MAX_BYTES = 700
CUT = "…"


def text_card(snapshot: dict, language: str, url: str, today: datetime.date) -> str:
    """A snapshot in one language → plain text with line feeds. Fee, time, date and URL are never cut.

    If the text is too long, the summary is dropped or the list of documents is shortened, with the number of
    documents left out; the title is cut last.
    """
    with translation.override(language):
        title = snapshot["title"].get(language, "")
        facts = _facts(snapshot, language, today)
        footer = [_("Fees as of %(date)s.") % {"date": format_date(today, language)}, url]
        documents = _documents(snapshot, language)
        summary = [snapshot["summary"][language]] if snapshot["summary"].get(language) else []
        for count in range(len(documents), -1, -1):
            document_lines = _document_lines(documents, count, language)
            for parts in (
                [title, *summary, *facts, *document_lines, *footer],
                [title, *facts, *document_lines, *footer],
            ):
                text = "\n".join(parts) + "\n"
                if len(text.encode()) <= MAX_BYTES:
                    return text
        return _with_cut_title(title, "\n".join([*facts, *footer]) + "\n")


def _facts(snapshot, language, today):
    fees = [
        SimpleNamespace(
            **row
            | {
                "unit": row["unit"].get(language, ""),
                "valid_from": day_of(row["valid_from"]),
                "valid_to": day_of(row["valid_to"]),
            }
        )
        for row in snapshot["fees"]
    ]
    fee = fee_summary(fees, snapshot["is_free"], today)
    time = duration_summary(snapshot["duration_min"], snapshot["duration_max"], snapshot["duration_unit"])
    lines = ((_("Fee"), " · ".join(part for part in fee if part)), (_("Time needed"), time))
    facts = [_("%(name)s: %(value)s") % {"name": name, "value": value} for name, value in lines if value]
    return [*facts, *filter(None, [visits_summary(snapshot["visits"])])]


def _documents(snapshot, language):
    lines = []
    for row in snapshot["documents"]:
        name = row["document_type"] and row["document_type"]["name"].get(language)
        condition = row["condition"].get(language)
        if name:
            lines.append(f"- {name} ({condition})" if condition else f"- {name}")
    return lines


def _document_lines(documents, count, language):
    left_out = len(documents) - count
    lines = [_("Bring:"), *documents[:count]] if documents else []
    if left_out:
        more = ngettext("and %(number)s more document", "and %(number)s more documents", left_out)
        lines.append(f"{CUT} " + more % {"number": format_number(left_out, language)})
    return lines


def _with_cut_title(title, rest):
    space = MAX_BYTES - len(rest.encode()) - len(f"{CUT}\n".encode())
    return title.encode()[: max(space, 0)].decode(errors="ignore") + f"{CUT}\n{rest}"


def day_of(text: str | None) -> datetime.date | None:
    """The ISO 8601 date of a document as a date; None for None."""
    return datetime.date.fromisoformat(text) if text else None

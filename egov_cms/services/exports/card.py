"""The text card `services/<slug>.txt`: what to bring, pay and do, in at most 700 bytes, for SMS and
messengers.
"""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from egov_cms.language import format_date, format_money, format_number, format_range

LARGEST = 700
CUT = "…"


def text_card(given: dict, language: str, url: str, today) -> str:
    """A snapshot in one language → plain text with line feeds. The title, the address and the date are never
    cut.

    When the whole does not fit, the list of documents is shortened first and says how many are left out,
    then the steps go, then the summary.
    """
    with translation.override(language):
        head = [given["title"].get(language, "")]
        facts = _facts(given, language)
        foot = [_("Fees as of %(date)s.") % {"date": format_date(today, language)}, url]
        documents = _documents(given, language)
        summary = [given["summary"][language]] if given["summary"].get(language) else []
        for held in range(len(documents), -1, -1):
            left_out = len(documents) - held
            listed = [_("To bring:"), *documents[:held]] if documents else []
            if left_out:
                more = ngettext("and %(number)s more document", "and %(number)s more documents", left_out)
                listed.append(f"{CUT} " + more % {"number": format_number(left_out, language)})
            for parts in (
                [*head, *summary, *facts, *listed, *foot],
                [*head, *facts, *listed, *foot],
            ):
                text = "\n".join(parts) + "\n"
                if len(text.encode()) <= LARGEST:
                    return text
        return _shortened(head[0], "\n".join([*facts, *foot]) + "\n")


def _facts(given, language):
    lines = []
    if given["is_free"]:
        lines.append(_("Fee: free of charge"))
    elif amounts := [row for row in given["fees"] if row["amount_minor"] is not None]:
        money = [
            format_money(row["amount_minor"], row["currency"], row["exponent"], language) for row in amounts
        ]
        names = [row["label"].get(language, "") for row in amounts]
        listed = [f"{name} {amount}".strip() for name, amount in zip(names, money, strict=True)]
        lines.append(_("Fees: %(fees)s") % {"fees": _("; ").join(listed)})
    if given["duration_max"] or given["duration_min"]:
        lines.append(_("Time: %(time)s") % {"time": _time(given, language)})
    if given["visits"] is not None:
        lines.append(_("Visits: %(number)s") % {"number": format_number(given["visits"], language)})
    return lines


def _time(given, language):
    low, high = given["duration_min"], given["duration_max"]
    numbers = format_range(low or high, high or low, language)
    units = {
        "minute": ngettext("minute", "minutes", high or low),
        "hour": ngettext("hour", "hours", high or low),
        "working_day": ngettext("working day", "working days", high or low),
        "month": ngettext("month", "months", high or low),
    }
    return f"{numbers} {units[given['duration_unit']]}"


def _documents(given, language):
    return [
        "- " + name + (f" ({row['condition'][language]})" if row["condition"].get(language) else "")
        for row in given["documents"]
        if row["document_type"] and (name := row["document_type"]["name"].get(language))
    ]


def _shortened(title, rest):
    room = LARGEST - len(rest.encode()) - len(f"{CUT}\n".encode())
    cut = title.encode()[: max(room, 0)].decode(errors="ignore")
    return f"{cut}{CUT}\n{rest}"

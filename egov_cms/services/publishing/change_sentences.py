"""A change of a fact in words: “Issue fee: 25,000 dinars → 30,000 dinars”."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from egov_cms.language import (
    TranslatedText,
    currency_exponent,
    format_date,
    format_duration,
    format_money,
    format_number,
    format_percent,
)
from egov_cms.services import choices
from egov_cms.services.snapshots import summaries

What = choices.ChangedFact


def sentence(change, language: str) -> str:
    """Before and after of a change in one language, as plain text. `change` has what, field, before and after."""
    before, after = change.before, change.after
    if change.field == "published":
        return _("Taken off the site") if after is None else _("Published again")
    show = _WORDS.get(change.what, _plain)
    label = _label(after or before, language)
    if before is None or before == "":
        text = _("new: %(value)s") % {"value": show(after, change.field, language)}
    elif after is None or after == "":
        text = _("no longer: %(value)s") % {"value": show(before, change.field, language)}
    else:
        values = {
            "before": show(before, change.field, language, after),
            "after": show(after, change.field, language, before),
        }
        text = _("%(before)s before, now %(after)s") % values
    return f"{label}: {text}" if label else text


def _label(value, language) -> str:
    return TranslatedText(value.get("label") or {}).best(language)[0] if isinstance(value, dict) else ""


def fee_text(value, field="", language=None, other=None) -> str:
    """What is paid, with every part of a fee that the other version has differently."""
    if not isinstance(value, dict):
        return _("free of charge") if value else _("not free of charge")
    parts = [_amount(value, language)]
    differs = _differences(value, other)
    if "case" in differs or "conditional" in differs:
        parts.append(_("in some cases") if value.get("conditional") else _("in all cases"))
    if "channel" in differs and value.get("channel"):
        parts.append(str(choices.ChannelKind(value["channel"]).label))
    if "methods" in differs:
        parts.append(
            _(", ").join(str(choices.PaymentMethod(code).label) for code in value.get("methods") or ())
        )
    if "valid_from" in differs and value.get("valid_from"):
        parts.append(_("from %(day)s") % {"day": format_date(_day(value["valid_from"]), language)})
    if "valid_to" in differs and value.get("valid_to"):
        parts.append(_("until %(day)s") % {"day": format_date(_day(value["valid_to"]), language)})
    return " · ".join(part for part in parts if part)


def _differences(value, other):
    other = other if isinstance(other, dict) else {}
    return {name for name in value if value[name] != other.get(name)}


def _day(text):
    return date.fromisoformat(text)


def _amount(value, language) -> str:
    kind = value.get("kind", "fixed")
    if kind == "percent" and value.get("percent") is not None:
        return format_percent(Decimal(value["percent"]), language)
    if value.get("amount") is None:
        return _("varies")
    text = _money(value["amount"], value["currency"], language)
    if kind == "range" and value.get("amount_max") is not None:
        text += " – " + _money(value["amount_max"], value["currency"], language)
    if kind == "per_unit":
        text += " " + _("for each unit")
    return text


def _money(amount, currency, language):
    exponent = currency_exponent(currency)
    minor = int(Decimal(amount).scaleb(exponent))
    return format_money(minor, currency, exponent, language)


def paper_text(value, field="", language=None, other=None) -> str:
    if not isinstance(value, dict):
        return _("no documents needed") if value else _("documents needed")
    parts = [summaries.copies_summary(value["originals"], value["copies"])]
    if value.get("attestation", "none") != "none":
        parts.append(str(choices.Attestation(value["attestation"]).label))
    differs = _differences(value, other)
    if "case" in differs or "conditional" in differs or value.get("conditional"):
        parts.append(_("in some cases") if value.get("conditional") else _("in all cases"))
    if "alternative_group" in differs and value.get("alternative_group"):
        parts.append(_("one of several alternatives"))
    return " · ".join(part for part in parts if part)


def time_text(value, field="", language=None, other=None) -> str:
    if not value or not value.get("unit"):
        return _("not stated")
    least, most = value["min"], value["max"]
    return format_duration(most if least is None else least, most, value["unit"], language)


def channel_text(value, field="", language=None, other=None) -> str:
    parts = [str(choices.ChannelKind(value["kind"]).label), value.get("url"), value.get("phone")]
    return " · ".join(part for part in parts if part)


def status_text(value, field="", language=None, other=None) -> str:
    return str(choices.Status(value).label)


def _plain(value: Any, field="", language=None, other=None) -> str:
    return format_number(value, language) if isinstance(value, int) else str(value)


_WORDS = {
    What.FEE: fee_text,
    What.DOCUMENT: paper_text,
    What.DURATION: time_text,
    What.CHANNEL: channel_text,
    What.STATUS: status_text,
}

"""The columns of each sheet of the workbook."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from egov_cms.services.answers import ANSWERABLE
from egov_cms.services.models.service import ROWS, ServicePage

# Sheet → relation of the rows in it; None for the services themselves.
SHEETS = {
    "Services": None,
    "Documents": "documents",
    "Fees": "fees",
    "Steps": "steps",
    "Channels": "channels",
    "Offices": "offerings",
}
LISTS = "Lists"
HELP = "Help"
REASON = "reason_"
# Of texts that no column of the database limits; a cell holds 32,767 letters.
LONGEST_TEXT = 32_000


@dataclass(frozen=True)
class Column:
    """One column, or one for each language where `words` is set (`title` → `title_ar`, `title_ckb` …).

    field: name of the value in the plain service or row ("" for the two keys). kind: how a cell is read, a method of
    `cell_values.CellReader`. codes: the vocabulary of its drop-down. heading: a label where no model field has one.
    """

    name: str
    field: str
    kind: str = "text"
    words: bool = False
    codes: str = ""
    longest: int = 0
    width: int = 14
    heading: object = ""

    def names(self, languages) -> list[tuple[str, str]]:
        """(heading of the column, its language or "")."""
        return [(f"{self.name}_{code}", code) for code in languages] if self.words else [(self.name, "")]


def _words(name, model, width=32, kind="text", longest=0):
    longest = longest or model._meta.get_field(name).max_length or 2000
    return Column(name, name, kind, words=True, longest=longest, width=width)


CODE = Column("service_code", "", "code", longest=32, width=16, heading=_("service code"))
KEY = Column("key", "", "key", longest=40, width=14, heading=_("row key"))


@cache
def columns(sheet: str) -> tuple[Column, ...]:
    """The columns of a sheet in their order."""
    relation = SHEETS[sheet]
    if relation is None:
        return _services()
    return (CODE, KEY, *_ROWS[relation](ROWS[relation]))


def _services():
    page = ServicePage
    return (
        CODE,
        _words("title", page, 40),
        _words("summary", page, 50),
        _words("popular_names", page, 28, "lines", LONGEST_TEXT),
        Column("ministry", "ministry", "code", codes="ministry", longest=32, heading=_("ministry")),
        Column("unit", "unit", "text", codes="unit", longest=255, width=32, heading=_("responsible unit")),
        Column("category", "category", "record", codes="category"),
        Column("audiences", "audiences", "codes", codes="audiences", width=20),
        Column("life_events", "life_events", "codes", codes="life_events", width=20),
        Column("coverage", "coverage", "codes", codes="coverage", width=20),
        Column("status", "status", "choice", codes="status"),
        Column("digital_level", "digital_level", "number_choice", codes="digital_level"),
        Column("ur_class", "ur_class", "optional", codes="ur_class"),
        Column("ur_url", "ur_url", "url", width=24),
        Column("gems_code", "gems_code", longest=20),
        Column("is_free", "is_free", "yes_no", codes="yes_no"),
        _words("fee_exemptions", page),
        Column("needs_no_documents", "needs_no_documents", "yes_no", codes="yes_no"),
        Column("duration_min", "duration_min", "whole"),
        Column("duration_max", "duration_max", "whole"),
        Column("duration_unit", "duration_unit", "optional", codes="duration_unit"),
        _words("duration_note", page),
        Column("visits", "visits", "few"),
        Column("signatures", "signatures", "few"),
        Column("proxy_allowed", "proxy_allowed", "optional", codes="proxy_allowed"),
        Column("content_owner", "content_owner", "user", codes="user", longest=150, width=18),
        Column("backup_owner", "backup_owner", "user", codes="user", longest=150, width=18),
        Column("owner_email", "owner_email", "email", width=24),
        Column("review_months", "review_months", "number_choice", codes="review_months"),
        *(
            Column(f"{REASON}{name}", name, "reason", longest=500, width=24, heading=label)
            for name, label in ANSWERABLE.items()
        ),
        Column("sources", "sources", longest=LONGEST_TEXT, width=32),
        Column("slug", "slug", longest=100, width=24, heading=_("address on the site")),
        Column("change_reason", "change_reason", longest=500, width=32),
        Column("version", "version", "version", longest=16, width=12, heading=_("version")),
    )


def _documents(model):
    return (
        Column("document_type", "document_type", "required_record", codes="document_type", width=22),
        Column("originals", "originals", "count"),
        Column("copies", "copies", "count"),
        Column("alternative_group", "alternative_group", "tag", longest=20),
        Column("attestation", "attestation", "choice", codes="attestation"),
        *_case(model),
        _words("where_to_get", model),
        _words("note", model),
    )


def _fees(model):
    return (
        _words("label", model),
        Column("kind", "kind", "choice", codes="fee_kind"),
        Column("amount", "amount_minor", "money", width=16),
        Column("amount_max", "amount_max_minor", "money", width=16),
        Column("currency", "currency", "choice", codes="currency"),
        Column("percent", "percent", "percent"),
        _words("unit", model, 20),
        *_case(model),
        _words("exemption", model),
        Column("methods", "methods", "codes", codes="methods", width=20),
        _words("payee", model),
        Column("law", "legal", "record", codes="law", width=24),
        Column("valid_from", "valid_from", "date"),
        Column("valid_to", "valid_to", "date"),
        Column("channel", "channel", "optional", codes="channel"),
    )


def _case(model):
    return (
        Column("conditional", "conditional", "yes_no", codes="yes_no"),
        Column("case_tag", "case_tag", "tag", longest=40),
        _words("condition", model),
    )


def _steps(model):
    return (
        Column("logic", "logic", "choice", codes="logic"),
        Column("template", "template", "record", codes="template", width=18),
        _words("title", model),
        _words("text", model, 40),
        Column("actor", "actor", "choice", codes="actor"),
        Column("channel", "channel", "optional", codes="channel"),
        Column("is_visit", "is_visit", "yes_no", codes="yes_no"),
        Column("needs_signature", "needs_signature", "yes_no", codes="yes_no"),
        Column("minutes", "minutes", "whole"),
    )


def _channels(model):
    return (
        Column("kind", "kind", "required", codes="channel"),
        Column("url", "url", "https", width=28),
        Column("offices_rule", "offices_rule", "choice", codes="offices_rule"),
        Column("office_kind", "office_kind", "optional", codes="office_kind"),
        Column("phone", "phone", longest=40, width=18),
        Column("languages", "languages", "codes", codes="languages"),
        Column("sign_in", "sign_in", "choice", codes="sign_in"),
        *_duration(),
        _words("note", model),
    )


def _offices(model):
    return (
        Column("office", "office", "record", codes="office", width=24),
        Column("governorate", "governorate", "record", codes="coverage"),
        Column("fee", "fee_minor", "money", width=16),
        *_duration(),
        _words("note", model),
    )


def _duration():
    return (
        Column("duration_min", "duration_min", "whole"),
        Column("duration_max", "duration_max", "whole"),
        Column("duration_unit", "duration_unit", "optional", codes="duration_unit"),
    )


_ROWS = {
    "documents": _documents,
    "fees": _fees,
    "steps": _steps,
    "channels": _channels,
    "offerings": _offices,
}


def label(sheet: str, column: Column) -> str:
    """What people call the column, in the active language."""
    if column.heading:
        return capfirst(str(column.heading))
    model = ROWS[SHEETS[sheet]] if SHEETS[sheet] else ServicePage
    return capfirst(str(model._meta.get_field(column.field).verbose_name))


def explanation(sheet: str, column: Column) -> str:
    """How to fill the column in, in the active language."""
    parts = [_HINTS.get(column.kind, "")]
    if not column.heading:
        model = ROWS[SHEETS[sheet]] if SHEETS[sheet] else ServicePage
        parts.insert(0, model._meta.get_field(column.field).help_text)
    if column.codes and column.codes != "yes_no":
        parts.append(_("The codes and their names stand on the sheet “Lists”; a name is understood as well."))
    return " ".join(str(part) for part in parts if part)


_HINTS = {
    "code": _("The code names the service on every sheet and is not changed."),
    "key": _("Leave the key of a row as it is; a new row without one is given its key."),
    "lines": _("One name on each line of the cell (Alt+Enter)."),
    "codes": _("Several codes are parted by |"),
    "yes_no": _("Write yes or no."),
    "money": _("A number in any digits: 25000, 25,000 or ٢٥٬٠٠٠."),
    "date": _("A date of the spreadsheet, or 2026-01-31, or 31/1/2026."),
    "reason": _("Write here why this does not apply, in at least 10 letters; it then counts as answered."),
    "user": _("The user name of somebody who signs in here."),
    "version": _("For comparing with the catalogue; leave it as it is."),
}

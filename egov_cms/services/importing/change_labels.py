"""The differences of a service for people: names of fields, rows and records instead of keys and codes."""

from __future__ import annotations

import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from egov_cms.exchange.report import Change
from egov_cms.language import currency_exponent, format_date, format_money, format_number, format_percent
from egov_cms.services.answers import ANSWERABLE
from egov_cms.services.importing.page_states import ORDER, REASONS, State
from egov_cms.services.importing.references import RecordsByCode
from egov_cms.services.models import ROWS, ServicePage

# Columns that identify the rows of a relation for people; the first that is not empty is the row's title.
TITLES = {
    "requirements": ("text", "kind"),
    "documents": ("document_type",),
    "steps": ("title", "template"),
    "fees": ("label", "kind"),
    "channels": ("kind",),
    "offerings": ("office", "governorate"),
    "outputs": ("name", "kind"),
    "legal": ("reference",),
    "faqs": ("question",),
    "relations": ("target",),
    "participants": ("unit",),
}
LONGEST_TITLE = 60
MONEY = ("amount_minor", "amount_max_minor", "fee_minor")


class ChangeLabels:
    """Makes a `Change` of a difference between two states of a page, in the active language."""

    def __init__(self, records: RecordsByCode):
        self.records = records

    def change(self, code: str, name: str, language: str, before: Any, after: Any, states=({}, {})) -> Change:
        """name, before, after: as of `page_states.differences`. states: the states of the page that were compared."""
        old, new = states
        shown_before, shown_after = self.shown(name, before, old), self.shown(name, after, new)
        relation, key, column = _parts(name)
        if relation and key != ORDER and not column:
            shown_after = _("added") if shown_after else _("removed")
        return Change(
            item=code,
            field=name,
            locale=language if is_word(name) else "",
            before=self.code_of(name, before),
            after=self.code_of(name, after),
            label=self.label(name, new, old),
            shown_before=shown_before,
            shown_after=shown_after,
        )

    def label(self, name: str, *states: State) -> str:
        """What people call a field: Fee “Issue of the licence”: amount."""
        relation, key, column = _parts(name)
        if not relation:
            if column.startswith(f"{REASONS}."):
                answer = column.removeprefix(f"{REASONS}.")
                return f"{_field_name(ServicePage, REASONS)} ({ANSWERABLE.get(answer, answer)})"
            return _field_name(ServicePage, column)
        model = ROWS[relation]
        if key == ORDER and not column:
            return _("%(rows)s: order") % {"rows": capfirst(str(model._meta.verbose_name_plural))}
        title = next(filter(None, (self.row_title(relation, key, state) for state in states)), key)
        row = _("%(kind)s “%(title)s”") % {"kind": capfirst(str(model._meta.verbose_name)), "title": title}
        return f"{row}: {model._meta.get_field(column).verbose_name}" if column else row

    def row_title(self, relation: str, key: str, state: State) -> str:
        for column in TITLES[relation]:
            name = f"{relation}.{key}.{column}"
            if text := self.shown(name, state.get(name), state):
                return text if len(text) <= LONGEST_TITLE else f"{text[:LONGEST_TITLE]}…"
        return ""

    def shown(self, name: str, value: Any, state: State) -> str:
        """A value as people read it; "" for nothing."""
        if value is None or value == "" or value == []:
            return ""
        relation, key, column = _parts(name)
        if relation and key == ORDER:
            return _(", ").join(self.row_title(relation, each, state) or each for each in value)
        if relation and not column:
            return self.row_title(relation, key, state) or key
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if column.startswith(f"{REASONS}."):
            return str(value)
        field = (ROWS[relation] if relation else ServicePage)._meta.get_field(column)
        if field.remote_field:
            keys = value if isinstance(value, list) else [value]
            return _(", ").join(self._name(field.related_model, each) for each in keys)
        if isinstance(value, list):
            names = {str(code): str(text) for code, text in getattr(field, "codes", list)()}
            return _(", ").join(names.get(str(each), str(each)) for each in value)
        if column in MONEY:
            currency = state.get(f"{relation}.{key}.currency") or "IQD"
            return format_money(value, currency, currency_exponent(currency))
        return _shown_plain(field, value)

    def code_of(self, name: str, value: Any) -> Any:
        """The plain value of a difference: codes instead of primary keys."""
        relation, key, column = _parts(name)
        if value is None or key == ORDER or (relation and not column) or column.startswith(f"{REASONS}."):
            return value
        model = ROWS[relation] if relation else ServicePage
        related = model._meta.get_field(column).related_model
        if related is None:
            return value
        if isinstance(value, list):
            return [self._codes.get((related, each), str(each)) for each in value]
        return self._codes.get((related, value), str(value))

    def _name(self, model, key) -> str:
        """The name of a record by its primary key, else its code."""
        record = self._records.get((model, key))
        if record is None:
            return str(key)
        for attribute in ("name", "title"):
            if text := getattr(record, attribute, ""):
                return str(text)
        return record.get_full_name() or record.get_username()

    @cached_property
    def _records(self) -> dict[tuple, Any]:
        found = {
            (type(record), record.pk): record
            for codes in self.records.records.values()
            for record in codes.values()
        }
        found |= {(type(law), law.pk): law for law in self.records.laws}
        found |= {(type(unit), unit.pk): unit for unit in self.records._units()}
        return found | {(type(user), user.pk): user for user in self.records.users.values()}

    @cached_property
    def _codes(self) -> dict[tuple, str]:
        found = {
            (type(record), record.pk): code
            for codes in self.records.records.values()
            for code, record in codes.items()
        }
        found |= {(type(unit), unit.pk): unit.title for unit in self.records._units()}
        return found | {(type(user), user.pk): name for name, user in self.records.users.items()}


def is_word(name: str) -> bool:
    """Does the field belong to one language?"""
    relation, _key, column = _parts(name)
    return column in (ROWS[relation].word_fields if relation else ServicePage.word_fields)


def _parts(name):
    """(relation, key, column) of a name; relation "" for the service itself."""
    relation, _dot, rest = name.partition(".")
    if relation not in ROWS:
        return "", "", name
    key, _dot, column = rest.partition(".")
    return relation, key, column


def _field_name(model, column) -> str:
    return capfirst(str(model._meta.get_field(column).verbose_name))


def _shown_plain(field, value) -> str:
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    kind = field.get_internal_type()
    if kind == "DecimalField":
        return format_percent(Decimal(value))
    if kind == "DateField":
        return format_date(datetime.date.fromisoformat(value))
    return format_number(value) if isinstance(value, int) else str(value)

"""The content of a plain service put into pages in memory; only laws that are not stored yet are stored here."""

from __future__ import annotations

import datetime
import uuid
from copy import copy
from decimal import Decimal

from django.utils.translation import gettext as _

from egov_cms.services.choices import COUNTERS
from egov_cms.services.importing.checks import ROW_CODES
from egov_cms.services.importing.plain import FROM_TEMPLATE, PlainCatalogue
from egov_cms.services.importing.references import RecordsByCode
from egov_cms.services.models.service import ROWS
from egov_cms.site.models import LegalReference
from egov_cms.tabular.texts import clean_words

ROW_NAMESPACE = uuid.UUID("6d0e5a52-2f8c-5d6f-9e0a-0c1b1d2e3f40")
MANY = ("audiences", "life_events", "coverage")


class PageContent:
    """Applies the services of one file to pages; `records` are the records of the codes."""

    def __init__(self, catalogue: PlainCatalogue, records: RecordsByCode):
        self.sample, self.complete = catalogue.sample, catalogue.complete
        self.records = records

    def apply(self, page, service, language, owner_unit, source, relations):
        """Give a page in memory the words of `language` and the facts; relations only where `relations` is set.

        source: the page in the source language, None while that is being created. Texts that read the same stay as stored.
        """
        for name, words in service.words.items():
            if language in words:
                self._set_text(page, name, words[language])
        if owner_unit is not None:
            page.owner_unit = owner_unit
        for name, value in service.facts.items():
            if name in MANY:
                codes = (self.records.get(name, code) for code in value)
                self._set_many(page, name, [record for record in codes if record is not None])
            elif name == "category":
                page.category = self.records.get(name, value)
            elif name in ("content_owner", "backup_owner"):
                setattr(page, name, self.records.users.get(value) if value else None)
            elif name == "not_applicable":
                self._set_reasons(page, value)
            elif name != "change_reason" or source is None or source is page:
                self._set_text(page, name, value)
        for relation, rows in service.rows.items():
            if relation != "relations" or relations:
                self._apply_rows(page, relation, rows, language, source)
        if self.sample:
            page.not_applicable = {**sample_answers(page), **page.not_applicable}

    def _set_many(self, page, name, records):
        current = getattr(page, name)
        if {record.pk for record in current.all()} != {record.pk for record in records}:
            current.set(records)

    def _set_reasons(self, page, reasons):
        if not self.complete:
            page.not_applicable = reasons
            return
        current = {name: clean_words(text) for name, text in (page.not_applicable or {}).items()}
        wanted = {name: text for name, text in {**current, **reasons}.items() if text}
        if wanted != {name: text for name, text in current.items() if text}:
            page.not_applicable = wanted

    def _set_text(self, instance, name, value):
        """Set a value, unless it is a text that reads the same: files keep no direction marks or spaces at ends."""
        if isinstance(value, str):
            current = getattr(instance, name)
            if isinstance(current, str) and clean_words(current) == clean_words(value):
                return
        setattr(instance, name, value)

    def _apply_rows(self, page, relation, plain_rows, language, source):
        model = ROWS[relation]
        manager = getattr(page, relation)
        present = {row.key: row for row in manager.all()}
        is_source = source is None or source is page
        keys = {} if is_source else {row.key: row.translation_key for row in getattr(source, relation).all()}
        if is_source:
            self._match_equal_rows(plain_rows, present, relation, language)
            self._free_keys(plain_rows, present, model)
        rows = []
        has_moved = [key for key in present if key] != [plain.key for plain in plain_rows]
        for position, plain in enumerate(plain_rows):
            row = present.get(plain.key) or model(key=plain.key)
            if row.pk is None and plain.key not in present:
                name = f"{page.translation_key}/{relation}/{plain.key}"
                row.translation_key = keys.get(plain.key) or uuid.uuid5(ROW_NAMESPACE, name)
            row.locale_id = page.locale_id
            if has_moved:
                row.sort_order = position
            self._apply_facts(row, relation, plain)
            for name, words in plain.words.items():
                if language in words:
                    self._set_text(row, name, words[language])
            rows.append(row)
        manager.set(rows)

    def _match_equal_rows(self, plain_rows, present, relation, language):
        """Give a row without a key the key of a stored row with equal values that no other row of the file has."""
        given = {plain.key for plain in plain_rows if not plain.is_new}
        free = [row for key, row in present.items() if key and key not in given]
        for plain in plain_rows:
            if not plain.is_new:
                continue
            row = next((row for row in free if self._equals(plain, row, relation, language)), None)
            if row is not None:
                plain.key, plain.is_new = row.key, False
                free.remove(row)

    def _equals(self, plain, row, relation, language) -> bool:
        applied = copy(row)
        self._apply_facts(applied, relation, plain)
        for name, words in plain.words.items():
            if language in words:
                self._set_text(applied, name, words[language])
        columns = [row._meta.get_field(name).attname for name in (*plain.facts, *plain.words)]
        return all(getattr(applied, name) == getattr(row, name) for name in columns)

    def _free_keys(self, plain_rows, present, model):
        """A row without a key in the file is a new one: it must not become one that has just been taken out."""
        taken = {*present, *(plain.key for plain in plain_rows if not plain.is_new)}
        for plain in plain_rows:
            number, wanted = 1, plain.key
            while plain.is_new and plain.key in taken:
                number += 1
                letter = wanted.startswith(model.key_letter) and wanted[1:].isdigit()
                plain.key = f"{model.key_letter}{number}" if letter else f"{wanted}-{number}"
            plain.is_new = False
            taken.add(plain.key)

    def _apply_facts(self, row, relation, plain):
        template = self.records.get("template", plain.facts.get("template", ""))
        for name, value in plain.facts.items():
            kind = ROW_CODES.get((relation, name))
            if name in ("reference", "legal"):
                value = self._law(value) if value else None
            elif kind:
                value = self.records.get(kind, value)
                if value is None and not row._meta.get_field(name).null:
                    # The code is unknown and was refused: such a row is not stored.
                    continue
            elif name == "percent" and value is not None:
                value = Decimal(value)
            elif name in ("valid_from", "valid_to") and value:
                value = datetime.date.fromisoformat(value)
            elif value is FROM_TEMPLATE:
                value = getattr(template, name) if template else row._meta.get_field(name).get_default()
            self._set_text(row, name, value)
        if relation == "offerings":
            row.scope = row.chosen_scope

    def _law(self, given: dict | str):
        law = self.records.get("law", given) if isinstance(given, str) else self.records.law(given)
        if law is None and isinstance(given, dict):
            law = LegalReference(
                kind=given["kind"], number=given["number"], year=given["year"], title=given["title"]
            )
            law.save()
            self.records.laws.append(law)
        return law


def sample_answers(page) -> dict[str, str]:
    """Reasons in place of what an illustrative file cannot contain: owners, addresses, offices."""
    reason = str(_("Illustrative sample data: not known yet."))
    answers = {}
    if not (page.content_owner_id or page.owner_email) or not page.backup_owner_id:
        answers["owner"] = reason
    kinds = {channel.kind for channel in page.channels.all()}
    if not any(channel.url for channel in page.channels.all()):
        answers["online_address"] = reason
    if kinds & set(COUNTERS):
        answers["offices"] = reason
    return answers

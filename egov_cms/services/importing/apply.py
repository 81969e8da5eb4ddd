"""What a plain service says, put into pages in memory; nothing is stored here except laws that nobody has named before."""

from __future__ import annotations

import datetime
import uuid
from decimal import Decimal

from django.utils.translation import gettext as _

from egov_cms.services.choices import COUNTERS
from egov_cms.services.importing.check import ROW_CODES
from egov_cms.services.importing.plain import USUAL, PlainCatalogue
from egov_cms.services.models.service import ROWS
from egov_cms.services.workbook.cells import clean_words
from egov_cms.site.models import LegalReference

ROW_NAMESPACE = uuid.UUID("6d0e5a52-2f8c-5d6f-9e0a-0c1b1d2e3f40")
MANY = ("audiences", "life_events", "coverage")


class Applier:
    """Applies the services of one file; `known` are the records that codes stand for."""

    def __init__(self, catalogue: PlainCatalogue, known):
        self.sample, self.complete = catalogue.sample, catalogue.complete
        self.known = known

    def apply(self, page, service, language, owner_unit, source, relations):
        """Give a page in memory the words of `language` and the facts; relations only where `relations` is set.

        source: the page in the source language, None while that is being made. What reads the same stays as it is.
        """
        for name, words in service.words.items():
            if language in words:
                self._set_text(page, name, words[language])
        if owner_unit is not None:
            page.owner_unit = owner_unit
        for name, value in service.facts.items():
            if name in MANY:
                self._set_many(page, name, [self.known.get(name, code) for code in value])
            elif name == "category":
                page.category = self.known.get(name, value)
            elif name in ("content_owner", "backup_owner"):
                setattr(page, name, self.known.users.get(value) if value else None)
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
        held = getattr(page, name)
        if {record.pk for record in held.all()} != {record.pk for record in records}:
            held.set(records)

    def _set_reasons(self, page, given):
        if not self.complete:
            page.not_applicable = given
            return
        held = page.not_applicable or {}
        now = {**{name: clean_words(text) for name, text in held.items()}, **given}
        now = {name: text for name, text in now.items() if text}
        if now != {name: clean_words(text) for name, text in held.items() if clean_words(text)}:
            page.not_applicable = now

    def _set_text(self, instance, name, value):
        """Set a value, unless it is a text that reads the same: files keep no direction marks or spaces at ends."""
        if isinstance(value, str):
            held = getattr(instance, name)
            if isinstance(held, str) and clean_words(held) == clean_words(value):
                return
        setattr(instance, name, value)

    def _apply_rows(self, page, relation, plain_rows, language, source):
        model = ROWS[relation]
        manager = getattr(page, relation)
        present = {row.key: row for row in manager.all()}
        is_source = source is None or source is page
        keys = {} if is_source else {row.key: row.translation_key for row in getattr(source, relation).all()}
        if is_source:
            self._free_keys(plain_rows, present, model)
        rows = []
        moved = [key for key in present if key] != [plain.key for plain in plain_rows]
        for position, plain in enumerate(plain_rows):
            row = present.get(plain.key) or model(key=plain.key)
            if row.pk is None and plain.key not in present:
                name = f"{page.translation_key}/{relation}/{plain.key}"
                row.translation_key = keys.get(plain.key) or uuid.uuid5(ROW_NAMESPACE, name)
            row.locale_id = page.locale_id
            if moved:
                row.sort_order = position
            self._apply_facts(row, relation, plain)
            for name, words in plain.words.items():
                if language in words:
                    self._set_text(row, name, words[language])
            rows.append(row)
        manager.set(rows)

    def _free_keys(self, plain_rows, present, model):
        """A row without a key in the file is a new one: it must not become one that has just been taken out."""
        taken = {*present, *(plain.key for plain in plain_rows if not plain.new)}
        for plain in plain_rows:
            number, wanted = 1, plain.key
            while plain.new and plain.key in taken:
                number += 1
                letter = wanted.startswith(model.key_letter) and wanted[1:].isdigit()
                plain.key = f"{model.key_letter}{number}" if letter else f"{wanted}-{number}"
            plain.new = False
            taken.add(plain.key)

    def _apply_facts(self, row, relation, plain):
        template = self.known.get("template", plain.facts.get("template", ""))
        for name, value in plain.facts.items():
            kind = ROW_CODES.get((relation, name))
            if name in ("reference", "legal"):
                value = self._law(value) if value else None
            elif kind:
                value = self.known.get(kind, value)
            elif name == "percent" and value is not None:
                value = Decimal(value)
            elif name in ("valid_from", "valid_to") and value:
                value = datetime.date.fromisoformat(value)
            elif value is USUAL:
                value = getattr(template, name) if template else row._meta.get_field(name).get_default()
            self._set_text(row, name, value)

    def _law(self, given: dict):
        law = self.known.get("law", given) if isinstance(given, str) else self.known.law(given)
        if law is None:
            law = LegalReference(
                kind=given["kind"], number=given["number"], year=given["year"], title=given["title"]
            )
            law.save()
            self.known.laws.append(law)
        return law


def sample_answers(page) -> dict[str, str]:
    """Reasons that stand in for what an illustrative file cannot know: owners, addresses, offices."""
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

"""Plain services: what every reader of a file returns, before anything is compared with the database.

A fact that refers to a record holds its code; words hold one text per language. Checking, comparing and writing are the same
for YAML and workbooks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from egov_cms.exchange.report import Place

Words = dict[str, str]  # language code → text


class _TemplateValue:
    """The value of a step that the file leaves out: its template's."""

    def __repr__(self):
        return "FROM_TEMPLATE"

    def __reduce__(self):
        return "FROM_TEMPLATE"


FROM_TEMPLATE = _TemplateValue()


@dataclass
class PlainRow:
    """One row of a service; `key` is unique within its relation.

    is_new: the file gave no key. position: its row in the sheet, or its line. refused: columns whose values could not be
    read; the row lacks them.
    """

    key: str
    facts: dict[str, Any] = field(default_factory=dict)
    words: dict[str, Words] = field(default_factory=dict)
    is_new: bool = False
    position: int = 0
    refused: set[str] = field(default_factory=set)


@dataclass
class PlainRecord:
    """A document type or a step template."""

    code: str
    name: Words
    facts: dict[str, Any] = field(default_factory=dict)
    line: int = 0


@dataclass
class PlainService:
    """One service in all languages. Facts and relations that the file does not mention are absent.

    unit: names of the unit, created where it is missing; unit_name: code or name of a unit that must exist. version:
    fingerprint of the service when it was exported. position, refused: as of rows. is_readable: false when so much of it
    is wrong that comparing it with the database would only report more errors.
    """

    code: str
    slug: str = ""
    ministry: str = ""
    unit: Words = field(default_factory=dict)
    unit_name: str = ""
    version: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    words: dict[str, Words] = field(default_factory=dict)
    rows: dict[str, list[PlainRow]] = field(default_factory=dict)
    position: int = 0
    refused: set[str] = field(default_factory=set)
    is_readable: bool = True

    _by_key: dict[str, dict[str, PlainRow]] = field(default_factory=dict, repr=False, compare=False)

    def row(self, relation: str, key: str) -> PlainRow | None:
        """The row with this key. Keys may still change while a file is compared: then the index is made anew."""
        row = self._by_key.get(relation, {}).get(key)
        if row is None or row.key != key:
            self._by_key[relation] = {each.key: each for each in self.rows.get(relation, ())}
            row = self._by_key[relation].get(key)
        return row

    def is_refused(self, name: str) -> bool:
        """Was the value of this field (`visits`, `title.ar`, `fees.F1.amount_minor`) refused when the file was read?"""
        relation, _dot, rest = name.partition(".")
        if relation not in self.rows:
            return name in self.refused
        key, _dot, column = rest.partition(".")
        row = self.row(relation, key)
        return row is not None and column in row.refused


@dataclass
class SheetColumns:
    """Where the fields of a sheet are: field (`amount_minor`, `label.ar`) → (heading, letters of the column)."""

    title: str
    fields: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass
class PlainCatalogue:
    """A whole file.

    complete: an empty text is an answer, and units must exist (a workbook); otherwise what is left out stays. sheets:
    relation ("" for the services) → columns; empty for a file with lines.
    """

    sample: bool = False
    complete: bool = False
    source_language: str = "ar"
    document_types: list[PlainRecord] = field(default_factory=list)
    step_types: list[PlainRecord] = field(default_factory=list)
    services: list[PlainService] = field(default_factory=list)
    sheets: dict[str, SheetColumns] = field(default_factory=dict)

    @cached_property
    def _by_code(self) -> dict[str, PlainService]:
        return {service.code: service for service in reversed(self.services)}

    def place(self, code: str, name: str) -> Place | None:
        """Where a field of a service is in the file: its cell, else its row, else the service."""
        service = self._by_code.get(code)
        if service is None:
            return None
        relation, _dot, rest = name.partition(".")
        key, _dot, column = rest.partition(".")
        row = service.row(relation, key)
        if not self.sheets:
            return Place(line=(row and row.position) or service.position)
        if row is None:
            return _cell(self.sheets[""], name, service.position)
        return _cell(self.sheets[relation], column, row.position)


def _cell(sheet, name, position):
    while name:
        if name in sheet.fields:
            heading, letters = sheet.fields[name]
            return Place(sheet=sheet.title, row=position, column=heading, cell=f"{letters}{position}")
        name = name.rpartition(".")[0]
    return Place(sheet=sheet.title, row=position)

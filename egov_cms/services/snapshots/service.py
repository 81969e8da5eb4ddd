"""A published service in one language: its document with texts instead of translations, dates instead of ISO 8601.

    service = Service(document, offices, "ckb")
    service.fees[0].label, service.fees[0].valid_from, service.duration_min

Rows have the names of the document (`documents.read`), so what reads rows of the editor reads these too. A row is made
when it is first read. Nothing here runs queries.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.utils.functional import cached_property

from egov_cms.language import TranslatedText
from egov_cms.services.models import ROWS


class Row(SimpleNamespace):
    """A row of a service, or a record that it names: values by the names of the document."""


def date_of(text: str | None) -> dt.date | None:
    """The ISO 8601 date of a document as a date; None for None."""
    return dt.date.fromisoformat(text) if text else None


class Service:
    """`document` in one language. Facts are attributes; so are the relations of `ROWS`, as lists of `Row`."""

    def __init__(self, document: dict[str, Any], offices: list[dict[str, Any]], language: str):
        self.document = document
        self.office_values = offices
        self.language = language

    def __getattr__(self, name):
        if name in ROWS:
            rows = self._rows(name)
            self.__dict__[name] = rows
            return rows
        try:
            return self.__dict__["document"][name]
        except KeyError:
            raise AttributeError(name) from None

    def text(self, name: str) -> str:
        """A text of the service itself; empty where this language has none."""
        return self.document[name].get(self.language, "")

    def _rows(self, relation):
        words, language = ROWS[relation].word_fields, self.language
        rows = [Row(**row) for row in self.document[relation]]
        for row in rows:
            for name in words:
                setattr(row, name, getattr(row, name).get(language, ""))
        if relation == "fees":
            for row in rows:
                row.valid_from, row.valid_to = date_of(row.valid_from), date_of(row.valid_to)
                row.percent = None if row.percent is None else Decimal(row.percent)
        return rows

    def name(self, record: dict | None) -> str:
        """The name of a record in this language; empty where it has none."""
        return record["name"].get(self.language, "") if record else ""

    def page_of(self, record: dict | None) -> tuple[str, str] | None:
        """Title and path of the page of a unit in this language; None where that language lacks it."""
        url = record["urls"].get(self.language) if record else None
        return (self.name(record), url) if url else None

    @cached_property
    def checked_on(self) -> dt.date | None:
        return date_of(self.document["last_reviewed_at"])


def best_name(record: dict | None) -> TranslatedText:
    """The name of a record in all languages, for templates that fall back to another language and say so."""
    return TranslatedText.of(record["name"] if record else {})

"""What every reader of a file yields: plain services, before anything is known of the database.

A fact that points at a record holds its code; words hold one text per language. YAML and workbooks come to
the same rows, so checking, comparing and writing exist once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Words = dict[str, str]  # language code → text


class _Usual:
    """What a step does not say itself it takes from its wording."""

    def __repr__(self):
        return "USUAL"


USUAL = _Usual()


@dataclass
class PlainRow:
    """One row of a service; `key` is unique within its relation."""

    key: str
    facts: dict[str, Any] = field(default_factory=dict)
    words: dict[str, Words] = field(default_factory=dict)
    new: bool = False  # the file gave no key: whatever is free


@dataclass
class PlainRecord:
    """A document type or a step wording."""

    code: str
    name: Words
    facts: dict[str, Any] = field(default_factory=dict)
    line: int = 0


@dataclass
class PlainService:
    """One service in all languages. Facts and relations that the file does not speak of are absent.

    unit: names of the unit, made where it is missing; unit_name: code or name of a unit that must be there.
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
    line: int = 0


@dataclass
class PlainCatalogue:
    """A whole file.

    complete: an empty text is an answer, and units must exist (a workbook); otherwise what is not said stays.
    """

    sample: bool = False
    complete: bool = False
    source_language: str = "ar"
    document_types: list[PlainRecord] = field(default_factory=list)
    step_types: list[PlainRecord] = field(default_factory=list)
    services: list[PlainService] = field(default_factory=list)

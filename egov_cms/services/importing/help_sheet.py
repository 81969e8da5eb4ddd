"""The text of the sheet Help: how to work with the file, and every column of every sheet."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from egov_cms.services.importing.columns import SHEETS, columns, explanation, label

HOW = (
    _(
        "This file holds the newest version of every service, drafts included. Change cells, save the file as XLSX and "
        "upload it in the admin under “Files in and out → Services”. You first see what would change; nothing is written "
        "before you confirm, and what is written are drafts."
    ),
    _(
        "One row of the sheet “Services” is one service, with its languages side by side. A service whose row you take "
        "out is left as it is; a row with a new code makes a new service. A language with a title is made; without one "
        "it is left out."
    ),
    _(
        "Rows of the other sheets belong to the service whose code they name. To add one, write the code and leave the "
        "key empty. To take one away, delete the row. The order of the rows is the order on the page."
    ),
    _(
        "Facts are the same in all languages and are published from the source language; words belong to each language."
    ),
    _(
        "Numbers may be written in any digits, with or without separators. Formulas are not accepted. If one cell is "
        "wrong, its sheet, row and column are named and nothing at all is written."
    ),
    _(
        "A changed fee needs a reason (column change_reason, or when you confirm) and is published by a second person."
    ),
    _(
        "What has no column here (questions and answers, legal basis, results, conditions, related services) is left as "
        "it is. An import can be undone; services that were edited or published since are left as they are then."
    ),
)


def help_lines(languages) -> Iterator[tuple[str, str, list[str]]]:
    """(sheet, column, text in each language), general advice first."""
    for text in HOW:
        yield "", "", [_in(language, str, text) for language in languages]
    for sheet in SHEETS:
        for column in columns(sheet):
            name = f"{column.name}_…" if column.words else column.name
            yield sheet, name, [_in(language, _about, sheet, column) for language in languages]


def _about(sheet, column) -> str:
    return (
        ". ".join(part.rstrip(".") for part in (label(sheet, column), explanation(sheet, column)) if part)
        + "."
    )


def _in(language, function, *arguments) -> str:
    with override(language):
        return function(*arguments)

"""Plain services to an XLSX workbook, row by row, so that memory does not grow with the catalogue."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import override

from egov_cms.language import direction, native_name
from egov_cms.services.importing.cell_values import cell_value
from egov_cms.services.importing.columns import HELP, LISTS, REASON, SHEETS, columns, explanation, label
from egov_cms.services.importing.help_sheet import help_lines
from egov_cms.services.importing.plain import PlainCatalogue
from egov_cms.services.importing.vocabularies import Vocabularies
from egov_cms.tabular import Column, Table, list_range, write_xlsx

# Rows below the last one that have drop-downs too, for what is added.
SPARE_ROWS = 1000
# Kinds of columns in which other values than those of the list are allowed: several codes, or a name.
LOOSE = ("codes", "text")
LEFT_TO_RIGHT = ("code", "key", "record", "required_record", "https", "url", "email", "user")
CODE_WIDTH, NAME_WIDTH = 18, 26


def write_workbook(
    catalogue: PlainCatalogue, vocabularies: Vocabularies, languages: list[str], language: str
) -> bytes:
    """The file. `language` decides the direction of the sheets and the first language of comments."""
    rtl = direction(language) == "rtl"
    lists = _list_ranges(vocabularies)
    with override(language):
        tables = [_table(catalogue, title, languages, language, lists) for title in SHEETS]
        tables.append(_lists(vocabularies, languages, rtl))
        tables.append(_help(languages, rtl))
        return write_xlsx(tables)


def _table(catalogue, title, languages, language, lists) -> Table:
    wide = [(column, *each) for column in columns(title) for each in column.names(languages)]
    relation = SHEETS[title]
    rows = _service_rows(catalogue) if relation is None else _child_rows(catalogue, relation)
    return Table(
        title,
        [_column(title, *each, languages, language, lists, len(catalogue.services)) for each in wide],
        (_line(wide, *row) for row in rows),
        rtl=direction(language) == "rtl",
        # The keys stay visible while the sheet is scrolled.
        frozen_columns=1 if relation is None else 2,
        spare_rows=SPARE_ROWS,
    )


def _service_rows(catalogue):
    """(facts by heading, words, currency) of every service."""
    for service in catalogue.services:
        reasons = {f"{REASON}{name}": text for name, text in service.facts["not_applicable"].items()}
        own = {
            "service_code": service.code,
            "ministry": service.ministry,
            "unit": service.unit_name,
            "slug": service.slug,
            "version": service.version,
        }
        yield {**service.facts, **own, **reasons}, service.words, "IQD"


def _child_rows(catalogue, relation):
    for service in catalogue.services:
        for row in service.rows[relation]:
            facts = {**row.facts, "service_code": service.code, "key": row.key}
            yield facts, row.words, row.facts.get("currency", "IQD")


def _line(wide, facts, words, currency) -> list:
    found = []
    for column, heading, code in wide:
        if column.words:
            value = words.get(column.field, {}).get(code, "")
        else:
            # Keys, and reasons that share one field, are under the column's own name.
            has_own_name = column.name.startswith(REASON) or not column.field
            value = facts.get(heading if has_own_name else column.field)
        found.append(cell_value(column, value, currency))
    return found


def _column(title, column, heading, code, languages, language, lists, services) -> Column:
    choices = lists.get(column.codes, "")
    if column.name == "service_code" and title != "Services":
        choices = list_range("Services", 1, 2, services + 1 + SPARE_ROWS)
    return Column(
        heading,
        width=column.width,
        number_format="yyyy-mm-dd" if column.kind == "date" else "",
        direction=direction(code) if code else "ltr" if column.kind in LEFT_TO_RIGHT else "",
        wrap=column.width > 20,
        comment=_comment(title, column, code, languages, language),
        choices=choices,
        # A code that is not in the list is refused by the spreadsheet itself, except where a cell may hold several.
        strict=column.kind not in LOOSE,
        error_title=_("Not in the list"),
        error=_("Choose a code from the list; the sheet “Lists” says what each means."),
    )


def _comment(title, column, code, languages, language):
    """What the column is, in every language, that of the workbook first."""
    parts = []
    for each in sorted(languages, key=lambda other: other != language):
        with override(each):
            words = label(title, column) + (f" ({native_name(code)})" if code else "")
            parts.append("\n".join(filter(None, [words, explanation(title, column)])))
    return "\n\n".join(parts)


def _list_ranges(vocabularies) -> dict[str, str]:
    """Vocabulary → the range of its codes on the sheet Lists."""
    width = 1 + len(vocabularies.languages)
    return {
        name: list_range(LISTS, 1 + position * width, 2, max(len(codes), 1) + 1)
        for position, (name, codes) in enumerate(vocabularies.names.items())
    }


def _lists(vocabularies, languages, rtl) -> Table:
    headings = []
    for name in vocabularies.names:
        headings.append(Column(name, width=CODE_WIDTH, direction="ltr"))
        headings += [Column(f"{name}_{code}", width=NAME_WIDTH) for code in languages]
    return Table(LISTS, headings, _list_rows(vocabularies, languages), rtl=rtl)


def _list_rows(vocabularies, languages) -> Iterator[list]:
    """The codes of all vocabularies beside each other, each with its names."""
    blocks = [list(codes.items()) for codes in vocabularies.names.values()]
    for position in range(max(map(len, blocks))):
        line = []
        for block in blocks:
            code, names = block[position] if position < len(block) else (None, {})
            line += [code, *(names.get(each) or None for each in languages)]
        yield line


def _help(languages, rtl) -> Table:
    headings = [Column("sheet", width=14), Column("column", width=22)]
    for code in languages:
        side = "right" if direction(code) == "rtl" else "left"
        headings.append(Column(native_name(code), width=60, direction=direction(code), wrap=True, side=side))
    rows = ([sheet or None, column or None, *words] for sheet, column, words in help_lines(languages))
    return Table(HELP, headings, rows, rtl=rtl)

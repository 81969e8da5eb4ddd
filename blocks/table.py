"""A small table written by hand: caption, headings, cells of text or numbers; translatable, and downloadable as CSV.

Wagtail's table blocks give wagtail-localize nothing to translate (wagtail-localize#302), so this block returns its
own segments. Larger tables should be data sets.
"""

import hashlib
import re

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import (
    TypedTable,
    TypedTableBlock,
    TypedTableBlockValidationError,
)

from blocks import examples
from blocks.inputs import Component, Line
from egov_cms.adapters.localize import string_segments, translated_strings
from egov_cms.language import format_number

MAX_ROWS, MAX_COLUMNS = 300, 12


class NumberCell(blocks.DecimalBlock):
    """A number or None. A stored value that is not a number is read as None."""

    def to_python(self, value):
        try:
            number = super().to_python(value)
        except (ArithmeticError, TypeError, ValueError):
            return None
        return number if number is None or number.is_finite() else None


class Cells(TypedTableBlock):
    """The grid. Rows are filled up with empty cells, or cut, to the number of columns."""

    text = Line(required=False, label=_("Text"))
    number = NumberCell(required=False, label=_("Number"))

    def to_python(self, value):
        columns = [
            {"type": self._type(column), "heading": str(column.get("heading") or "")}
            for column in (value or {}).get("columns") or []
        ]
        rows = []
        for row in (value or {}).get("rows") or []:
            cells = list(row.get("values") or [])[: len(columns)]
            rows.append({"values": cells + [None] * (len(columns) - len(cells))})
        caption = str((value or {}).get("caption") or "")
        return super().to_python({"columns": columns, "rows": rows, "caption": caption})

    def clean(self, value):
        table = super().clean(value)
        errors = []
        if len(table.row_data) > MAX_ROWS or len(table.columns) > MAX_COLUMNS:
            errors.append(
                _("A table in a page has at most %(rows)s rows and %(columns)s columns. Make it a data set.")
                % {"rows": MAX_ROWS, "columns": MAX_COLUMNS}
            )
        if not self.is_deferred_validation:
            if not table.caption.strip():
                errors.append(_("Give the table a caption that says what it shows."))
            if not table.columns or not table.row_data:
                errors.append(_("The table has no cells yet."))
            if any(not column["heading"].strip() for column in table.columns):
                errors.append(_("Every column needs a heading."))
        if errors:
            raise TypedTableBlockValidationError(
                non_block_errors=[ValidationError(error) for error in errors]
            )
        return table

    def get_translatable_segments(self, value):
        """One string for each distinct text that has letters, with the hash of the text as its key.

        The key is the content, not the position: a moved row keeps its translation, and a repeated text is
        translated once.
        """
        return string_segments({_key(text): text for text in _texts(value) if _has_letters(text)})

    def restore_translated_segments(self, value, segments):
        """The table with each text replaced by its translation; texts without a translation are unchanged."""
        translations = translated_strings(segments)

        def translated(cell):
            return translations.get(_key(cell), cell) if isinstance(cell, str) else cell

        return TypedTable(
            columns=[{**column, "heading": translated(column["heading"])} for column in value.columns],
            row_data=[{"values": [translated(cell) for cell in row["values"]]} for row in value.row_data],
            caption=translated(value.caption),
        )

    def _type(self, column):
        return column.get("type") if column.get("type") in self.child_blocks else "text"


class Table(Component):
    cells = Cells(label=_("Table"))
    row_headers = blocks.BooleanBlock(
        required=False, default=True, label=_("The first column says what the row is about")
    )
    source = Line(required=False, max_length=255, label=_("Source and date"))

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context=parent_context)
        block_id = context.get("block_id") or ""
        table = value["cells"]
        context["table_id"] = f"t-{block_id[:8] or 'preview'}"
        context["caption"] = table.caption
        context["columns"] = [
            {"title": column["heading"], "numeric": column["block"].name == "number"}
            for column in table.columns
        ]
        context["rows"] = [[_cell_html(cell) for cell in row["values"]] for row in table.row_data]
        page = context.get("page")
        if (
            re.fullmatch(r"[-\w]+", block_id, re.ASCII)
            and getattr(page, "pk", None)
            and getattr(page, "live", False)
        ):
            context["csv_url"] = reverse("egov_blocks:table_csv", args=[page.pk, block_id])
        return context

    class Meta:
        icon = "table"
        label = _("Table")
        description = _("A small table with a caption. Readers can download it as a CSV file.")
        template = "egov_blocks/table.html"
        preview_value = examples.TABLE


def table_rows(table: TypedTable) -> list[list[str]]:
    """The headings and the rows as text; numbers with Western digits and a decimal point, without grouping."""
    rows = [[column["heading"] for column in table.columns]]
    for row in table.row_data:
        rows.append(
            ["" if cell is None else cell if isinstance(cell, str) else f"{cell:f}" for cell in row["values"]]
        )
    return rows


def find_table(page, block_id: str):
    """The value of the table block with this id in any stream of the page, or None."""
    from wagtail.fields import StreamField

    for field in page._meta.get_fields():
        if isinstance(field, StreamField):
            for child in field.value_from_object(page):
                if child.id == block_id and isinstance(child.block, Table):
                    return child.value["cells"]
    return None


def _texts(table):
    yield table.caption
    yield from (column["heading"] for column in table.columns)
    for row in table.row_data:
        yield from (cell for cell in row["values"] if isinstance(cell, str))


def _has_letters(text):
    return any(letter.isalpha() for letter in text)


def _key(text):
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _cell_html(cell):
    if cell is None or isinstance(cell, str):
        return cell or ""
    return format_html("<bdi>{}</bdi>", format_number(cell))

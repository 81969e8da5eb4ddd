"""The formats beside JSON: tables (CSV, JSON lines, XLSX) and documents of other standards.

A resource says which it has.
"""

import json
import tempfile
from dataclasses import replace

from django.utils.translation import gettext as _
from rest_framework.renderers import BaseRenderer, JSONRenderer

from egov_cms.language import direction
from egov_cms.tabular import write_csv, write_json_lines, write_xlsx
from egov_cms.tabular.xlsx_writing import MEDIA_TYPE, MOST_ROWS

from .problems import Problem

MEMORY, PART = 1024 * 1024, 64 * 1024


class EnvelopeRenderer(JSONRenderer):
    """Plain JSON with letters left readable."""

    ensure_ascii = False
    charset = None


class OpenAPIRenderer(EnvelopeRenderer):
    """An OpenAPI document as a dict."""

    media_type = "application/vnd.oai.openapi+json"
    format = "json"


class TableRenderer(BaseRenderer):
    """A format for tables. `chunks` writes them row by row; nothing is rendered whole."""

    is_table = True

    def chunks(self, table, *, language, for_excel=False):
        """A `tabular.Table` → an iterator of bytes."""
        raise NotImplementedError


class CSVRenderer(TableRenderer):
    """UTF-8, every value as it is; for Excel with a byte order mark and without texts that run as formulas."""

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"

    def chunks(self, table, *, language, for_excel=False):
        columns = [column.title for column in table.columns]
        return write_csv(table.rows, columns=columns, bom=for_excel, guard=for_excel)


class JSONLinesRenderer(TableRenderer):
    """One JSON object a line, its members named as the columns."""

    media_type = "application/x-ndjson"
    format = "jsonl"
    charset = None

    def chunks(self, table, *, language, for_excel=False):
        return write_json_lines(table.rows, columns=[column.title for column in table.columns])


class XLSXRenderer(TableRenderer):
    """One sheet in the direction of the language; text is always text, never a formula."""

    media_type = MEDIA_TYPE
    format = "xlsx"
    charset = None
    render_style = "binary"

    def chunks(self, table, *, language, for_excel=False):
        rows = _as_many_as_fit(table.rows)
        sheet = replace(table, rows=rows, rtl=direction(language) == "rtl")
        with tempfile.SpooledTemporaryFile(max_size=MEMORY) as file:
            write_xlsx([sheet], file)
            file.seek(0)
            while chunk := file.read(PART):
                yield chunk


def _as_many_as_fit(rows):
    for number, row in enumerate(rows, 1):
        if number >= MOST_ROWS:
            message = _("A sheet holds at most %(number)s rows: narrow the query, or take .csv or .jsonl.")
            raise Problem("not-acceptable", message % {"number": MOST_ROWS - 1})
        yield row


class JSONLDRenderer(BaseRenderer):
    """`data` is a JSON-LD document as a dict."""

    media_type = "application/ld+json"
    format = "jsonld"
    charset = None
    is_graph = True

    def render(self, data, accepted_media_type=None, renderer_context=None):
        return json.dumps(data, ensure_ascii=False, indent=1).encode()


class TurtleRenderer(BaseRenderer):
    """`data` is the same JSON-LD document, its @context inline, written as Turtle."""

    media_type = "text/turtle"
    format = "ttl"
    charset = "utf-8"
    is_graph = True

    def render(self, data, accepted_media_type=None, renderer_context=None):
        from rdflib import Graph

        graph = Graph()
        graph.parse(data=json.dumps(data), format="json-ld")
        return graph.serialize(format="turtle").encode()


class GeoJSONRenderer(JSONRenderer):
    """`data` is a GeoJSON object as a dict (RFC 7946)."""

    media_type = "application/geo+json"
    format = "geojson"
    charset = None
    ensure_ascii = False
    is_graph = True


class AtomRenderer(BaseRenderer):
    """`data` is a `django.utils.feedgenerator` feed."""

    media_type = "application/atom+xml"
    format = "atom"
    charset = "utf-8"
    is_graph = True

    def render(self, data, accepted_media_type=None, renderer_context=None):
        return data.writeString("utf-8").encode()


# The formats of a resource that has a `table`.
TABLE_FORMATS = (CSVRenderer, JSONLinesRenderer, XLSXRenderer)

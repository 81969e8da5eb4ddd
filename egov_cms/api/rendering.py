"""The formats beside JSON: tables (CSV, XLSX) and graphs (JSON-LD, Turtle). A resource says which it has."""

import csv
import io
import json

from rest_framework.renderers import BaseRenderer, JSONRenderer

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class EnvelopeRenderer(JSONRenderer):
    """Plain JSON with letters left readable."""

    ensure_ascii = False
    charset = None


class TableRenderer(BaseRenderer):
    """`data` is (columns, rows): a list of names and an iterable of equally long sequences."""

    is_table = True


class CSVRenderer(TableRenderer):
    """UTF-8 with a byte order mark, so that Excel reads Arabic; no cell runs as a formula."""

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"

    def render(self, data, accepted_media_type=None, renderer_context=None):
        columns, rows = data
        buffer = io.StringIO()
        buffer.write("\ufeff")
        writer = csv.writer(buffer, lineterminator="\r\n")
        writer.writerow(columns)
        writer.writerows([guard_formula(cell) for cell in row] for row in rows)
        return buffer.getvalue().encode()


class XLSXRenderer(TableRenderer):
    """One sheet, written row by row; text is always text, never a formula."""

    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    format = "xlsx"
    charset = None
    render_style = "binary"

    def render(self, data, accepted_media_type=None, renderer_context=None):
        from openpyxl import Workbook
        from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell

        columns, rows = data
        book = Workbook(write_only=True)
        sheet = book.create_sheet("data")

        def cell(value):
            if not isinstance(value, str):
                return value
            written = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
            written.data_type = "s"
            return written

        sheet.append([cell(name) for name in columns])
        for row in rows:
            sheet.append([cell(value) for value in row])
        buffer = io.BytesIO()
        book.save(buffer)
        return buffer.getvalue()


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


def guard_formula(cell):
    """A text that a spreadsheet would run gets an apostrophe in front (OWASP on CSV injection)."""
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS):
        return "'" + cell
    return cell

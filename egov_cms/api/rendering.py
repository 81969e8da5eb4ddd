"""The formats beside JSON: tables (CSV, JSON lines, XLSX) and documents of other standards.

A resource says which it has.
"""

import csv
import io
import json

from rest_framework.renderers import BaseRenderer, JSONRenderer


class EnvelopeRenderer(JSONRenderer):
    """Plain JSON with letters left readable."""

    ensure_ascii = False
    charset = None


class OpenAPIRenderer(EnvelopeRenderer):
    """An OpenAPI document as a dict."""

    media_type = "application/vnd.oai.openapi+json;version=3.1"
    format = "json"


class TableRenderer(BaseRenderer):
    """A format for tables. `chunks` writes them row by row; nothing is rendered whole."""

    is_table = True

    def chunks(self, columns, rows, *, language, for_excel=False, title=""):
        """Names of columns and an iterable of equally long sequences → an iterator of bytes."""
        raise NotImplementedError


class CSVRenderer(TableRenderer):
    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"

    def chunks(self, columns, rows, *, language, for_excel=False, title=""):
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\r\n")
        if for_excel:
            buffer.write("\ufeff")
        writer.writerow(columns)
        for row in rows:
            writer.writerow(row)
            if buffer.tell() > 8192:
                yield buffer.getvalue().encode()
                buffer.seek(0)
                buffer.truncate()
        yield buffer.getvalue().encode()


class XLSXRenderer(TableRenderer):
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    format = "xlsx"
    charset = None
    render_style = "binary"

    def chunks(self, columns, rows, *, language, for_excel=False, title=""):
        from openpyxl import Workbook

        book = Workbook(write_only=True)
        sheet = book.create_sheet("data")
        sheet.append(list(columns))
        for row in rows:
            sheet.append(list(row))
        buffer = io.BytesIO()
        book.save(buffer)
        yield buffer.getvalue()


class JSONLinesRenderer(TableRenderer):
    """One JSON object a line, its members named as the columns."""

    media_type = "application/x-ndjson"
    format = "jsonl"
    charset = None

    def chunks(self, columns, rows, *, language, for_excel=False, title=""):
        for row in rows:
            yield (
                json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False, default=str).encode()
                + b"\n"
            )


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

"""The kinds of files that are read, and the suffixes under which each is sent."""

from __future__ import annotations

from enum import StrEnum


class FileKind(StrEnum):
    """The kinds of files that are read."""

    CSV = "csv"
    XLSX = "xlsx"
    ODS = "ods"
    YAML = "yaml"
    JSON = "json"
    GEOJSON = "geojson"
    ZIP = "zip"


NAMES = {
    FileKind.CSV: "CSV",
    FileKind.XLSX: "XLSX",
    FileKind.ODS: "ODS",
    FileKind.YAML: "YAML",
    FileKind.JSON: "JSON",
    FileKind.GEOJSON: "GeoJSON",
    FileKind.ZIP: "ZIP",
}
# Suffixes under which each kind is honestly sent.
SUFFIXES = {
    FileKind.CSV: {".csv", ".tsv", ".tab", ".txt"},
    FileKind.XLSX: {".xlsx"},
    FileKind.ODS: {".ods"},
    FileKind.YAML: {".yaml", ".yml"},
    FileKind.JSON: {".json", ".jsonl", ".ndjson"},
    FileKind.GEOJSON: {".geojson", ".json"},
    FileKind.ZIP: {".zip"},
}

"""Typed cells in, tables out: what every import and export of the suite stands on. See README.md."""

from .cells import Cell, Kind, Row
from .files import find_kind
from .formulas import guarded, unguarded
from .kinds import FileKind
from .limits import Limits
from .reading import Note, Sheet, Tables, open_tables
from .text_files import TextFile, open_text
from .unreadable import UnreadableFile
from .values import InvalidValue
from .writing import write_csv, write_json_lines
from .xlsx_writing import Column, Table, list_range, write_xlsx
from .yaml_text import Mapping, load_yaml

__all__ = [
    "Cell",
    "Column",
    "FileKind",
    "InvalidValue",
    "Kind",
    "Limits",
    "Mapping",
    "Note",
    "Row",
    "Sheet",
    "Table",
    "Tables",
    "TextFile",
    "UnreadableFile",
    "find_kind",
    "guarded",
    "list_range",
    "load_yaml",
    "open_tables",
    "open_text",
    "unguarded",
    "write_csv",
    "write_json_lines",
    "write_xlsx",
]

"""Rows of offices out of XLSX, CSV and GeoJSON files, as texts keyed by column."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils.exceptions import InvalidFileException

from egov_cms.language import content_languages, fold

from .hours_text import DAYS

LARGEST_FILE_BYTES = 10 * 1024 * 1024
MOST_ROWS = 20_000
WORDS = ("name", "district", "address", "landmark")
PLAIN = ("mahalla", "zuqaq", "dar", "whatsapp", "email")
OTHER = (
    "slug",
    "kind",
    "governorate",
    "unit",
    "latitude",
    "longitude",
    "phones",
    "access",
    "hours",
    "public",
)
ARABIC_HEADINGS = {
    "الاسم": "name_ar",
    "اسم الدائرة": "name_ar",
    "الاسم بالكردية": "name_ckb",
    "الاسم بالانكليزية": "name_en",
    "المحافظة": "governorate",
    "النوع": "kind",
    "القضاء": "district_ar",
    "العنوان": "address_ar",
    "نقطة دالة": "landmark_ar",
    "المحلة": "mahalla",
    "الزقاق": "zuqaq",
    "الدار": "dar",
    "خط العرض": "latitude",
    "خط الطول": "longitude",
    "الهاتف": "phones",
    "البريد الالكتروني": "email",
    "اوقات الدوام": "hours",
}


@dataclass(frozen=True)
class Row:
    number: int
    values: dict[str, str]
    sheet: str = ""


class Unreadable(ValueError):
    """The file as a whole cannot be read; the message says why."""


def read_rows(path: Path):
    """Rows of XLSX, CSV or GeoJSON as texts keyed by column. Raises Unreadable."""
    try:
        if path.stat().st_size > LARGEST_FILE_BYTES:
            raise Unreadable(_("The file is larger than 10 MB."))
        readers = {".xlsx": _xlsx, ".csv": _csv, ".geojson": _geojson, ".json": _geojson}
        reader = readers.get(path.suffix.lower())
        if reader is None:
            raise Unreadable(_("Give an XLSX, CSV or GeoJSON file."))
        rows = list(reader(path))
    except (OSError, BadZipFile, InvalidFileException, KeyError) as error:
        raise Unreadable(_("The file cannot be read: %s") % error) from error
    if not rows:
        raise Unreadable(_("The file has no rows."))
    if len(rows) > MOST_ROWS:
        raise Unreadable(_("The file has too many rows; the limit is %d.") % MOST_ROWS)
    return rows


def _xlsx(path):
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        sheet = book.worksheets[0]
        table = ([_text(cell) for cell in cells] for cells in sheet.iter_rows(values_only=True))
        yield from _from_table(table, sheet.title)
    finally:
        book.close()


def _text(cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.time):
        return cell.strftime("%H:%M")
    return str(cell).strip()


def _csv(path):
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What Arabic Excel saves as “CSV”.
        text = data.decode("cp1256", errors="replace")
    heading = text.partition("\n")[0]
    delimiter = max(",;\t", key=heading.count)
    try:
        yield from _from_table(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise Unreadable(_("The file cannot be read: %s") % error) from error


def _from_table(table, sheet=""):
    columns = None
    for number, cells in enumerate(table, start=1):
        cells = [cell.strip() for cell in cells]
        if not any(cells):
            continue
        if columns is None:
            columns = [_column(cell) for cell in cells]
            _check_columns(columns)
            continue
        values = {name: cell for name, cell in zip(columns, cells, strict=False) if name and cell}
        yield Row(number, values, sheet)


def _geojson(path):
    try:
        data = json.loads(path.read_bytes())
        features = data["features"]
    except (ValueError, TypeError, KeyError) as error:
        raise Unreadable(_("The file is no GeoJSON collection of features.")) from error
    for number, feature in enumerate(features, start=1):
        feature = feature if isinstance(feature, dict) else {}
        properties = feature.get("properties") or {}
        values = {
            _column(str(key)): _geo_text(value)
            for key, value in properties.items()
            if value not in (None, "")
        }
        _check_columns(values)
        geometry = feature.get("geometry") or {}
        if geometry.get("type") == "Point" and len(geometry.get("coordinates") or ()) >= 2:
            longitude, latitude = geometry["coordinates"][:2]
            values |= {"longitude": str(longitude), "latitude": str(latitude)}
        yield Row(number, values)


def _geo_text(value) -> str:
    return ";".join(map(str, value)) if isinstance(value, list) else _text(value)


_folded_headings = {fold(heading): column for heading, column in ARABIC_HEADINGS.items()}


def _column(heading: str) -> str:
    name = heading.strip().lower().replace(" ", "_").replace("-", "_")
    return _folded_headings.get(fold(heading.strip()), name)


def _check_columns(columns):
    known = {*PLAIN, *OTHER, *DAYS, *(f"{word}_{code}" for word in WORDS for code in content_languages())}
    if unknown := [name for name in columns if name and name not in known]:
        raise Unreadable(
            _("Unknown columns: %(unknown)s. Columns are: %(known)s.")
            % {"unknown": ", ".join(unknown), "known": ", ".join(sorted(known))}
        )

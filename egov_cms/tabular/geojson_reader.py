"""GeoJSON (RFC 7946) to features and rows of cells."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from egov_cms.tabular.cells import Cell, Kind, Row
from egov_cms.tabular.encodings import find_encoding
from egov_cms.tabular.files import check_size
from egov_cms.tabular.limits import Limits, Meter
from egov_cms.tabular.unreadable import UnreadableFile

_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"?')
LONGITUDE, LATITUDE, GEOMETRY = "longitude", "latitude", "geometry"


@dataclass(frozen=True)
class Feature:
    """One feature; `number` counts from 1. Numbers are int or Decimal. What is missing or null is empty or None."""

    number: int
    properties: dict[str, Any]
    geometry: dict | None


def read_json(file: BinaryIO, limits: Limits) -> Any:
    """The value of a JSON file, numbers exact. Raises UnreadableFile: `too_large`, `deep_nesting`, `not_json`."""
    encoding = find_encoding(file)
    file.seek(encoding.bom)
    data = file.read(limits.document_bytes + 1)
    check_size(len(data), limits.document_bytes)
    text = data.decode(encoding.name, "replace")
    check_depth(text, limits.depth)
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        message = _("This is not valid JSON: line %(line)s, column %(column)s.")
        place = {"line": error.lineno, "column": error.colno}
        raise UnreadableFile(message % place, "not_json", line=error.lineno) from error
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise UnreadableFile(_("This is not valid JSON."), "not_json") from error


def check_depth(text: str, most: int):
    """Raise UnreadableFile where brackets are nested deeper than `most`, before anything is built of them."""
    depth = 0
    for bracket in re.findall(r"[\[\]{}]", _STRINGS.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        if depth > most:
            message = _("The file is nested deeper than can be read; the limit is %(most)s.") % {"most": most}
            raise UnreadableFile(message, "deep_nesting")


def _no_number(word):
    raise ValueError(word)


def read_features(file: BinaryIO, limits: Limits) -> list[Feature]:
    """The features of a collection, or the one feature that the file is. Raises UnreadableFile (`not_geojson`)."""
    data = read_json(file, limits)
    if isinstance(data, dict) and data.get("type") == "Feature":
        data = {"features": [data]}
    features = data.get("features") if isinstance(data, dict) else None
    if not isinstance(features, list):
        message = _("The file is no GeoJSON collection of features.")
        raise UnreadableFile(message, "not_geojson")
    return [_feature(number, each) for number, each in enumerate(features, 1)]


def _feature(number, value):
    value = value if isinstance(value, dict) else {}
    properties, geometry = value.get("properties"), value.get("geometry")
    return Feature(
        number,
        properties if isinstance(properties, dict) else {},
        geometry if isinstance(geometry, dict) else None,
    )


def point(geometry: dict | None) -> tuple | None:
    """(longitude, latitude) of a point, None for every other geometry."""
    places = (geometry or {}).get("coordinates")
    if (geometry or {}).get("type") != "Point" or not isinstance(places, list) or len(places) < 2:
        return None
    longitude, latitude = places[:2]
    if any(isinstance(each, bool) or not isinstance(each, int | Decimal) for each in (longitude, latitude)):
        return None
    return longitude, latitude


def read_rows(features: list[Feature], limits: Limits) -> Iterator[Row]:
    """Row 0 names the properties; each further row is the feature of that number.

    Points add `longitude` and `latitude`, which stand for properties of these names; other geometries a column
    `geometry` of GeoJSON text. A list of plain values is written with ";" between them.
    """
    points = [point(feature.geometry) for feature in features]
    has_points = any(points)
    others = any(feature.geometry and not each for feature, each in zip(features, points, strict=True))
    names = list(dict.fromkeys(name for feature in features for name in feature.properties))
    if has_points:
        names = [name for name in names if name not in (LONGITUDE, LATITUDE)]
    headings = [*names, *([LONGITUDE, LATITUDE] if has_points else []), *([GEOMETRY] if others else [])]
    meter = Meter(limits)
    meter.row(len(headings), 0)
    if headings:
        yield Row(0, [Cell(name, Kind.TEXT, 0, column) for column, name in enumerate(headings, 1)])
    for feature, place in zip(features, points, strict=True):
        values = [feature.properties.get(name) for name in names]
        if has_points:
            values += place or (None, None)
        if others:
            values.append(None if place else feature.geometry)
        meter.row(len(values), feature.number)
        yield Row(
            feature.number, [_cell(value, feature.number, column) for column, value in enumerate(values, 1)]
        )


def _cell(value, row, column):
    if isinstance(value, list) and all(isinstance(each, str | int | Decimal) for each in value):
        value = ";".join(str(each) for each in value)
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False, default=float)
    if value is None or value == "":
        return Cell(None, Kind.EMPTY, row, column)
    if isinstance(value, bool):
        return Cell(value, Kind.BOOLEAN, row, column)
    if isinstance(value, int | Decimal):
        return Cell(value, Kind.NUMBER, row, column)
    return Cell(value, Kind.TEXT, row, column)

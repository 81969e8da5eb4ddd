"""Rows to CSV and JSON lines, as streams of bytes: memory does not grow with the rows.

b"".join(write_csv(rows, columns=["code", "name"]))                          # for machines: faithful
StreamingHttpResponse(write_csv(rows, columns=titles, bom=True, guard=True))  # for Excel
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from egov_cms.tabular.cells import Cell, value_text
from egov_cms.tabular.formulas import guarded

BOM = b"\xef\xbb\xbf"
PART = 64 * 1024
# Beyond it JSON numbers lose digits in browsers.
LARGEST_JSON_INTEGER = 2**53


def write_csv(
    rows: Iterable[Sequence[Any]],
    *,
    columns: Sequence[Any] = (),
    bom: bool = False,
    guard: bool = False,
    delimiter: str = ",",
) -> Iterator[bytes]:
    """The file in parts (RFC 4180, UTF-8, CR LF); no columns: no heading.

    bom: a byte order mark, without which Excel misreads Arabic. guard: texts that a spreadsheet would run get an apostrophe
    (`formulas`); numbers are never touched. Dates are written as 2026-01-31, decimals with a point, yes and no as true and
    false.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    text = _guarded_text if guard else _text
    if columns:
        writer.writerow([text(str(column)) for column in columns])
    first = BOM if bom else b""
    for row in rows:
        writer.writerow([text(value) for value in row])
        if out.tell() >= PART:
            yield first + out.getvalue().encode("utf-8", "replace")
            first = b""
            out.seek(0)
            out.truncate()
    last = first + out.getvalue().encode("utf-8", "replace")
    if last:
        yield last


def _text(value) -> str:
    if isinstance(value, str):
        return value
    return value.text if isinstance(value, Cell) else value_text(value)


def _guarded_text(value) -> str:
    if isinstance(value, Cell):
        return guarded(value.text) if isinstance(value.value, str) else value.text
    if value is None or isinstance(value, bool | int | float | Decimal):
        return value_text(value)
    # Also what only becomes text here: translated words, for one.
    return guarded(value_text(value))


def write_json_lines(
    rows: Iterable[Sequence[Any] | Mapping[str, Any]],
    *,
    columns: Sequence[str] = (),
    decimals: str = "string",
) -> Iterator[bytes]:
    """One JSON object a line, in parts. columns: names for rows that are sequences; mappings bring their own.

    decimals: "string" or "number", both with all digits. Whole numbers beyond 2**53 are always strings.
    """
    keys = [json.dumps(str(column), ensure_ascii=False) for column in columns]
    part, size = [], 0
    for row in rows:
        if isinstance(row, Mapping):
            pairs = [(json.dumps(str(key), ensure_ascii=False), value) for key, value in row.items()]
        else:
            pairs = zip(keys, row, strict=True)
        line = "{" + ", ".join(f"{key}: {_json(value, decimals)}" for key, value in pairs) + "}\n"
        part.append(line)
        size += len(line)
        if size >= PART:
            yield "".join(part).encode("utf-8", "replace")
            part, size = [], 0
    if part:
        yield "".join(part).encode("utf-8", "replace")


def _json(value, decimals) -> str:
    if isinstance(value, Cell):
        value = value.value
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int):
        return str(value) if abs(value) <= LARGEST_JSON_INTEGER else f'"{value}"'
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal):
        text = value_text(value)
        return text if decimals == "number" and value.is_finite() else f'"{text}"'
    if isinstance(value, Mapping):
        pairs = (
            f"{json.dumps(str(key), ensure_ascii=False)}: {_json(each, decimals)}"
            for key, each in value.items()
        )
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list | tuple | set | frozenset):
        return "[" + ", ".join(_json(each, decimals) for each in value) + "]"
    return json.dumps(value_text(value), ensure_ascii=False)

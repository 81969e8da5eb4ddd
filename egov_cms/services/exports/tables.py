"""Snapshots as one flat table, for CSV and spreadsheets of people who analyse the catalogue.

The workbook that editors change and import again is another thing (`exports.workbook`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from egov_cms.language import minor_to_text

COLUMNS = (
    "code", "title", "summary", "url", "status", "ministry", "unit", "category", "audiences", "life_events",
    "governorates", "channels", "digital_level", "ur_class", "is_free", "lowest_total", "currency", "fees",
    "duration_min", "duration_max", "duration_unit", "visits", "signatures", "documents", "originals",
    "copies", "outputs", "languages", "last_reviewed",
)  # fmt: skip


def services(documents: Iterable[dict], language: str) -> tuple[tuple[str, ...], Iterator[list]]:
    """Snapshot documents in one language → (columns, rows). Lists are joined by " | "."""
    return COLUMNS, (_row(given, language) for given in documents)


def _row(given, language):
    fixed = [
        row["amount_minor"]
        for row in given["fees"]
        if row["amount_minor"] is not None and not row["conditional"]
    ]
    currency = next((row["currency"] for row in given["fees"]), "IQD")
    return [
        given["code"],
        given["title"].get(language),
        given["summary"].get(language),
        given["urls"].get(language),
        given["status"],
        _name(given["ministry"], language),
        _name(given["unit"], language),
        _name(given["category"], language),
        _joined(_name(each, language) for each in given["audiences"]),
        _joined(_name(each, language) for each in given["life_events"]),
        _joined(_name(each, language) for each in given["coverage"]),
        _joined(sorted({row["kind"] for row in given["channels"]})),
        given["digital_level"],
        given["ur_class"],
        given["is_free"],
        minor_to_text(sum(fixed) if fixed else 0 if given["is_free"] else None, currency),
        currency,
        _joined(_fee(row, language) for row in given["fees"]),
        given["duration_min"],
        given["duration_max"],
        given["duration_unit"],
        given["visits"],
        given["signatures"],
        _joined(_name(row["document_type"], language) for row in given["documents"]),
        sum(row["originals"] for row in given["documents"]),
        sum(row["copies"] for row in given["documents"]),
        _joined(row["name"].get(language) for row in given["outputs"]),
        _joined(given["title"]),
        given["last_reviewed_at"],
    ]


def _fee(row, language):
    amount = (
        minor_to_text(row["amount_minor"], row["currency"]) or (row["percent"] and f"{row['percent']}%") or ""
    )
    return f"{row['label'].get(language, '')} {amount}".strip()


def _name(record, language):
    return record and record["name"].get(language)


def _joined(parts):
    return " | ".join(part for part in parts if part)

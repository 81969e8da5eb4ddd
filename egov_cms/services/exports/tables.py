"""Snapshots as one flat table, as CSV or spreadsheet for analysis.

The workbook that editors change and import again is made by `importing`.
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
    """Snapshot documents in one language → (columns, rows). Lists are joined with " | "."""
    return COLUMNS, (_row(snapshot, language) for snapshot in documents)


def _row(snapshot, language):
    fixed = [
        row["amount_minor"]
        for row in snapshot["fees"]
        if row["amount_minor"] is not None and not row["conditional"]
    ]
    currency = next((row["currency"] for row in snapshot["fees"]), "IQD")
    return [
        snapshot["code"],
        snapshot["title"].get(language),
        snapshot["summary"].get(language),
        snapshot["urls"].get(language),
        snapshot["status"],
        _name(snapshot["ministry"], language),
        _name(snapshot["unit"], language),
        _name(snapshot["category"], language),
        _joined(_name(each, language) for each in snapshot["audiences"]),
        _joined(_name(each, language) for each in snapshot["life_events"]),
        _joined(_name(each, language) for each in snapshot["coverage"]),
        _joined(sorted({row["kind"] for row in snapshot["channels"]})),
        snapshot["digital_level"],
        snapshot["ur_class"],
        snapshot["is_free"],
        minor_to_text(sum(fixed) if fixed else 0 if snapshot["is_free"] else None, currency),
        currency,
        _joined(_fee(row, language) for row in snapshot["fees"]),
        snapshot["duration_min"],
        snapshot["duration_max"],
        snapshot["duration_unit"],
        snapshot["visits"],
        snapshot["signatures"],
        _joined(_name(row["document_type"], language) for row in snapshot["documents"]),
        sum(row["originals"] for row in snapshot["documents"]),
        sum(row["copies"] for row in snapshot["documents"]),
        _joined(row["name"].get(language) for row in snapshot["outputs"]),
        _joined(snapshot["title"]),
        snapshot["last_reviewed_at"],
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

"""The complete reform report, for the command, the printed report and the workbook."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from egov_cms.services.reform import burden, evidence, tables, trend
from egov_cms.services.reform.burden import FEE_MOST, FEE_STEP, WEIGHTS
from egov_cms.services.reform.units import Unit

PRINTED_ROWS = 25


@dataclass(frozen=True)
class Part:
    """A table with its rows; `total` counts all rows if `rows` has only the first ones."""

    table: tables.Table
    rows: list[tables.Row]
    total: int

    @property
    def cells(self):
        return self.table.cells(self.rows)

    @property
    def more(self) -> bool:
        return self.total > len(self.rows)


@dataclass(frozen=True)
class ReformReport:
    day: dt.date
    since: dt.date
    unit: Unit | None
    once: evidence.OnceOnly
    totals: dict[str, int]
    parts: dict[str, Part]

    def as_dict(self) -> dict[str, Any]:
        """For `reform_report --format json`."""
        own = self.parts["own_papers"].rows
        return {
            "date": self.day.isoformat(),
            "since": self.since.isoformat(),
            "unit": {"code": self.unit.code, "name": self.unit.name} if self.unit else None,
            "once_only": {
                "demands": self.once.demands,
                "issued_by_public_body": self.once.issued,
                "same_ministry": self.once.own,
                "services": self.once.services,
                "by_ministry": [
                    {name: row[name] for name in ("ministry", "services", "demands", "issued", "own")}
                    for row in self.parts["once_only_by_ministry"].rows
                ],
                "list": [
                    {
                        name: row[name]
                        for name in ("code", "service", "ministry", "paper_code", "paper", "issuer")
                    }
                    for row in own
                ],
            },
            "burden": {
                "formula": {
                    "weights": WEIGHTS,
                    "fee_iqd_per_point": FEE_STEP,
                    "fee_points_at_most": FEE_MOST,
                },
                "totals": self.totals,
                "by_ministry": self.parts["burden_by_ministry"].rows,
                "services": [
                    {
                        name: value
                        for name, value in row.items()
                        if name not in ("page_pk", "trend", "fee_minor")
                    }
                    | {"fee_iqd": str(row["fee_minor"]), "trend": row["trend"]}
                    for row in self.parts["burden"].rows
                ],
            },
            "documents": [
                {name: value for name, value in row.items() if name != "document_type"}
                for row in self.parts["most_asked"].rows
            ],
        }


def reform_report(
    language: str, unit: Unit | None = None, since: dt.date | None = None, max_rows: int | None = None
) -> ReformReport:
    """All tables, with names in one language; at most `max_rows` rows of each. About thirty queries."""
    burden.catch_up()
    since = since or trend.a_year_ago()
    burdens = trend.burdens(unit, since)
    querysets = {
        tables.ONCE_BY_MINISTRY: evidence.by_ministry(unit),
        tables.OWN_PAPERS: evidence.own_demands(unit),
        tables.BURDEN_BY_MINISTRY: trend.by_ministry(burdens),
        tables.BURDENS: burdens.order_by("-points", "service_code"),
        tables.MOST_ASKED: evidence.most_asked(unit),
    }
    parts = {}
    for table, queryset in querysets.items():
        rows = list(queryset[:max_rows])
        total = queryset.count() if max_rows and len(rows) == max_rows else len(rows)
        parts[table.name] = Part(table, table.rows(rows, language), total)
    return ReformReport(
        timezone.localdate(), since, unit, evidence.once_only(unit), trend.totals(burdens), parts
    )

"""Figures of citizens' answers: number of answers, median and quartiles.

A public page shows a figure only from `PUBLIC_FROM` answers on, so that no figure is the smallest or the largest
answer. Quartiles are nearest ranks: with 20 answers the 5th, the 10th and the 15th.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from egov_cms.services.models import ServiceExperience

PUBLIC_FROM = 20
PERIOD_DAYS = 365
MEASURES = ("days", "fee_minor", "visits")
QUARTERS = (1, 2, 3)


@dataclass(frozen=True)
class Quartiles:
    """Quartiles of `count` answers: a quarter is at most `low`, half at most `median`, three quarters at most `high`."""

    count: int
    low: int
    median: int
    high: int


@dataclass(frozen=True)
class Figures:
    """The figures of one service. A measure without answers (on public pages: without enough answers) is None."""

    answers: int
    got: int
    waiting: int
    failed: int
    days: Quartiles | None = None
    fee_minor: Quartiles | None = None
    visits: Quartiles | None = None

    @property
    def share_got(self) -> int:
        """Percentage of answers with a successful outcome."""
        return round(100 * self.got / self.answers) if self.answers else 0

    def public(self) -> Figures | None:
        """The figures for a public page; None before there are enough answers."""
        if self.answers < PUBLIC_FROM:
            return None
        enough = {
            name: quartiles if (quartiles := getattr(self, name)) and quartiles.count >= PUBLIC_FROM else None
            for name in MEASURES
        }
        return Figures(self.answers, self.got, self.waiting, self.failed, **enough)


def figures(
    pages: Iterable[int] | QuerySet | None = None, since: dt.date | None = None
) -> dict[int, Figures]:
    """Source page → its figures of the last twelve months, of some services or of all. One query.

    The database ranks the answers and returns at most ten rows for each service: those at the quartiles.
    """
    answers = recent_answers(since)
    if pages is not None:
        answers = answers.filter(page__in=pages)
    rows_of = defaultdict(list)
    for row in _ranked(answers):
        rows_of[row["page"]].append(row)
    return {page: _figures(rows) for page, rows in rows_of.items()}


def recent_answers(since: dt.date | None = None) -> QuerySet:
    """The answers that count, of the last twelve months."""
    since = since or timezone.localdate() - dt.timedelta(days=PERIOD_DAYS)
    return ServiceExperience.objects.counted().filter(reported_on__gte=since)


def _over(expression, order_by=None):
    return Window(expression, partition_by=[F("page")], order_by=order_by)


def _ranked(answers):
    """Rows of answers at the quartiles of a measure (and the first), each with the counts of its service."""
    outcomes = {"got": "yes", "waiting": "waiting", "failed": "no"}
    answers = answers.order_by().annotate(
        answers=_over(Count("pk")),
        position=_over(RowNumber(), [F("pk").asc()]),
        **{name: _over(Count("pk", filter=Q(outcome=value))) for name, value in outcomes.items()},
        **{f"count_{name}": _over(Count(name)) for name in MEASURES},
        **{
            f"rank_{name}": _over(RowNumber(), [F(name).asc(nulls_last=True), F("pk").asc()])
            for name in MEASURES
        },
    )
    # The nearest rank is the only rank with 0 <= 4 × rank − quarter × count < 4.
    distances = {
        f"distance_{name}_{quarter}": F(f"rank_{name}") * 4 - F(f"count_{name}") * quarter
        for name in MEASURES
        for quarter in QUARTERS
    }
    condition = Q(position=1)
    for name in distances:
        condition |= Q(**{f"{name}__gte": 0, f"{name}__lt": 4})
    columns = (
        "answers",
        *outcomes,
        *MEASURES,
        *(f"{kind}_{name}" for name in MEASURES for kind in ("count", "rank")),
    )
    return answers.annotate(**distances).filter(condition).values("page", *columns)


def _figures(rows) -> Figures:
    first = rows[0]
    return Figures(
        first["answers"],
        first["got"],
        first["waiting"],
        first["failed"],
        **{name: _quartiles(rows, name) for name in MEASURES},
    )


def _quartiles(rows, name) -> Quartiles | None:
    count = rows[0][f"count_{name}"]
    if not count:
        return None
    values = {row[f"rank_{name}"]: row[name] for row in rows}
    return Quartiles(count, *(values[-(-quarter * count // 4)] for quarter in QUARTERS))

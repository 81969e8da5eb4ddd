"""The tables of the reform reports: columns and a row function each, used for screen, print and files.

A row function takes the rows of a queryset (one page of it, or all) and a language, and returns dicts of plain
values. It takes the same few queries for ten rows and for ten thousand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from egov_cms.language import TranslatedText
from egov_cms.services.reform import evidence, trend
from egov_cms.services.reform.units import unit_names

Row = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """`kind` is the format of the values: text, code, service, number, money, share, trend, yes."""

    name: str
    heading: Any
    kind: str = "text"

    @property
    def numeric(self) -> bool:
        return self.kind in ("number", "money", "share")


@dataclass(frozen=True)
class Table:
    name: str
    title: Any
    columns: tuple[Column, ...]
    rows: Callable[[Iterable, str], list[Row]]
    empty: Any

    def cells(self, rows: Iterable[Row]) -> list[list[tuple[Column, Any, Row]]]:
        """Rows for templates: lists of (column, value, the whole row)."""
        return [[(column, row.get(column.name), row) for column in self.columns] for row in rows]


def _own_rows(demands, language) -> list[Row]:
    demands = list(demands)
    titles = trend.titles([row.page.service_code for row in demands], language)
    names = unit_names(language) if demands else {}
    return [
        {
            "ministry": names.get(row.asker, ""),
            "code": row.page.service_code,
            "service": titles.get(row.page.service_code, row.page.title),
            "page_pk": row.page_id,
            "paper_code": row.document_type.code,
            "paper": named(row.document_type.name, language),
            "issuer": names.get(row.document_type.issuer_unit.path, ""),
            "originals": row.originals,
            "copies": row.copies,
        }
        for row in demands
    ]


def named(names, language) -> str:
    return TranslatedText.of(names).best(language)[0]


OWN_PAPERS = Table(
    "own_papers",
    _("Papers that the ministry issues itself and asks for again"),
    (
        Column("ministry", _("Ministry")),
        Column("service", _("Service"), "service"),
        Column("paper", pgettext_lazy("that people bring", "Document")),
        Column("issuer", _("Issued by")),
        Column("originals", _("Originals"), "number"),
        Column("copies", _("Copies"), "number"),
    ),
    _own_rows,
    _("No service asks for a paper of its own ministry."),
)


def _ministries(path: str) -> Callable[[Iterable, str], list[Row]]:
    """A row function for groups whose member `path` is the tree path of a ministry."""

    def rows(groups, language):
        groups = list(groups)
        names = unit_names(language) if groups else {}
        return [{**group, "ministry": names.get(group[path], "")} for group in groups]

    return rows


ONCE_BY_MINISTRY = Table(
    "once_only_by_ministry",
    _("Once only, by ministry"),
    (
        Column("ministry", _("Ministry")),
        Column("services", _("Services"), "number"),
        Column("demands", _("Documents asked for"), "number"),
        Column("issued", _("Issued by a public body"), "number"),
        Column("own", _("Issued by the ministry itself"), "number"),
    ),
    _ministries("asker"),
    _("No service asks for a document."),
)


def _burden_rows(burdens, language) -> list[Row]:
    names = unit_names(language)
    return [
        {
            "code": each.row.service_code,
            "service": each.title,
            "page_pk": each.row.page_id,
            "ministry": names.get(each.row.ministry, ""),
            "unit": names.get(each.unit_path, ""),
            **{
                name: getattr(each.row, name)
                for name in (*trend.COMPONENTS, "points", "before_points", "change")
            },
            "fee_open": each.row.fee_open,
            "trend": each.change,
            "differences": each.differences,
        }
        for each in trend.trends(burdens, language)
    ]


BURDENS = Table(
    "burden",
    _("Burden of services"),
    (
        Column("service", _("Service"), "service"),
        Column("ministry", _("Ministry")),
        Column("documents", _("Documents to bring"), "number"),
        Column("copies", _("Copies"), "number"),
        Column("visits", _("Visits"), "number"),
        Column("signatures", _("Signatures"), "number"),
        Column("days", _("Working days"), "number"),
        Column("fee_minor", _("Fee"), "money"),
        Column("points", _("Points"), "number"),
        Column("before_points", _("Points before"), "number"),
        Column("trend", _("What changed"), "trend"),
    ),
    _burden_rows,
    _("No service is public yet."),
)


BURDEN_BY_MINISTRY = Table(
    "burden_by_ministry",
    _("Burden, by ministry"),
    (
        Column("ministry", _("Ministry")),
        Column("services", _("Services"), "number"),
        Column("total", _("Points"), "number"),
        Column("total_before", _("Points before"), "number"),
        Column("lighter", _("Became lighter"), "number"),
        Column("heavier", _("Became heavier"), "number"),
    ),
    _ministries("ministry"),
    _("No service is public yet."),
)


def _document_rows(groups, language) -> list[Row]:
    groups = list(groups)
    records = evidence.document_types(group["document_type"] for group in groups)
    names = unit_names(language) if groups else {}
    rows = []
    for group in groups:
        record = records[group["document_type"]]
        rows.append(
            {
                **group,
                "paper_code": record.code,
                "paper": named(record.name, language),
                "issuer": names.get(record.issuer_unit.path, "") if record.issuer_unit else "",
                "reusable": record.reusable,
            }
        )
    return rows


MOST_ASKED = Table(
    "most_asked",
    _("Documents asked for most"),
    (
        Column("paper", pgettext_lazy("that people bring", "Document")),
        Column("issuer", _("Issued by")),
        Column("demands", _("Asked for"), "number"),
        Column("services", _("Services"), "number"),
        Column("ministries", _("Ministries"), "number"),
        Column("copies_asked", _("Copies"), "number"),
        Column("own", _("By the ministry that issued it"), "number"),
        Column("reusable", _("Issuer confirms it to others"), "yes"),
        Column("droppable", _("Candidates to drop"), "number"),
    ),
    _document_rows,
    _("No service asks for a document."),
)

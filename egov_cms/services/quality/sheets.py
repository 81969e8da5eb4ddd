"""The readiness workbook: sheets for GEMS, the UN's survey and the Ur portal, each row marked as a self-assessment."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from egov_cms.language import direction, native_name
from egov_cms.services import choices
from egov_cms.services.quality.readiness import Readiness
from egov_cms.tabular import Column, Table, write_xlsx


def workbook(found: Readiness, language: str) -> bytes:
    """The XLSX file, with headings in the active language."""
    return book_of(_sheets(found), language)


def book_of(sheets: Iterable[tuple[str, list, Iterable[list]]], language: str) -> bytes:
    """An XLSX file of sheets (title, headings, rows), each in the direction of the language."""
    rtl = direction(language) == "rtl"
    return write_xlsx(
        [
            Table(title, [Column(str(heading)) for heading in headings], map(_row, rows), rtl=rtl)
            for title, headings, rows in sheets
        ]
    )


def _row(values):
    return [_("yes") if value is True else _("no") if value is False else value for value in values]


def _sheets(found: Readiness):
    label = _("Self-assessment")
    yield (
        "GEMS",
        [
            _("Basis"),
            _("GEMS code"),
            _("Service code"),
            _("Service"),
            _("Ministry"),
            _("Unit"),
            _("Status"),
            _("Level 0–4"),
            _("Level"),
            _("Web"),
            _("Mobile app"),
            _("Usage"),
            _("Satisfaction, answers"),
            _("Satisfaction, mean 1–5"),
            _("Languages"),
            _("Questions and answers"),
            _("Help"),
        ],
        (
            [
                label,
                row.gems_code,
                row.code,
                row.title,
                row.ministry,
                row.unit,
                choices.Status(row.status).label,
                row.level,
                choices.DigitalLevel(row.level).label,
                row.web,
                row.mobile,
                row.usage,
                row.satisfaction_count,
                row.satisfaction,
                ", ".join(native_name(code) for code in row.languages),
                row.faqs,
                row.help,
            ]
            for row in found.services
        ),
    )
    yield (
        "Ur",
        [
            _("Basis"),
            _("Service code"),
            _("Service"),
            _("Ministry"),
            _("Class in the Ur portal"),
            _("Level 0–4"),
        ],
        (
            [
                label,
                row.code,
                row.title,
                row.ministry,
                choices.UrClass(row.ur_class).label if row.ur_class else "",
                row.level,
            ]
            for row in found.services
        ),
    )
    present = {True: _("yes"), False: _("no"), None: _("not known")}
    yield (
        "OSI",
        [_("Basis"), _("Code"), _("Feature"), _("Present"), _("Known by")],
        ([label, check.code, check.label, present[check.present], check.evidence] for check in found.site),
    )
    yield (
        "Score",
        [
            _("Basis"),
            _("Service code"),
            _("Service"),
            _("Ministry"),
            _("Unit"),
            _("Score"),
            _("Cheapest fixes"),
            _("Last checked"),
            _("Overdue"),
        ],
        (
            [
                label,
                row.code,
                row.title,
                row.ministry,
                row.unit,
                row.score.total,
                "; ".join(f"({item.points}) {item.fix}" for item in row.score.cheapest()),
                row.last_reviewed.isoformat() if row.last_reviewed else "",
                row.overdue,
            ]
            for row in found.services
        ),
    )
    yield (
        "Ministries",
        [_("Basis"), _("Ministry"), _("Services"), _("Mean score"), _("Overdue")],
        ([label, group.name, len(group.rows), group.mean, group.overdue] for group in found.by_ministry()),
    )

"""Citizens' figures as texts, next to the declared values."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from egov_cms.language import (
    format_count,
    format_duration,
    format_money,
    format_number,
    format_percent,
    format_range,
    source_language,
)
from egov_cms.services.experience.figures import (
    PUBLIC_FROM,
    Figures,
    Quartiles,
    figures,
    recent_answers,
)
from egov_cms.services.models import ServicePage
from egov_cms.site.page_cache import cached_by_version, period


@dataclass(frozen=True)
class PublicFigures:
    """For `egov_services/experience/figures.html`: a sentence, and a figure for each measure with enough answers.

    A figure is a dict of value (the median), label and note, as egov/components/figure.html takes it.
    """

    summary: str
    figures: list[dict[str, str]]


def page_figures(page, declared: dict[str, str]) -> PublicFigures | None:
    """The figures of a page in any language. `declared`: texts for days, fee_minor and visits. One query or none."""
    # To rank the answers is ten times the work of counting them, and few services have enough.
    if page.translation_key not in cached_by_version(f"enough-answers-{period()}", _with_enough):
        return None
    sources = ServicePage.objects.filter(
        translation_key=page.translation_key, locale__language_code=source_language()
    )
    by_page = figures(sources.values("pk"))
    return public_figures(next(iter(by_page.values()), None), declared)


def _with_enough() -> set[UUID]:
    """Translation keys of the services with enough answers."""
    answers = recent_answers().order_by().values("page__translation_key").annotate(number=Count("pk"))
    return set(answers.filter(number__gte=PUBLIC_FROM).values_list("page__translation_key", flat=True))


def public_figures(service_figures: Figures | None, declared: dict[str, str]) -> PublicFigures | None:
    """The public figures as texts in the active language; None before there are enough answers."""
    public = service_figures.public() if service_figures else None
    if public is None:
        return None
    text = ngettext(
        "%(count)s person answered in the last twelve months; %(share)s got what they came for.",
        "%(count)s people answered in the last twelve months; %(share)s got what they came for.",
        public.answers,
    )
    rows = [
        {
            "value": write(quartiles.median),
            "label": label,
            "note": " · ".join(_notes(quartiles, spread(quartiles, write, write_two), declared.get(name))),
        }
        for name, (label, write, write_two) in measures().items()
        if (quartiles := getattr(public, name))
    ]
    return PublicFigures(
        text % {"count": format_number(public.answers), "share": format_percent(public.share_got)}, rows
    )


def _notes(quartiles: Quartiles, middle_half: str, declared: str | None):
    yield _("middle half: %(values)s") % {"values": middle_half}
    if declared:
        yield _("declared: %(declared)s") % {"declared": declared}
    yield ngettext("%(count)s answer", "%(count)s answers", quartiles.count) % {
        "count": format_number(quartiles.count)
    }


def measures():
    """Measure → (label, function that formats one value, function that formats a range)."""
    return {
        "days": (
            _("Days"),
            lambda value: format_count(value, "day"),
            lambda low, high: format_duration(low, high, "day"),
        ),
        "fee_minor": (_("Fee paid"), _money, lambda low, high: _between(format_number(low), _money(high))),
        "visits": (_("Visits"), format_number, format_range),
    }


def _money(value):
    return format_money(value, "IQD", 0)


def _between(low, high):
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def spread(quartiles: Quartiles, write, write_two) -> str:
    """The middle half of the answers: “5 to 12 days”."""
    low, high = quartiles.low, quartiles.high
    return write(low) if low == high else write_two(low, high)

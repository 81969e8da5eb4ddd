"""The burden of services now and at the start of a period, summed and compared in the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from egov_cms.language import format_money, format_number
from egov_cms.services.models import ServiceBurden, ServiceSnapshot
from egov_cms.services.reform.burden import COMPONENTS, points
from egov_cms.services.reform.evidence import public_services
from egov_cms.services.reform.units import Unit, ministries_of

PERIOD_DAYS = 365


def a_year_ago() -> dt.date:
    return timezone.localdate() - dt.timedelta(days=PERIOD_DAYS)


def burdens(unit: Unit | None = None, since: dt.date | None = None) -> QuerySet:
    """The current row of every public service with `points`, and its version at the start of the day `since`.

    `before` is the row that was current then, or the first row of a newer service; `before_points` its figure;
    `change` the difference, negative if the burden became lighter.
    """
    since = since or a_year_ago()
    morning = timezone.make_aware(dt.datetime.combine(since, dt.time.min))
    same = ServiceBurden.objects.filter(service_code=OuterRef("service_code")).order_by("measured_at", "pk")
    then = same.filter(measured_at__lte=morning).reverse().values("pk")[:1]
    return (
        ServiceBurden.objects.filter(current=True, page__in=public_services(unit))
        .annotate(
            points=points(),
            before=Coalesce(Subquery(then), Subquery(same.values("pk")[:1])),
        )
        .annotate(
            before_points=Subquery(
                ServiceBurden.objects.filter(pk=OuterRef("before")).annotate(sum=points()).values("sum")
            )
        )
        .annotate(
            change=F("points") - F("before_points"), ministry=ministries_of("page__owner_unit__path")[0]
        )
    )


def totals(rows: QuerySet) -> dict[str, int]:
    """Sums over `burdens`: each component, points now and before, number of services that became lighter or heavier."""
    sums = {name: Coalesce(Sum(name), 0) for name in (*COMPONENTS, "points", "before_points")}
    return rows.aggregate(
        services=Count("pk"),
        lighter=Count("pk", filter=Q(change__lt=0)),
        heavier=Count("pk", filter=Q(change__gt=0)),
        **{f"total_{name}": value for name, value in sums.items()},
    )


def by_ministry(rows: QuerySet) -> QuerySet:
    """Sums over `burdens` for each ministry, the highest total first."""
    return (
        rows.order_by()
        .values("ministry")
        .annotate(
            services=Count("pk"),
            total=Sum("points"),
            total_before=Sum("before_points"),
            lighter=Count("pk", filter=Q(change__lt=0)),
            heavier=Count("pk", filter=Q(change__gt=0)),
        )
        .order_by("-total", "ministry")
    )


@dataclass(frozen=True)
class Trend:
    """One service in a report. `change`: the differences as text, empty without differences."""

    row: ServiceBurden
    title: str
    unit_path: str
    change: str
    differences: dict[str, int]


def trends(rows: Iterable[ServiceBurden], language: str) -> list[Trend]:
    """The rows of one page of a list, with titles and differences. Three queries."""
    rows = list(rows)
    before = ServiceBurden.objects.in_bulk([row.before for row in rows])
    names = titles([row.service_code for row in rows], language)
    paths = dict(
        ServiceBurden.objects.filter(pk__in=[row.pk for row in rows]).values_list(
            "pk", "page__owner_unit__path"
        )
    )
    result = []
    for row in rows:
        differences = differences_of(row, before[row.before])
        result.append(
            Trend(
                row, names.get(row.service_code, ""), paths[row.pk] or "", sentence(differences), differences
            )
        )
    return result


def titles(codes, language: str) -> dict[str, str]:
    """Service code → its public title in a language, else in its first language. One query."""
    title_of = {}
    rows = ServiceSnapshot.objects.filter(service_code__in=set(codes))
    for code, names in rows.values_list("service_code", "document__title"):
        title_of[code] = names.get(language) or next(iter(names.values()), "")
    return title_of


def differences_of(row: ServiceBurden, before: ServiceBurden) -> dict[str, int]:
    """Component → difference to the version before; only those that differ."""
    changed = {name: getattr(row, name) - getattr(before, name) for name in COMPONENTS}
    return {name: difference for name, difference in changed.items() if difference}


def sentence(differences: dict[str, int]) -> str:
    """“2 papers fewer, 1 visit more”, in the active language."""
    return _(", ").join(_part(name, difference) for name, difference in differences.items())


def _part(name, difference):
    count = abs(difference)
    if name == "fee_minor":
        amount = format_money(count, "IQD", 0)
        return (_("%(amount)s less") if difference < 0 else _("%(amount)s more")) % {"amount": amount}
    fewer, more = {
        "documents": (
            lambda: ngettext("%(count)s paper fewer", "%(count)s papers fewer", count),
            lambda: ngettext("%(count)s paper more", "%(count)s papers more", count),
        ),
        "copies": (
            lambda: ngettext("%(count)s copy fewer", "%(count)s copies fewer", count),
            lambda: ngettext("%(count)s copy more", "%(count)s copies more", count),
        ),
        "visits": (
            lambda: ngettext("%(count)s visit fewer", "%(count)s visits fewer", count),
            lambda: ngettext("%(count)s visit more", "%(count)s visits more", count),
        ),
        "signatures": (
            lambda: ngettext("%(count)s signature fewer", "%(count)s signatures fewer", count),
            lambda: ngettext("%(count)s signature more", "%(count)s signatures more", count),
        ),
        "days": (
            lambda: ngettext("%(count)s working day less", "%(count)s working days less", count),
            lambda: ngettext("%(count)s working day more", "%(count)s working days more", count),
        ),
    }[name]
    return (fewer if difference < 0 else more)() % {"count": format_number(count)}

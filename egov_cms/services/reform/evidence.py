"""Which papers services ask for, who issues them, and what need not be asked again: sums of the database.

*Once only*: a ministry asks people for a paper that it has issued itself. A row is one demand: one document
in the list of one service, alternatives and “only in some cases” included.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet, Sum

from egov_cms.language import source_language
from egov_cms.services.models import DocumentType, ServiceDocument, ServicePage
from egov_cms.services.reform.units import Unit, ministries_of

OWN = Q(asker=F("issuer")) & ~Q(asker="")
ISSUED = Q(document_type__issuer_unit__isnull=False)


def public_services(unit: Unit | None = None) -> QuerySet:
    """The services that a report counts: public in the source language, of one unit and those below it."""
    pages = (
        ServicePage.objects.public().filter(locale__language_code=source_language()).exclude(service_code="")
    )
    return pages.filter(owner_unit__path__startswith=unit.path) if unit else pages


def demands(unit: Unit | None = None) -> QuerySet:
    """Every demand, with the tree paths of the ministry that asks and of the ministry that issues."""
    rows = ServiceDocument.objects.filter(page__in=public_services(unit))
    asker, issuer = ministries_of("page__owner_unit__path", "document_type__issuer_unit__path")
    return rows.annotate(asker=asker, issuer=issuer)


@dataclass(frozen=True)
class OnceOnly:
    """Totals: all demands, those for papers that a public body issues, those for the ministry's own."""

    demands: int
    issued: int
    own: int
    services: int

    @property
    def share(self) -> int:
        """The ministry's own papers in hundredths of all demands."""
        return round(100 * self.own / self.demands) if self.demands else 0


def once_only(unit: Unit | None = None) -> OnceOnly:
    """The totals. `services`: how many services ask for at least one paper of their own ministry."""
    totals = demands(unit).aggregate(
        demands=Count("pk"),
        issued=Count("pk", filter=ISSUED),
        own=Count("pk", filter=OWN),
        services=Count("page", filter=OWN, distinct=True),
    )
    return OnceOnly(**totals)


def own_demands(unit: Unit | None = None) -> QuerySet:
    """The demands that break the rule, ministry by ministry, with service, paper and issuer."""
    rows = demands(unit).filter(OWN)
    return rows.select_related("page__owner_unit", "document_type__issuer_unit").order_by(
        "asker", "page__service_code", "sort_order", "pk"
    )


def by_ministry(unit: Unit | None = None) -> QuerySet:
    """For each ministry that asks: demands, issued, own, and services; the most own papers first."""
    return (
        demands(unit)
        .order_by()
        .values("asker")
        .annotate(
            demands=Count("pk"),
            issued=Count("pk", filter=ISSUED),
            own=Count("pk", filter=OWN),
            services=Count("page", distinct=True),
        )
        .order_by("-own", "-demands", "asker")
    )


# The demands that could be dropped at once: the ministry has the paper, or its issuer confirms it to others.
DROPPABLE = OWN | (ISSUED & Q(document_type__reusable=True))


def most_asked(unit: Unit | None = None) -> QuerySet:
    """For each paper: how often it is asked for, and how many of these demands are candidates to drop.

    A demand is a candidate when the ministry that asks has issued the paper, or when the paper is marked as
    one that its issuer confirms to other bodies (`DocumentType.reusable`). A paper without an issuer is none.
    """
    return (
        demands(unit)
        .order_by()
        .values("document_type")
        .annotate(
            demands=Count("pk"),
            services=Count("page", distinct=True),
            ministries=Count("asker", distinct=True),
            own=Count("pk", filter=OWN),
            droppable=Count("pk", filter=DROPPABLE),
            copies_asked=Sum("copies"),
        )
        .order_by("-demands", "-droppable", "document_type")
    )


def document_types(pks) -> dict[int, DocumentType]:
    """The records of some papers with their issuers, in one query."""
    return DocumentType.objects.select_related("issuer_unit").in_bulk(list(pks))

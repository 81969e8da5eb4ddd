"""The evidence that services require, its issuers, and demands that break the once-only rule: database aggregates.

*Once only*: no ministry may require evidence that it issued itself. A demand is one document in the list of one
service, including alternatives and documents required “only in some cases”.
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
    """Every demand, with the tree paths of the requiring ministry (`asker`) and of the issuing ministry (`issuer`)."""
    rows = ServiceDocument.objects.filter(page__in=public_services(unit))
    asker, issuer = ministries_of("page__owner_unit__path", "document_type__issuer_unit__path")
    return rows.annotate(asker=asker, issuer=issuer)


@dataclass(frozen=True)
class OnceOnly:
    """Totals: all demands, demands for evidence issued by a public body, and by the requiring ministry itself."""

    demands: int
    issued: int
    own: int
    services: int

    @property
    def share(self) -> int:
        """Percentage of demands for evidence that the requiring ministry issues."""
        return round(100 * self.own / self.demands) if self.demands else 0


def once_only(unit: Unit | None = None) -> OnceOnly:
    """The totals. `services`: number of services that require evidence of their own ministry."""
    totals = demands(unit).aggregate(
        demands=Count("pk"),
        issued=Count("pk", filter=ISSUED),
        own=Count("pk", filter=OWN),
        services=Count("page", filter=OWN, distinct=True),
    )
    return OnceOnly(**totals)


def own_demands(unit: Unit | None = None) -> QuerySet:
    """The demands that break the once-only rule, by ministry, with service, document type and issuer."""
    rows = demands(unit).filter(OWN)
    return rows.select_related("page__owner_unit", "document_type__issuer_unit").order_by(
        "asker", "page__service_code", "sort_order", "pk"
    )


def by_ministry(unit: Unit | None = None) -> QuerySet:
    """For each requiring ministry: demands, issued, own, services; the highest `own` first."""
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


# Demands that could be dropped: the ministry issued the evidence, or its issuer confirms it to other bodies.
DROPPABLE = OWN | (ISSUED & Q(document_type__reusable=True))


def most_asked(unit: Unit | None = None) -> QuerySet:
    """For each document type: the number of demands, and how many of them could be dropped (`droppable`).

    A demand is droppable if the requiring ministry issues the document itself, or if the document type is marked
    as confirmed to other bodies by its issuer (`DocumentType.reusable`). Without an issuer it is not droppable.
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
    """Document types with their issuers, by primary key. One query."""
    return DocumentType.objects.select_related("issuer_unit").in_bulk(list(pks))

"""Prerequisites of services: inferred from the evidence that a service requires and the service that issues it.

Service B is a prerequisite of A when A always requires a document that B issues (not only in some cases, not as one
of several alternatives), or when an editor entered the relation. Services in a cycle are not prerequisites of each
other: citizens would be sent in a circle.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field

from egov_cms.services.models import ServiceDocument, ServicePage, ServiceRelation
from egov_cms.site.page_cache import cached_by_version
from egov_cms.site.shown import shows_only

# The tag of what shows the graph.
PREREQUISITES = "services.prerequisites"
Graph = Mapping[str, frozenset[str]]


@dataclass
class Prerequisite:
    """A service that comes first: its code and the codes of the evidence it issues (empty if an editor entered it)."""

    service: str
    evidence: list[str] = field(default_factory=list)


def graph() -> Graph:
    """Service code → codes of its direct prerequisites, for all public services.

    One query, kept until it changes (`store.refresh`).
    """
    return cached_by_version("service-prerequisites", _read_graph)


@shows_only(lambda: [PREREQUISITES])
def _read_graph() -> Graph:
    public = ServicePage.objects.public().exclude(service_code="")
    evidence = ServiceDocument.objects.filter(
        page__in=public, conditional=False, alternative_group="", document_type__issuing_service__isnull=False
    ).values_list("page__service_code", "document_type__issuing_service__service_code")
    named = ServiceRelation.objects.filter(page__in=public, kind="requires")
    pairs = evidence.order_by().union(
        named.order_by().values_list("page__service_code", "target__service_code")
    )
    direct: dict[str, set[str]] = {}
    for code, other in pairs:
        if code and other and code != other:
            direct.setdefault(code, set()).add(other)
    return {code: frozenset(others) for code, others in direct.items()}


def without_cycles(code: str, others: Iterable[str], graph: Graph) -> list[str]:
    """Those of `others` that do not themselves need `code`, directly or indirectly."""
    return [
        other
        for other in dict.fromkeys(others)
        if other != code and code not in all_prerequisites(other, graph)
    ]


def all_prerequisites(code: str, graph: Graph) -> set[str]:
    """Every service that must come before `code`, directly or indirectly; `code` itself where it is part of a cycle."""
    seen: set[str] = set()
    waiting = list(graph.get(code, ()))
    while waiting:
        other = waiting.pop()
        if other not in seen:
            seen.add(other)
            waiting.extend(graph.get(other, ()))
    return seen


def graph_of(documents: Iterable[dict]) -> Graph:
    """The same as `graph()`, computed from published documents (`documents.read`)."""
    return {document["code"]: frozenset(_direct(document)) - {document["code"]} for document in documents}


def of_document(
    document: dict, published: Graph | None = None, among: Container[str] | None = None
) -> list[Prerequisite]:
    """The prerequisites of a published document, in the order of its rows.

    published: `graph()` or `graph_of(…)`; by default the former, read only where there is a prerequisite. among: the codes
    that count, by default all.
    """
    direct = {code: each for code, each in _direct(document).items() if among is None or code in among}
    if not direct:
        return []
    published = graph() if published is None else published
    return [direct[code] for code in without_cycles(document["code"], direct, published)]


def _direct(document) -> dict[str, Prerequisite]:
    direct = {
        row["target"]: Prerequisite(row["target"])
        for row in document["relations"]
        if row["kind"] == "requires" and row["target"]
    }
    for row in document["documents"]:
        kind = row["document_type"]
        if kind and kind["issuing_service"] and not row["conditional"] and not row["alternative_group"]:
            prerequisite = direct.setdefault(kind["issuing_service"], Prerequisite(kind["issuing_service"]))
            prerequisite.evidence.append(kind["code"])
    return direct


def in_order(pages: list[ServicePage], graph: Graph) -> list[ServicePage]:
    """The pages sorted so that each follows its prerequisites; otherwise in the given order.

    Services of one cycle keep their order: none of them precedes another.
    """
    needed = {page.service_code: all_prerequisites(page.service_code, graph) for page in pages}
    before = {
        code: {other for other in others if other in needed and code not in needed[other]}
        for code, others in needed.items()
    }
    placed: list[ServicePage] = []
    waiting, done = list(pages), set()
    while waiting:
        # Without cycles, the graph always has a service without an unplaced predecessor.
        free = next(page for page in waiting if before[page.service_code] <= done)
        waiting.remove(free)
        placed.append(free)
        done.add(free.service_code)
    return placed

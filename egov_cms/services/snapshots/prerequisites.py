"""Which services come first: inferred from the evidence that a service asks for and the services that issue them.

A service needs another one first when it always asks for a document that the other issues (not only in some cases,
not as one of several alternatives), or when an editor says so. A service that would be its own prerequisite, alone
or in a cycle, has none on that path: people would be sent in a circle.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from egov_cms.services.models import ServiceDocument, ServicePage, ServiceRelation
from egov_cms.site.page_cache import kept

Graph = Mapping[str, frozenset[str]]


@dataclass
class Prerequisite:
    """Another service by its code, with the codes of the evidence got there; none where an editor named it."""

    service: str
    evidence: list[str] = field(default_factory=list)


def graph() -> Graph:
    """Service code → codes of the services that it needs at once, of all public services.

    One query, kept until something is published.
    """
    return kept("service-prerequisites", _read_graph)


def _read_graph() -> Graph:
    public = ServicePage.objects.public().exclude(service_code="")
    evidence = ServiceDocument.objects.filter(
        page__in=public, conditional=False, alternative_group="", document_type__issuing_service__isnull=False
    ).values_list("page__service_code", "document_type__issuing_service__service_code")
    named = ServiceRelation.objects.filter(page__in=public, kind="requires")
    pairs = evidence.order_by().union(
        named.order_by().values_list("page__service_code", "target__service_code")
    )
    found: dict[str, set[str]] = {}
    for code, other in pairs:
        if code and other and code != other:
            found.setdefault(code, set()).add(other)
    return {code: frozenset(others) for code, others in found.items()}


def without_cycles(code: str, others: Iterable[str], graph: Graph) -> list[str]:
    """Those of `others` that do not themselves wait, directly or indirectly, for `code`."""
    return [other for other in dict.fromkeys(others) if other != code and code not in reached(other, graph)]


def reached(code: str, graph: Graph) -> set[str]:
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
    """The same as `graph()`, read from published documents (`snapshots.read`)."""
    return {given["code"]: frozenset(_asked_for(given)) - {given["code"]} for given in documents}


def of_document(given: dict, graph: Graph) -> list[Prerequisite]:
    """What a published document needs first, in the order in which it names it."""
    found = _asked_for(given)
    return [found[code] for code in without_cycles(given["code"], found, graph)]


def _asked_for(given) -> dict[str, Prerequisite]:
    found = {
        row["target"]: Prerequisite(row["target"])
        for row in given["relations"]
        if row["kind"] == "requires" and row["target"]
    }
    for row in given["documents"]:
        kind = row["document_type"]
        if kind and kind["issuing_service"] and not row["conditional"] and not row["alternative_group"]:
            prerequisite = found.setdefault(kind["issuing_service"], Prerequisite(kind["issuing_service"]))
            prerequisite.evidence.append(kind["code"])
    return found


def of_page(page, services: Mapping[int, ServicePage]) -> list[tuple[ServicePage, list]]:
    """(service, its evidence as document types) that people get first, for a page whose rows are loaded.

    `services` gives the page in this language of every service that the rows name, by its key there.
    """
    evidence: dict[int, list] = {row.target_id: [] for row in page.relations.all() if row.kind == "requires"}
    for row in page.documents.all():
        kind = row.document_type
        if kind.issuing_service_id and not row.conditional and not row.alternative_group:
            evidence.setdefault(kind.issuing_service_id, []).append(kind)
    pages = {key: services[key] for key in evidence if key in services}
    if not pages:
        return []
    codes = [other.service_code for other in pages.values()]
    first = set(without_cycles(page.service_code, codes, graph()))
    return [(other, evidence[key]) for key, other in pages.items() if other.service_code in first]


def in_order(pages: list[ServicePage], graph: Graph) -> list[ServicePage]:
    """The pages, each after those among them that it needs; otherwise in the order in which they came.

    Services of one cycle keep their order: none of them is before another.
    """
    near_or_far = {page.service_code: reached(page.service_code, graph) for page in pages}
    before = {
        code: {other for other in others if other in near_or_far and code not in near_or_far[other]}
        for code, others in near_or_far.items()
    }
    placed: list[ServicePage] = []
    waiting, done = list(pages), set()
    while waiting:
        # Without its cycles the graph always has a service that no other one precedes.
        free = next(page for page in waiting if before[page.service_code] <= done)
        waiting.remove(free)
        placed.append(free)
        done.add(free.service_code)
    return placed

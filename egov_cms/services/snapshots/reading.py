"""Services for pages: from their snapshots, or, for drafts, from the page in memory."""

from __future__ import annotations

from collections.abc import Iterable

from egov_cms.adapters.modelcluster import held_rows
from egov_cms.services.models import ServicePage, ServiceSnapshot
from egov_cms.services.snapshots import documents
from egov_cms.services.snapshots.service import Service


def service_of(page: ServicePage) -> Service:
    """The published service of a page, or what the page in memory would be published as. One query for the former.

    A page with rows in memory is a draft. One that is public without its source language has no snapshot.
    """
    language = page.locale.language_code
    if not held_rows(page):
        snapshots = ServiceSnapshot.objects.filter(service_code=page.service_code)
        document, offices = snapshots.values_list("document", "offices").first() or ({}, [])
        if _is_of(document, page, language):
            return Service(document, offices, language)
    return _in_memory(page, language)


def services_of(pages: Iterable[ServicePage], language: str) -> dict[int, Service]:
    """Primary key of a page → its service, without offices, of many pages in one language. One query."""
    pages = list(pages)
    snapshots = ServiceSnapshot.objects.filter(service_code__in=[page.service_code for page in pages])
    found = dict(snapshots.values_list("service_code", "document"))
    return {
        page.pk: Service(document, [], language)
        if _is_of(document := found.get(page.service_code, {}), page, language)
        else _in_memory(page, language)
        for page in pages
    }


def _is_of(document, page, language) -> bool:
    return bool(document) and document["id"] == str(page.translation_key) and language in document["title"]


def _in_memory(page, language) -> Service:
    published = documents.of_page(page)
    return Service(published.document, published.offices, language)

"""The stored catalogue in the plain form of files: what is exported, and what a file is compared with."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Locale, WorkflowState

from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.services.importing.columns import SHEETS, columns
from egov_cms.services.importing.plain import PlainCatalogue, PlainRow, PlainService
from egov_cms.services.importing.references import CodesByRecord
from egov_cms.services.loading import versions
from egov_cms.services.models import ROWS, ServicePage

Page = page_model()

# Services that are in memory at once, each in every language.
PART = 60


def stored_services(codes=None) -> PlainCatalogue:
    """The latest versions of the services with these codes, or of all, in tree order of the source language.

    A fact that points at a record holds its code. Only what the workbook has columns for. About thirty queries.
    """
    filters = {} if codes is None else {"service_code__in": list(codes)}
    families = defaultdict(list)
    for page in versions.stored_pages(**filters):
        families[page.translation_key].append(page)
    source, record_codes = Locale.get_default(), CodesByRecord()
    services, waiting = [], list(families.values())
    for start in range(0, len(waiting), PART):
        # A part at a time, so that memory holds the pages of a few services and the plain form of all.
        for pages in latest_versions(page for family in waiting[start : start + PART] for page in family):
            if source.pk in pages:
                services.append(plain_service(pages[source.pk], pages.values(), record_codes))
    return PlainCatalogue(complete=True, source_language=source.language_code, services=services)


def latest_versions(pages) -> list[dict[int, ServicePage]]:
    """For each service its latest version by primary key of the language, every row with a key."""
    found: dict = defaultdict(dict)
    for page in versions.latest_versions(pages):
        found[page.translation_key][page.locale_id] = page
    source = Locale.get_default()
    for languages in found.values():
        if source.pk in languages:
            _number_rows(languages[source.pk], languages.values())
    return list(found.values())


def _number_rows(source: ServicePage, languages):
    """Give a key to rows that have none, in memory: those of the source language by their order, translations the same.

    Rows that were not made in the editor may lack one. An export and a later import number them alike.
    """
    source.number_rows()
    for page in languages:
        for relation in ROWS if page is not source else ():
            rows = [row for row in getattr(page, relation).all() if not row.key]
            if rows:
                keys = {row.translation_key: row.key for row in getattr(source, relation).all()}
                for row in rows:
                    row.key = keys.get(row.translation_key, "")
        page.number_rows()


def plain_service(page, translations, record_codes: CodesByRecord) -> PlainService:
    """One service: its page in the source language, and its pages in all languages."""
    languages = {each.locale.language_code: each for each in translations}
    service = PlainService(code=page.service_code, slug=page.slug)
    service.ministry, service.unit_name = record_codes.unit(page.owner_unit_id)
    for column in columns("Services"):
        if column.words:
            service.words[column.field] = {
                code: getattr(each, column.field) for code, each in languages.items()
            }
        elif column.field in ServicePage.fact_fields or column.field == "change_reason":
            service.facts[column.field] = record_codes.value(page, column.field)
    service.facts["not_applicable"] = dict(page.not_applicable or {})
    for sheet, relation in SHEETS.items():
        if relation:
            service.rows[relation] = _rows(sheet, relation, page, languages, record_codes)
    service.version = fingerprint(service)
    return service


def _rows(sheet, relation, page, languages, record_codes) -> list[PlainRow]:
    words = {
        code: {row.translation_key: row for row in getattr(each, relation).all()}
        for code, each in languages.items()
    }
    found = []
    for row in getattr(page, relation).all():
        plain = PlainRow(row.key)
        for column in columns(sheet)[2:]:
            if column.words:
                plain.words[column.field] = {
                    code: getattr(rows[row.translation_key], column.field)
                    for code, rows in words.items()
                    if row.translation_key in rows
                }
            else:
                plain.facts[column.field] = record_codes.value(row, column.field)
        found.append(plain)
    return found


def fingerprint(service: PlainService) -> str:
    """Ten letters that change with any value of a service in the workbook."""
    content = [
        service.slug,
        service.ministry,
        service.unit_name,
        service.facts,
        service.words,
        {name: [(row.key, row.facts, row.words) for row in rows] for name, rows in service.rows.items()},
    ]
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def in_review(keys) -> set[int]:
    """Which of these pages wait for an approver."""
    states = WorkflowState.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Page), status=WorkflowState.STATUS_IN_PROGRESS
    )
    return set(map(int, states.values_list("object_id", flat=True))) & set(keys)

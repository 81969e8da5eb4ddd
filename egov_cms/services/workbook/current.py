"""The catalogue as it stands, in the plain form that files come to: what is exported, and what a file is compared with."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict

from django.contrib.auth import get_user_model
from wagtail.models import Locale

from egov_cms.services.importing.plain import PlainCatalogue, PlainRow, PlainService
from egov_cms.services.loading.versions import newest, stored
from egov_cms.services.models import ServicePage
from egov_cms.services.workbook.columns import REASON, SHEETS, columns
from egov_cms.site.models import Governorate, LegalReference, Office, OrganisationUnitPage

PART = 60


def current_services(codes=None) -> PlainCatalogue:
    """The newest versions of the services with these codes, or of all, in tree order of the source language.

    A fact that points at a record holds its code. Only what the workbook has columns for. About thirty queries.
    """
    filters = {} if codes is None else {"service_code__in": list(codes)}
    families = defaultdict(list)
    for page in stored(**filters):
        families[page.translation_key].append(page)
    source, references = Locale.get_default(), References()
    services, waiting = [], list(families.values())
    for start in range(0, len(waiting), PART):
        # A part at a time, so that memory holds the pages of a few services and the plain form of all.
        found = defaultdict(dict)
        for page in newest(page for family in waiting[start : start + PART] for page in family):
            found[page.translation_key][page.locale.language_code] = page
        services += [
            described(pages[source.language_code], pages, references)
            for pages in found.values()
            if source.language_code in pages
        ]
    return PlainCatalogue(complete=True, source_language=source.language_code, services=services)


def described(page, languages, references) -> PlainService:
    """One service: its page in the source language, language → page, and the codes of records."""
    service = PlainService(code=page.service_code, slug=page.slug)
    service.ministry, service.unit_name = references.unit(page.owner_unit_id)
    for column in columns("Services"):
        if column.words:
            service.words[column.field] = {
                code: getattr(each, column.field) for code, each in languages.items()
            }
        elif column.field in ServicePage.fact_fields or column.field == "change_reason":
            service.facts[column.field] = references.value(page, column.field)
    service.facts["not_applicable"] = dict(page.not_applicable or {})
    for sheet, relation in SHEETS.items():
        if relation:
            service.rows[relation] = _rows(sheet, relation, page, languages, references)
    service.version = fingerprint(service)
    return service


def _rows(sheet, relation, page, languages, references) -> list[PlainRow]:
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
                plain.facts[column.field] = references.value(row, column.field)
        found.append(plain)
    return found


def fingerprint(service: PlainService) -> str:
    """Ten letters that change with anything that the workbook says of a service."""
    said = [
        service.slug,
        service.ministry,
        service.unit_name,
        service.facts,
        service.words,
        {name: [(row.key, row.facts, row.words) for row in rows] for name, rows in service.rows.items()},
    ]
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def reasons(service: PlainService) -> dict[str, str]:
    """Column of the sheet Services → reason why something does not apply."""
    return {f"{REASON}{name}": text for name, text in service.facts["not_applicable"].items()}


class References:
    """The codes of what services point at, by primary key."""

    def __init__(self):
        self._units = _units()
        users = get_user_model()
        self._by_field = {
            "coverage": dict(Governorate.objects.values_list("pk", "code")),
            "office": dict(Office.objects.values_list("pk", "slug")),
            "legal": dict(LegalReference.objects.values_list("pk", "slug")),
        }
        # Everybody: a draft may name an owner whom no stored service names.
        names = dict(users.objects.values_list("pk", users.USERNAME_FIELD))
        self._by_field |= {"content_owner": names, "backup_owner": names}
        self._by_field["governorate"] = self._by_field["coverage"]
        self._codes = {}

    def unit(self, key) -> tuple[str, str]:
        """(code of the ministry, code or name of the unit where it is another one)."""
        return self._units.get(key, ("", ""))

    def value(self, instance, name):
        field = instance._meta.get_field(name)
        if field.many_to_many:
            return [record.code for record in getattr(instance, name).all()]
        value = getattr(instance, field.attname)
        if not field.remote_field:
            return _plain(value)
        if value is None:
            return ""
        if name in self._by_field:
            return self._by_field[name].get(value, "")
        return self._code(field.related_model, value)

    def _code(self, model, key):
        if model not in self._codes:
            self._codes[model] = dict(model._base_manager.values_list("pk", "code"))
        return self._codes[model].get(key, "")


def _plain(value):
    if isinstance(value, list | dict):
        return value.copy()
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(value)


def _units() -> dict[int, tuple[str, str]]:
    """Primary key of a unit → (code of its highest unit with one, own code or title unless it is that unit)."""
    found, highest = {}, {}
    units = OrganisationUnitPage.objects.order_by("path").values_list("pk", "path", "depth", "code", "title")
    step = OrganisationUnitPage.steplen
    for key, path, _depth, code, title in units:
        above = highest.get(path[:-step])
        highest[path] = above or code
        found[key] = (highest[path], "" if highest[path] and not above else code or title)
    return found

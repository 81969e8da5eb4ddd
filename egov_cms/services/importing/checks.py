"""Whether the plain services of a file fit the records of the database. Reports; changes nothing."""

from __future__ import annotations

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from egov_cms.exchange.report import Place, Report
from egov_cms.services.importing.plain import PlainCatalogue, PlainService
from egov_cms.services.importing.references import RecordsByCode
from egov_cms.services.models.service import SERVICE_CODE
from egov_cms.site.models.base import SLUG
from egov_cms.tabular.values import nearest

# Fact of a row → the vocabulary of its codes.
ROW_CODES = {
    ("documents", "document_type"): "document_type",
    ("requirements", "evidence"): "document_type",
    ("steps", "template"): "template",
    ("offerings", "governorate"): "coverage",
    ("offerings", "office"): "office",
    ("relations", "target"): "service",
    ("fees", "legal"): "law",
}


def check(catalogue: PlainCatalogue, records: RecordsByCode, report: Report):
    """Refuse codes that no record has, codes that are given twice, and texts that cannot be an address."""
    _Check(catalogue, records, report).run()


def slug_of(service: PlainService) -> str:
    """The address of a service: as given, else from the English title, else from the code."""
    return (
        service.slug
        or slugify(service.words.get("title", {}).get("en", ""))[:80].strip("-")
        or (service.code.lower())
    )


class _Check:
    def __init__(self, catalogue, records, report):
        self.catalogue, self.records, self.report = catalogue, records, report
        # What the file itself brings.
        self.brought = {
            "document_type": {record.code for record in catalogue.document_types},
            "template": {record.code for record in catalogue.step_types},
            "service": {service.code for service in catalogue.services},
        }

    def run(self):
        for record in self.catalogue.document_types:
            issuer = record.facts["issuer"]
            if issuer and not self._has("ministry", issuer):
                self.report.error(
                    "unknown_code",
                    self.records.unknown("ministry", issuer),
                    item=f"document_types.{record.code}",
                    field="issuer",
                    value=issuer,
                    place=Place(line=record.line),
                )
        self._duplicates()
        for service in self.catalogue.services:
            self._service(service)

    def _has(self, kind, code):
        return code in self.brought.get(kind, ()) or self.records.has(kind, code)

    def _refuse(self, service, code, message, name, value):
        service.refused.add(name)
        if not self.catalogue.complete:
            service.is_readable = False
        place = None if self.catalogue.sheets else Place(line=service.position)
        self.report.error(code, message, item=service.code, field=name, value=value, place=place)

    def _unknown(self, service, name, kind, code):
        self._refuse(service, "unknown_code", self.records.unknown(kind, code), name, code)

    def _duplicates(self):
        codes, slugs = defaultdict(list), defaultdict(list)
        for service in self.catalogue.services:
            if service.code:
                codes[service.code].append(service)
            slugs[slug_of(service)].append(service)
        for code, services in codes.items():
            for service in services[1:]:
                message = _("The code %(code)s is already used on line %(line)s.")
                message %= {"code": code, "line": services[0].position}
                self._refuse(service, "duplicate_code", message, "id", code)
        for slug, services in slugs.items():
            for service in services[1:]:
                if service.slug and service.code != services[0].code:
                    message = _("The address “%(slug)s” is used twice in the file.") % {"slug": slug}
                    self._refuse(service, "duplicate_slug", message, "slug", slug)

    def _service(self, service):
        try:
            if service.code:
                SERVICE_CODE(service.code)
        except ValidationError as error:
            name = "service_code" if self.catalogue.sheets else "id"
            self._refuse(service, "code_form", error.messages[0], name, service.code)
        if service.slug and not SLUG.fullmatch(service.slug):
            message = _("An address has small Latin letters, digits and single hyphens only.")
            self._refuse(service, "slug_form", message, "slug", service.slug)
        self._unit(service)
        for name in ("content_owner", "backup_owner"):
            user = service.facts.get(name)
            if user and user not in self.records.users:
                message = _("There is no user “%(name)s”.") % {"name": user} + nearest(
                    user, self.records.users
                )
                self._refuse(service, "unknown_code", message, name, user)
        for name in ("audiences", "life_events", "coverage"):
            for code in service.facts.get(name, ()):
                if not self._has(name, code):
                    self._unknown(service, {"audiences": "audience"}.get(name, name), name, code)
        category = service.facts.get("category")
        if category and not self._has("category", category):
            self._unknown(service, "category", "category", category)
        for relation, rows in service.rows.items():
            for row in rows:
                self._row(service, relation, row)

    def _unit(self, service):
        if service.ministry and not self._has("ministry", service.ministry):
            self._unknown(service, "ministry", "ministry", service.ministry)
        elif service.unit_name and not self.records.units(service.ministry, service.unit_name):
            message = self.records.unknown_unit(service.ministry, service.unit_name)
            self._refuse(service, "unknown_code", message, "unit", service.unit_name)

    def _row(self, service, relation, row):
        for (name, column), kind in ROW_CODES.items():
            code = row.facts.get(column)
            if name == relation and isinstance(code, str) and code and not self._has(kind, code):
                row.refused.add(column)
                self._unknown(service, f"{relation}.{row.key}.{column}", kind, code)

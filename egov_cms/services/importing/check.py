"""Whether the plain services of a file fit what the database knows. Reports; changes nothing."""

from __future__ import annotations

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from egov_cms.services.importing.known import Known
from egov_cms.services.importing.plain import PlainCatalogue, PlainService
from egov_cms.services.importing.report import Report
from egov_cms.services.importing.values import nearest
from egov_cms.services.models.service import SERVICE_CODE
from egov_cms.site.models.base import SLUG

# Fact of a row → the kind of thing its code names.
ROW_CODES = {
    ("documents", "document_type"): "document_type",
    ("requirements", "evidence"): "document_type",
    ("steps", "template"): "template",
    ("offerings", "governorate"): "coverage",
    ("offerings", "office"): "office",
    ("relations", "target"): "service",
    ("fees", "legal"): "law",
}


def check(catalogue: PlainCatalogue, known: Known, report: Report):
    """Refuse every code that nothing has, every code given twice, and texts that cannot be an address."""
    extra = {
        "document_type": {record.code for record in catalogue.document_types},
        "template": {record.code for record in catalogue.step_types},
        "service": {service.code for service in catalogue.services},
    }

    def has(kind, code):
        return code in extra.get(kind, ()) or known.has(kind, code)

    for record in catalogue.document_types:
        issuer = record.facts["issuer"]
        if issuer and not has("ministry", issuer):
            item = f"document_types.{record.code}"
            report.refuse(
                item, "issuer", known.unknown("ministry", issuer), "unknown_code", issuer, record.line
            )
    _duplicates(catalogue, report)
    for service in catalogue.services:
        _check_service(service, known, has, report)


def _duplicates(catalogue, report):
    seen = defaultdict(list)
    for service in catalogue.services:
        if service.code:
            seen[service.code].append(service)
    for code, services in seen.items():
        for service in services[1:]:
            message = _("The code %(code)s is already used on line %(line)s.")
            message %= {"code": code, "line": services[0].line}
            report.refuse(code, "id", message, "duplicate_code", code, service.line)
    slugs = defaultdict(list)
    for service in catalogue.services:
        slugs[slug_of(service)].append(service)
    for slug, services in slugs.items():
        for service in services[1:]:
            if service.slug and service.code != services[0].code:
                message = _("The address “%(slug)s” is used twice in the file.") % {"slug": slug}
                report.refuse(service.code, "slug", message, "duplicate_slug", slug, service.line)


def slug_of(service: PlainService) -> str:
    """The address of a service: as given, else from the English title, else from the code."""
    return (
        service.slug
        or slugify(service.words.get("title", {}).get("en", ""))[:80].strip("-")
        or (service.code.lower())
    )


def _check_service(service, known, has, report):
    def refuse(field, kind, code):
        report.refuse(service.code, field, known.unknown(kind, code), "unknown_code", code, service.line)

    if service.code:
        try:
            SERVICE_CODE(service.code)
        except ValidationError as error:
            report.refuse(service.code, "id", error.messages[0], "code_form", service.code, service.line)
    if service.slug and not SLUG.fullmatch(service.slug):
        message = _("An address has small Latin letters, digits and single hyphens only.")
        report.refuse(service.code, "slug", message, "slug_form", service.slug, service.line)
    if service.ministry and not has("ministry", service.ministry):
        refuse("ministry", "ministry", service.ministry)
    elif service.unit_name and not known.units(service.ministry, service.unit_name):
        message = known.unknown_unit(service.ministry, service.unit_name)
        report.refuse(service.code, "unit", message, "unknown_code", service.unit_name, service.line)
    for field in ("content_owner", "backup_owner"):
        name = service.facts.get(field)
        if name and name not in known.users:
            message = _("There is no user “%(name)s”.") % {"name": name} + nearest(name, known.users)
            report.refuse(service.code, field, message, "unknown_code", name, service.line)
    for field in ("audiences", "life_events", "coverage"):
        for code in service.facts.get(field, ()):
            if not has(field, code):
                refuse({"audiences": "audience"}.get(field, field), field, code)
    category = service.facts.get("category")
    if category and not has("category", category):
        refuse("category", "category", category)
    for relation, rows in service.rows.items():
        for row in rows:
            for (name, field), kind in ROW_CODES.items():
                code = row.facts.get(field)
                if name == relation and isinstance(code, str) and code and not has(kind, code):
                    refuse(f"{relation}.{row.key}.{field}", kind, code)

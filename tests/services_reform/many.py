"""Add many services with few queries."""

from django.db import models
from wagtail.models import Locale, Page

from egov_cms.services.models import ServiceBurden, ServiceDocument, ServicePage, ServiceSnapshot

BURDEN = {"documents": 3, "copies": 2, "visits": 2, "days": 10, "fee_minor": 25_000}


def add_services(count, burdens=True):
    """Copies of one public service with its documents, its snapshot and two versions of its burden."""
    model = ServicePage.objects.filter(locale=Locale.get_default(), documents__isnull=False).first()
    columns = [field.attname for field in Page._meta.concrete_fields if not field.primary_key]
    rows = [
        Page(
            **{
                **{name: getattr(model, name) for name in columns},
                "path": f"{model.path[:-4]}Z{number:03}",
                "slug": f"many-{number}",
                "url_path": f"{model.url_path}many-{number}/",
                "translation_key": f"00000000-0000-4000-8000-{number:012}",
                "latest_revision_id": None,
                "live_revision_id": None,
            }
        )
        for number in range(count)
    ]
    Page.objects.bulk_create(rows)
    pages = list(Page.objects.filter(slug__startswith="many-").order_by("path"))
    own = [field.attname for field in ServicePage._meta.local_concrete_fields if not field.primary_key]
    for number, base in enumerate(pages):
        values = {name: getattr(base, name) for name in columns}
        values |= {name: getattr(model, name) for name in own}
        values["service_code"] = f"IQ-TST-{number:04}"
        models.Model.save_base(ServicePage(page_ptr_id=base.pk, **values), raw=True, force_insert=True)
    document_rows = list(ServiceDocument.objects.filter(page=model))
    ServiceDocument.objects.bulk_create(
        ServiceDocument(
            page_id=base.pk, key=row.key, document_type_id=row.document_type_id, originals=row.originals,
            copies=row.copies, locale_id=row.locale_id, sort_order=row.sort_order,
        )
        for base in pages
        for row in document_rows
    )  # fmt: skip
    if not burdens:
        return pages
    document = ServiceSnapshot.objects.get(page=model).document if ServiceSnapshot.objects.exists() else {}
    ServiceSnapshot.objects.bulk_create(
        ServiceSnapshot(page_id=base.pk, service_code=f"IQ-TST-{number:04}", document=document)
        for number, base in enumerate(pages)
    )
    for current in (False, True):
        ServiceBurden.objects.bulk_create(
            ServiceBurden(
                page_id=base.pk, service_code=f"IQ-TST-{number:04}", current=current,
                **{**BURDEN, "documents": 3 if current else 5},
            )
            for number, base in enumerate(pages)
        )  # fmt: skip
    return pages

"""A service as text, linked data, QR code and counter poster; the catalogue as one handbook to print.

All views read only the published document, so they agree with the page and the API.
"""

from __future__ import annotations

import io
import json
from types import SimpleNamespace

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from egov_cms.services.exports import cpsv, schema_org
from egov_cms.services.exports.card import day_of, text_card
from egov_cms.services.exports.links import breadcrumbs
from egov_cms.services.models import ServiceSnapshot
from egov_cms.services.snapshots.summaries import (
    copies_summary,
    duration_summary,
    fee_amount,
    fee_summary,
    validity_summary,
    visits_summary,
)
from egov_cms.site.query_parameters import reads
from egov_cms.site.shown import only, shows


@require_safe
def card(request, slug):
    """`services/<slug>.txt`: at most 700 bytes."""
    snapshot, url = _published(request, slug)
    text = text_card(snapshot, get_language(), url, timezone.localdate())
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@reads("profile")
@require_safe
def linked_data(request, slug):
    """`services/<slug>.jsonld`: CPSV-AP 3.2, or schema.org with `?profile=schema`."""
    snapshot, _url = _published(request, slug)
    base = _base(request)
    if request.GET.get("profile") == "schema":
        language = get_language()
        document = schema_org.document([snapshot], language, base, breadcrumbs(language))
    else:
        document = cpsv.document([snapshot], base)
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return HttpResponse(
        text,
        content_type="application/ld+json",
        headers={"Access-Control-Allow-Origin": "*"},
    )


@require_safe
def code(request, slug):
    """`services/<slug>.svg`: a QR code (ISO/IEC 18004, level M) of the page's URL."""
    _snapshot, url = _published(request, slug)
    import segno

    drawing = io.BytesIO()
    segno.make(url, error="m").save(
        drawing, kind="svg", scale=4, border=4, xmldecl=False, svgns=True, light="#fff"
    )
    return HttpResponse(drawing.getvalue(), content_type="image/svg+xml")


@require_safe
def poster(request, slug):
    """One A3 sheet for the counter: fee in large letters, documents, steps, and the QR code of the page."""
    snapshot, url = _published(request, slug)
    context = {
        "service": printed_service(snapshot, get_language()),
        "address": url,
        "today": timezone.localdate(),
        "slug": slug,
    }
    return render(request, "egov_services/poster.html", context)


@require_safe
def handbook(request):
    """Every public service of this language on one page, to print or to use offline."""
    language = get_language()
    documents = ServiceSnapshot.objects.public().order_by("service_code").values_list("document", flat=True)
    services = [
        printed_service(snapshot, language) for snapshot in documents if snapshot["title"].get(language)
    ]
    chapters: dict[str, list] = {}
    for service in services:
        chapters.setdefault(service.ministry, []).append(service)
    return render(
        request,
        "egov_services/handbook.html",
        {"chapters": list(chapters.items()), "count": len(services), "today": timezone.localdate()},
    )


def printed_service(snapshot: dict, language: str) -> SimpleNamespace:
    """A published document as the texts of a printed sheet, in the active language."""
    today = timezone.localdate()
    fees = [_fee(row, language) for row in snapshot["fees"]]
    return SimpleNamespace(
        code=snapshot["code"],
        title=snapshot["title"].get(language, ""),
        summary=snapshot["summary"].get(language, ""),
        url=snapshot["urls"].get(language, ""),
        unit=_name(snapshot["unit"], language),
        ministry=_name(snapshot["ministry"], language),
        fee=fee_summary(fees, snapshot["is_free"], today),
        fees=[(fee.label, fee_amount(fee), fee.condition) for fee in fees],
        time=duration_summary(snapshot["duration_min"], snapshot["duration_max"], snapshot["duration_unit"]),
        visits=visits_summary(snapshot["visits"]),
        needs_no_documents=snapshot["needs_no_documents"],
        requirements=[row["text"][language] for row in snapshot["requirements"] if row["text"].get(language)],
        documents=[
            (
                _name(row["document_type"], language),
                copies_summary(row["originals"], row["copies"]),
                row["condition"].get(language, ""),
            )
            for row in snapshot["documents"]
            if row["document_type"]
        ],
        steps=[
            {**(row["template"] or {"name": {}})["name"], **row["title"]}.get(language, "")
            for row in snapshot["steps"]
        ],
        outputs=[
            (row["name"].get(language, ""), validity_summary(row["validity_value"], row["validity_unit"]))
            for row in snapshot["outputs"]
        ],
    )


def _fee(row, language):
    dates = {name: day_of(row[name]) for name in ("valid_from", "valid_to")}
    texts = {name: row[name].get(language, "") for name in ("unit", "label", "condition")}
    return SimpleNamespace(**row | dates | texts)


def _name(record, language) -> str:
    return record["name"].get(language, "") if record else ""


def _published(request, slug) -> tuple[dict, str]:
    """The document of a service that is public in this language, and the URL of its page; else Http404."""
    with only():
        snapshot = (
            ServiceSnapshot.objects.public()
            .filter(page__slug=slug)
            .values_list("document", flat=True)
            .first()
        )
    path = snapshot["urls"].get(get_language()) if snapshot else None
    if not path:
        raise Http404
    shows(f"family:{snapshot['id']}")
    return snapshot, request.build_absolute_uri(path)


def _base(request) -> str:
    return request.build_absolute_uri("/").rstrip("/")

"""The rows of a service as its page shows them: texts and safe HTML, ready to write."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from blocks.links import readable_size
from egov_cms.language import TranslatedText, format_number
from egov_cms.services import choices
from egov_cms.services.exports.codes import public_services
from egov_cms.services.pages.case import Case
from egov_cms.services.pages.html import bdi, localised
from egov_cms.services.snapshots import prerequisites, summaries
from egov_cms.services.snapshots.service import Service, best_name
from egov_cms.site.public_codes import PublicSubject


def label(codes, value) -> str:
    """The label of a code in the active language; empty for an empty code."""
    return str(codes(value).label) if value else ""


class Related:
    """The other services that a service names, as they are public in this language now. One query, or none."""

    def __init__(self, service: Service):
        codes = {row.target for row in service.relations}
        codes |= {row.document_type["issuing_service"] for row in service.documents if row.document_type}
        codes.discard(None)
        self._service = service
        self.by_code: dict[str, PublicSubject] = public_services(codes, service.language) if codes else {}

    @property
    def first(self) -> list[tuple[PublicSubject, str]]:
        """(service, names of the evidence that it issues) for each prerequisite."""
        if not self.by_code:
            return []
        document = self._service.document
        names = {
            row["document_type"]["code"]: row["document_type"]
            for row in document["documents"]
            if row["document_type"]
        }
        return [
            (
                self.by_code[each.service],
                _(", ").join(str(best_name(names[code])) for code in each.evidence),
            )
            for each in prerequisites.of_document(document, among=self.by_code)
        ]

    def others(self, first) -> list[tuple[str, PublicSubject]]:
        """(how it is related, service) of every related service, without those that come first."""
        shown = {service.code for service, _evidence in first}
        return [
            (label(choices.RelationKind, row.kind), self.by_code[row.target])
            for row in self._service.relations
            if row.target in self.by_code and row.target not in shown
        ]


def requirements(service: Service) -> list[dict[str, Any]]:
    return [
        {
            "text": row.text,
            "age": _ages(row.min_age, row.max_age),
            "evidence": localised(row.evidence["name"]) if row.evidence else "",
        }
        for row in service.requirements
    ]


def _ages(low, high) -> str:
    words = {"low": format_number(low) if low is not None else "", "high": format_number(high or 0)}
    if low is not None and high is not None:
        return _("age %(low)s to %(high)s") % words
    if low is not None:
        return _("from the age of %(low)s") % words
    return _("up to the age of %(high)s") % words if high is not None else ""


def documents(service: Service, case: Case, related: Related) -> list[dict[str, Any]]:
    """The tick list; alternatives are in one item, joined by “or”."""
    items: list[dict[str, Any]] = []
    groups: dict[str, dict[str, Any]] = {}
    for row in case.applicable(service.documents):
        if row.document_type is None:
            continue
        item = _document(service, row, related)
        group = row.alternative_group
        if group and group in groups:
            groups[group]["alternatives"].append(item)
            continue
        if group:
            groups[group] = item
        items.append(item)
    return items


def _document(service, row, related):
    kind = row.document_type
    issuing = related.by_code.get(kind["issuing_service"])
    unit = service.page_of(kind["issuer"])
    form = row.form
    return {
        "title": localised(kind["name"]),
        "condition": row.condition or (_("in some cases") if row.conditional else ""),
        "how": summaries.copies_summary(row.originals, row.copies),
        "attestation": "" if row.attestation == "none" else label(choices.Attestation, row.attestation),
        "where": row.where_to_get or (unit[0] if unit else ""),
        "where_url": issuing.url if issuing else "",
        "note": row.note,
        "form": form and form | {"size": readable_size(form["bytes"]) if form["bytes"] else ""},
        "alternatives": [],
    }


def steps(service: Service, case: Case) -> list[dict[str, Any]]:
    """Numbered steps; `logic` is “and” or “or” if it joins the step to the one before it."""
    items: list[dict[str, Any]] = []
    for row in case.steps(service.steps):
        template = row.template
        meta = [label(choices.ChannelKind, row.channel)]
        if row.actor != "applicant":
            meta.append(label(choices.Actor, row.actor))
        if row.minutes:
            meta.append(summaries.duration_summary(row.minutes, row.minutes, "minute"))
        if row.needs_signature:
            meta.append(_("you sign here"))
        items.append(
            {
                "title": row.title or (localised(template["name"]) if template else ""),
                "body": row.text or (str(TranslatedText.of(template["text"])) if template else ""),
                "meta": " · ".join(part for part in meta if part),
                "logic": label(choices.StepLogic, row.logic) if items and row.logic != "then" else "",
            }
        )
    return items


def fees(service: Service, case: Case, today: dt.date) -> list[dict[str, Any]]:
    return [
        {
            "label": row.label,
            "condition": row.condition or (_("in some cases") if row.conditional else ""),
            "amount": bdi(summaries.fee_amount(row)),
            "exemption": row.exemption,
            "law": law(row.legal),
            "methods": " · ".join(label(choices.PaymentMethod, code) for code in row.methods),
        }
        for row in summaries.in_force(case.applicable(service.fees), today)
    ]


def law(reference) -> dict[str, Any] | None:
    """The name of a public law and its address; None where a row names none, or one that is not public."""
    return reference and {"title": localised(reference["title"]), "url": reference["url"]}


def channels(service: Service, is_stopped: bool) -> list[dict[str, Any]]:
    return [
        {
            "kind": label(choices.ChannelKind, row.kind),
            "url": "" if is_stopped else row.url,
            "phone": row.phone,
            "note": row.note,
            "duration": summaries.duration_summary(row.duration_min, row.duration_max, row.duration_unit),
        }
        for row in service.channels
    ]


def outputs(service: Service) -> list[dict[str, str]]:
    return [
        {
            "name": row.name,
            "validity": summaries.validity_summary(row.validity_value, row.validity_unit),
            "delivery": label(choices.Delivery, row.delivery),
        }
        for row in service.outputs
    ]


def laws(service: Service) -> list[dict[str, Any]]:
    return [law(row.reference) | {"article": row.article} for row in service.legal if row.reference]


def faqs(service: Service) -> list[dict[str, str]]:
    return [{"title": row.question, "body": row.answer} for row in service.faqs]


def experience_url(service: Service) -> str:
    """The form for how it went; empty for a planned service, which nobody has used yet."""
    return "" if service.status == choices.Status.PLANNED else reverse("egov_experience", args=[service.slug])

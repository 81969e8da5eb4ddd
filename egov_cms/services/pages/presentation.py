"""The data of the public page of a service, shared by the page, its print view and the pages of events.

`present(page, query)` takes about fifteen queries for any number of rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from egov_cms.language import format_number
from egov_cms.services.choices import PaymentMethod, Status
from egov_cms.services.exports.links import other_forms
from egov_cms.services.loading.rows import load_rows, translated_pages
from egov_cms.services.models.service import ServicePage
from egov_cms.services.pages.case import Case, read_case
from egov_cms.services.pages.html import bdi, localised
from egov_cms.services.pages.notices import own_notices, stops
from egov_cms.services.pages.places import (
    Difference,
    OfficeGroup,
    differences,
    governorates_of,
    groups_of,
    of_governorate,
    offices_of,
)
from egov_cms.services.quality.links import CLOSED, StartLink, start_link
from egov_cms.services.snapshots import prerequisites, summaries
from egov_cms.site.models import Governorate, Notice, Office, OrganisationUnitPage

OFFICES_SHOWN = 20
STATUS_KINDS = {"limited": "warn", "suspended": "stop", "planned": "info", "retired": "stop"}


@dataclass
class Presentation:
    """All template data of one service, in the active language."""

    page: ServicePage
    case: Case = field(default_factory=Case)
    units: dict[int, Any] = field(default_factory=dict)
    services: dict[int, ServicePage] = field(default_factory=dict)

    @cached_property
    def today(self):
        return timezone.localdate()

    # Facts

    @property
    def governorate(self) -> Governorate | None:
        return self.case.governorate

    @cached_property
    def usual_fee(self) -> summaries.Summary:
        """The total fee in the chosen case, at places without a different fee."""
        return summaries.fee_summary(
            self.case.applicable(self.page.fees.all()), self.page.is_free, self.today
        )

    @cached_property
    def fee(self) -> summaries.Summary:
        """The fee in the chosen governorate, with the usual fee in the note; else the usual fee."""
        if not (self.local_difference and self.local_difference.fee):
            return self.usual_fee
        usual = self.usual_fee.text
        return summaries.Summary(
            self.local_difference.fee, _("elsewhere: %(usual)s") % {"usual": usual} if usual else ""
        )

    @cached_property
    def duration(self) -> str:
        if self.local_difference and self.local_difference.time:
            return self.local_difference.time
        page = self.page
        return summaries.duration_summary(page.duration_min, page.duration_max, page.duration_unit)

    @property
    def facts(self) -> list[dict[str, str]]:
        """The strip of key facts: fee, time, visits, where."""
        ask = _("Ask the office")
        rows = [
            {"label": _("Fee"), "value": bdi(self.fee.text) or ask, "note": bdi(self.fee.note)},
            {"label": _("Time"), "value": bdi(self.duration) or _("Varies"), "note": self.page.duration_note},
        ]
        if visits := summaries.visits_summary(self.page.visits):
            rows.append({"label": _("Visits"), "value": bdi(visits), "note": ""})
        if self.where:
            rows.append({"label": _("Where"), "value": self.where, "note": self.where_note})
        return rows

    @property
    def where(self) -> str:
        return " · ".join(str(channel.get_kind_display()) for channel in self.page.channels.all())

    @property
    def where_note(self) -> str:
        offices = len(self.offices)
        if not offices:
            return ""
        governorates = len({office.governorate_id for office in self.offices if office.governorate_id})
        text = ngettext("%(count)s office", "%(count)s offices", offices) % {"count": format_number(offices)}
        if governorates < 2:
            return text
        places = ngettext("in %(count)s governorate", "in %(count)s governorates", governorates)
        return f"{text} {places % {'count': format_number(governorates)}}"

    # The action

    @cached_property
    def start(self) -> StartLink | None:
        """The link to start online; None while the service is suspended, planned or withdrawn."""
        return None if self.is_stopped else start_link(self.page)

    @cached_property
    def online(self):
        return next((row for row in self.page.channels.all() if row.kind == "online" and row.url), None)

    @property
    def start_note(self) -> str:
        parts = []
        if self.online and self.online.sign_in == "ur":
            parts.append(_("You continue on the Ur portal and need an account there."))
        elif self.online and self.online.sign_in == "other":
            parts.append(_("You continue in another system and need an account there."))
        if self.online and self.online.note:
            parts.append(self.online.note)
        return " ".join(parts)

    @property
    def status_tag(self) -> dict[str, str] | None:
        status = Status(self.page.status)
        if self.is_stopped and status not in CLOSED:
            status = Status.SUSPENDED
        kind = STATUS_KINDS.get(status)
        return {"text": str(status.label), "kind": kind} if kind else None

    @cached_property
    def _around(self) -> list[Notice]:
        return Notice.objects.around(self.page) if self.page.pk else []

    @cached_property
    def notices(self) -> list[Notice]:
        """Notices of this service and of the chosen governorate, without those limited to other places."""
        return own_notices(self._around, self.governorate)

    @cached_property
    def is_stopped(self) -> bool:
        """True if the service is closed: by its status, or by a notice that suspends it everywhere."""
        return self.page.status in CLOSED or any(map(stops, self._around))

    @property
    def proxy(self) -> str:
        return self.page.get_proxy_allowed_display() if self.page.proxy_allowed else ""

    # Rows

    @property
    def documents(self) -> list[dict[str, Any]]:
        """The tick list; alternatives are in one item, joined by “or”."""
        items, groups = [], {}
        for row in self.case.applicable(self.page.documents.all()):
            item = self._document(row)
            group = row.alternative_group
            if group and group in groups:
                groups[group]["alternatives"].append(item)
                continue
            if group:
                groups[group] = item
            items.append(item)
        return items

    def _document(self, row):
        kind = row.document_type
        service = self.services.get(kind.issuing_service_id)
        unit = self.units.get(kind.issuer_unit_id)
        return {
            "title": localised(kind.name),
            "condition": row.condition or (_("in some cases") if row.conditional else ""),
            "how": summaries.copies_summary(row.originals, row.copies),
            "attestation": row.get_attestation_display() if row.attestation != "none" else "",
            "where": row.where_to_get or (unit.title if unit else ""),
            "where_url": service.url if service else "",
            "note": row.note,
            "form": row.form if row.form_id else None,
            "alternatives": [],
        }

    @property
    def steps(self) -> list[dict[str, Any]]:
        """Numbered steps; `logic` is “and” or “or” if it joins the step to the one before it."""
        items = []
        for row in self.case.steps(self.page.steps.all()):
            template = row.template if row.template_id else None
            meta = []
            if row.channel:
                meta.append(row.get_channel_display())
            if row.actor != "applicant":
                meta.append(row.get_actor_display())
            if row.minutes:
                meta.append(summaries.duration_summary(row.minutes, row.minutes, "minute"))
            if row.needs_signature:
                meta.append(_("you sign here"))
            items.append(
                {
                    "title": row.title or (localised(template.name) if template else ""),
                    "body": row.text or (str(template.text) if template else ""),
                    "meta": " · ".join(str(part) for part in meta),
                    "logic": row.get_logic_display() if items and row.logic != "then" else "",
                }
            )
        return items

    @property
    def fees(self) -> list[dict[str, Any]]:
        return [
            {
                "label": row.label,
                "condition": row.condition or (_("in some cases") if row.conditional else ""),
                "amount": bdi(summaries.fee_amount(row)),
                "exemption": row.exemption,
                "law": row.legal if row.legal_id and row.legal.is_public else None,
                "methods": [str(PaymentMethod(code).label) for code in row.methods],
                "from": row.valid_from,
                "until": row.valid_to,
            }
            for row in summaries.in_force(self.case.applicable(self.page.fees.all()), self.today)
        ]

    @property
    def fee_laws(self) -> bool:
        return any(fee["law"] for fee in self.fees)

    @property
    def outputs(self) -> list[dict[str, str]]:
        return [
            {
                "name": row.name,
                "kind": row.get_kind_display(),
                "validity": summaries.validity_summary(row.validity_value, row.validity_unit),
                "delivery": row.get_delivery_display() if row.delivery else "",
            }
            for row in self.page.outputs.all()
        ]

    @property
    def laws(self) -> list[dict[str, Any]]:
        return [
            {"law": row.reference, "article": row.article}
            for row in self.page.legal.all()
            if row.reference.is_public
        ]

    @property
    def faqs(self) -> list[dict[str, str]]:
        return [{"title": row.question, "body": row.answer} for row in self.page.faqs.all()]

    @property
    def relations(self) -> list[tuple[str, ServicePage]]:
        """(how it is related, service) of every related service in this language, without prerequisites."""
        first = {service.pk for service, _evidence in self.prerequisites}
        return [
            (row.get_kind_display(), self.services[row.target_id])
            for row in self.page.relations.all()
            if row.target_id in self.services and self.services[row.target_id].pk not in first
        ]

    @cached_property
    def prerequisites(self) -> list[tuple[ServicePage, str]]:
        """(service, names of the evidence that it issues) for each prerequisite."""
        pairs = prerequisites.of_page(self.page, self.services)
        return [(service, _(", ").join(str(kind.name) for kind in evidence)) for service, evidence in pairs]

    @property
    def owner_unit(self):
        return self.units.get(self.page.owner_unit_id)

    # Places

    @cached_property
    def _offices(self) -> list[Office]:
        return offices_of(self.page)

    @property
    def offices(self) -> list[Office]:
        """The offices of the service, those in the chosen governorate first."""
        chosen = self.governorate.pk if self.governorate else None
        return sorted(self._offices, key=lambda each: each.governorate_id != chosen)

    @property
    def office_groups(self) -> list[OfficeGroup]:
        return groups_of(self.offices, OFFICES_SHOWN)

    @cached_property
    def differences(self) -> list[Difference]:
        """Places where the fee or the time differs."""
        return differences(self.page, self._offices)

    @cached_property
    def local_difference(self) -> Difference | None:
        """What differs in the chosen governorate."""
        return of_governorate(self.differences, self.governorate) if self.governorate else None

    @property
    def more_offices(self) -> int:
        return max(0, len(self.offices) - OFFICES_SHOWN)

    @property
    def channels(self) -> list[dict[str, Any]]:
        return [
            {
                "kind": row.get_kind_display(),
                "url": "" if self.is_stopped else row.url,
                "phone": row.phone,
                "note": row.note,
                "duration": summaries.duration_summary(row.duration_min, row.duration_max, row.duration_unit),
            }
            for row in self.page.channels.all()
        ]

    @property
    def meta(self) -> list[str]:
        """Fee, time and channels, as lists of services show them."""
        return [bdi(text) for text in (self.fee.text, self.duration, self.where) if text]

    @property
    def channel_details(self) -> bool:
        """True if a channel has details besides its name."""
        return any(row["url"] or row["phone"] or row["note"] or row["duration"] for row in self.channels)

    # Review and links

    @property
    def checked_on(self):
        """The date of the last review; without one, of the last publication."""
        page = self.page
        return page.last_reviewed_at or (page.last_published_at and page.last_published_at.date())

    @property
    def links(self) -> list[dict[str, str]]:
        """Links to the other formats of this page."""
        return other_forms(self.page.slug, self.case.query)

    @property
    def sections(self) -> list[dict[str, str]]:
        """The page navigation: all sections that are not empty."""
        page = self.page
        contents = {
            "who": page.requirements.all(),
            "first": self.prerequisites,
            "documents": page.documents.all() or page.needs_no_documents,
            "steps": self.steps,
            "fees": page.fees.all() or page.is_free,
            "where": page.channels.all(),
            "result": page.outputs.all(),
            "law": self.laws,
            "questions": page.faqs.all(),
            "related": self.relations,
        }
        return [
            {"title": str(SECTION_TITLES[name]()), "id": name}
            for name, content in contents.items()
            if content
        ]


SECTION_TITLES = {
    "who": lambda: _("Who can apply"),
    "first": lambda: _("Get this first"),
    "documents": lambda: _("What you need"),
    "steps": lambda: _("Steps"),
    "fees": lambda: _("Fees"),
    "where": lambda: _("Where and when"),
    "result": lambda: _("What you get"),
    "law": lambda: _("Legal basis"),
    "questions": lambda: _("Common questions"),
    "related": lambda: _("Related services"),
}


def present(page: ServicePage, query: Mapping[str, str] | None = None) -> Presentation:
    """The service for the case in a query string, with related units and services, in the language of the page."""
    load_rows([page])
    units = {page.owner_unit_id, *(row.unit_id for row in page.participants.all())}
    services = {row.target_id for row in page.relations.all()}
    for row in page.documents.all():
        units.add(row.document_type.issuer_unit_id)
        services.add(row.document_type.issuing_service_id)
    presentation = Presentation(
        page,
        units=translated_pages(units, page.locale_id, OrganisationUnitPage),
        services=translated_pages(services, page.locale_id, ServicePage),
    )
    presentation.case = read_case(
        page, query or {}, governorates_of(presentation._offices, presentation.differences)
    )
    return presentation

"""What the public page of a service shows, worked out once for the page, its print view and its event.

`present(page, governorate)` takes about ten queries whatever the service holds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from egov_cms.language import TranslatedText, direction, format_number, resolve, sort_key
from egov_cms.services import summaries
from egov_cms.services.choices import PaymentMethod
from egov_cms.services.exports import other_forms
from egov_cms.services.gate import COUNTERS
from egov_cms.services.models.service import ServicePage
from egov_cms.services.reading import load_rows, translated_pages
from egov_cms.site.models import Governorate, Notice, Office, OrganisationUnitPage

OFFICES_SHOWN = 20
STATUS_KINDS = {"limited": "warn", "suspended": "stop", "planned": "info", "retired": "stop"}


@dataclass(frozen=True)
class OfficeGroup:
    """The offices of one governorate; `governorate` is None for missions abroad."""

    governorate: Governorate | None
    offices: list[Office]


@dataclass
class Presentation:
    """Everything about one service, in the active language, ready for templates."""

    page: ServicePage
    governorate: Governorate | None = None
    units: dict[int, Any] = field(default_factory=dict)
    services: dict[int, ServicePage] = field(default_factory=dict)

    @cached_property
    def today(self):
        return timezone.localdate()

    # Facts

    @cached_property
    def fee(self) -> summaries.Summary:
        return summaries.fee_summary(self.page.fees.all(), self.page.is_free, self.today)

    @cached_property
    def duration(self) -> str:
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

    @property
    def start_url(self) -> str:
        """Where to begin; empty while the service is suspended, planned or withdrawn."""
        if self.page.status in ("suspended", "planned", "retired"):
            return ""
        return self.online.url if self.online else self.page.ur_url

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
        kind = {"limited": "warn", "suspended": "stop", "planned": "info", "retired": "stop"}.get(
            self.page.status
        )
        return {"text": self.page.get_status_display(), "kind": kind} if kind else None

    @cached_property
    def notices(self) -> list[Notice]:
        """Notices that name this service; those for the whole site stand above every page anyway."""
        notices = Notice.objects.current(self.page).filter(everywhere=False)
        return list(notices) if self.page.status in ("limited", "suspended") else []

    @property
    def proxy(self) -> str:
        return self.page.get_proxy_allowed_display() if self.page.proxy_allowed else ""

    # Rows

    @property
    def documents(self) -> list[dict[str, Any]]:
        """The tick list; alternatives stand together, joined by “or”."""
        items, groups = [], {}
        for row in self.page.documents.all():
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
            "title": words(kind.name),
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
        """Numbered steps; “and” and “or” are said before the step that they join to the one before."""
        items = []
        for row in self.page.steps.all():
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
                    "title": row.title or (words(template.name) if template else ""),
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
            for row in summaries.in_force(self.page.fees.all(), self.today)
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
        """(how it is related, service) of every related service that this language has."""
        return [
            (row.get_kind_display(), self.services[row.target_id])
            for row in self.page.relations.all()
            if row.target_id in self.services
        ]

    @property
    def owner_unit(self):
        return self.units.get(self.page.owner_unit_id)

    # Places

    @cached_property
    def offices(self) -> list[Office]:
        """Where the service is given: the chosen governorate first."""
        rules = {row.offices_rule: row for row in self.page.channels.all() if row.kind in COUNTERS}
        offerings = self.page.offerings.all()
        if not rules and not offerings:
            return []
        wanted = Office.objects.none()
        if "unit" in rules and self.page.owner_unit_id:
            wanted |= Office.objects.public().filter(unit=self.page.owner_unit_id)
        if "kind" in rules:
            wanted |= Office.objects.public().filter(kind=rules["kind"].office_kind)
        if listed := [row.office_id for row in offerings if row.office_id]:
            wanted |= Office.objects.public().filter(pk__in=listed)
        offices = wanted.distinct().with_states()
        if covered := {each.pk for each in self.page.coverage.all()}:
            offices = [each for each in offices if each.governorate_id in covered or not each.governorate_id]
        chosen = self.governorate.pk if self.governorate else None
        return sorted(offices, key=lambda each: (each.governorate_id != chosen, _order(each)))

    @property
    def office_groups(self) -> list[OfficeGroup]:
        groups: dict[Any, OfficeGroup] = {}
        for office in self.offices[:OFFICES_SHOWN]:
            group = groups.setdefault(office.governorate_id, OfficeGroup(office.governorate, []))
            group.offices.append(office)
        return list(groups.values())

    @property
    def more_offices(self) -> int:
        return max(0, len(self.offices) - OFFICES_SHOWN)

    @property
    def governorates(self) -> list[Governorate]:
        """Those in which there are offices, for choosing one's own."""
        found = {each.governorate_id: each.governorate for each in self.offices if each.governorate_id}
        return sorted(found.values(), key=lambda each: each.sort_order)

    @property
    def channels(self) -> list[dict[str, Any]]:
        return [
            {
                "kind": row.get_kind_display(),
                "url": row.url if self.start_url else "",
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
        """Is there more to say of the channels than their names?"""
        return any(row["url"] or row["phone"] or row["note"] or row["duration"] for row in self.channels)

    # Whether it was checked

    @property
    def checked_on(self):
        """The day of the last check; the last publication where nobody has confirmed yet."""
        page = self.page
        return page.last_reviewed_at or (page.last_published_at and page.last_published_at.date())

    @property
    def links(self) -> list[dict[str, str]]:
        """Other forms of this page."""
        return other_forms(self.page.slug)

    @property
    def sections(self) -> list[dict[str, str]]:
        """What stands beside the page: the sections that have something to say."""
        page = self.page
        has = {
            "who": page.requirements.all(),
            "documents": page.documents.all() or page.needs_no_documents,
            "steps": page.steps.all(),
            "fees": page.fees.all() or page.is_free,
            "where": page.channels.all(),
            "result": page.outputs.all(),
            "law": self.laws,
            "questions": page.faqs.all(),
            "related": self.relations,
        }
        return [{"title": str(SECTION_TITLES[name]()), "id": name} for name, shown in has.items() if shown]


SECTION_TITLES = {
    "who": lambda: _("Who can apply"),
    "documents": lambda: _("What you need"),
    "steps": lambda: _("Steps"),
    "fees": lambda: _("Fees"),
    "where": lambda: _("Where and when"),
    "result": lambda: _("What you get"),
    "law": lambda: _("Legal basis"),
    "questions": lambda: _("Common questions"),
    "related": lambda: _("Related services"),
}


def present(page: ServicePage, governorate: Governorate | None = None) -> Presentation:
    """The service with its rows, its unit and the services it names, in the language of the page."""
    load_rows([page])
    units = {page.owner_unit_id, *(row.unit_id for row in page.participants.all())}
    services = {row.target_id for row in page.relations.all()}
    for row in page.documents.all():
        units.add(row.document_type.issuer_unit_id)
        services.add(row.document_type.issuing_service_id)
    return Presentation(
        page,
        governorate,
        translated_pages(units, page.locale_id, OrganisationUnitPage),
        translated_pages(services, page.locale_id, ServicePage),
    )


def event_services(event_page) -> list[tuple[Presentation, str]]:
    """(service, note) of everything for an event: the ordered rows first, the others by their titles."""
    rows = list(event_page.services.all())
    public = ServicePage.objects.public().exclude(status="retired").filter(locale_id=event_page.locale_id)
    ordered = translated_pages({row.service_id for row in rows}, event_page.locale_id, ServicePage)
    pages = [(ordered[row.service_id], row.note) for row in rows if row.service_id in ordered]
    others = public.filter(life_events=event_page.event_id).exclude(pk__in=[page.pk for page, _note in pages])
    language = resolve(event_page.locale.language_code)
    pages += [(page, "") for page in sorted(others, key=lambda each: sort_key(each.title, language))]
    load_rows([page for page, _note in pages], ("fees", "channels"))
    return [(Presentation(page), note) for page, note in pages]


def bdi(text) -> SafeString | str:
    """Isolated, so that numbers keep their place in right-to-left lines; nothing for nothing."""
    return format_html("<bdi>{}</bdi>", text) if text else ""


def words(translated) -> SafeString | str:
    """A record's text, marked with its language where the active one is missing."""
    text, code = TranslatedText.of(translated).best(resolve())
    if not text or code == resolve():
        return text
    return format_html('<span lang="{}" dir="{}">{}</span>', code, direction(code), text)


def _order(office):
    return (office.governorate.sort_order if office.governorate_id else 1000, office.sort_order, office.slug)

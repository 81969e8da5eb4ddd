"""What the public page of a service shows; the same for its printed sheet, and in part for lists of services.

`present(page, query)` reads the snapshot of the service. Of the page itself come only words that are no facts (title,
summary, body) and where it stands in the tree; no rows. What depends on the reader or the clock is decided here: the
chosen case, notices, which offices are open.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from egov_cms.language import format_number
from egov_cms.services import choices
from egov_cms.services.choices import Status
from egov_cms.services.exports.links import other_forms
from egov_cms.services.models.service import ServicePage
from egov_cms.services.pages import sections
from egov_cms.services.pages.case import Case, read_case
from egov_cms.services.pages.html import bdi
from egov_cms.services.pages.notices import own_notices, stops
from egov_cms.services.pages.places import (
    Difference,
    OfficeGroup,
    Place,
    ServiceOffice,
    differences,
    governorates_of,
    groups_of,
    of_governorate,
)
from egov_cms.services.quality.links import CLOSED, StartLink, start_link
from egov_cms.services.snapshots import summaries
from egov_cms.services.snapshots.reading import service_of
from egov_cms.services.snapshots.service import Service
from egov_cms.site.models import Notice

OFFICES_SHOWN = 20
STATUS_KINDS = {"limited": "warn", "suspended": "stop", "planned": "info", "retired": "stop"}


class Presentation:
    """A service in the active language, as lists show it: fee, time, channels, status."""

    def __init__(self, service: Service, is_stopped: bool = False):
        self.service = service
        self.case = Case()
        self.is_stopped = is_stopped

    @cached_property
    def today(self) -> dt.date:
        return timezone.localdate()

    @cached_property
    def usual_fee(self) -> summaries.Summary:
        """The total fee in the chosen case, at places without a different fee."""
        return summaries.fee_summary(
            self.case.applicable(self.service.fees), self.service.is_free, self.today
        )

    @property
    def fee(self) -> summaries.Summary:
        return self.usual_fee

    @cached_property
    def duration(self) -> str:
        service = self.service
        return summaries.duration_summary(service.duration_min, service.duration_max, service.duration_unit)

    @cached_property
    def where(self) -> str:
        return " · ".join(sections.label(choices.ChannelKind, row.kind) for row in self.service.channels)

    @property
    def meta(self) -> list[str]:
        """Fee, time and channels, as lists of services show them."""
        return [bdi(text) for text in (self.fee.text, self.duration, self.where) if text]

    @cached_property
    def status_tag(self) -> dict[str, str] | None:
        status = Status(self.service.status)
        if self.is_stopped and status not in CLOSED:
            status = Status.SUSPENDED
        kind = STATUS_KINDS.get(status)
        return {"text": str(status.label), "kind": kind} if kind else None


class PagePresentation(Presentation):
    """All template data of the page of one service. Attributes are computed when a template reads them, and once."""

    def __init__(self, page: ServicePage, service: Service, query: Mapping[str, str]):
        self.page = page
        self.service = service
        self.offices_in_order = [ServiceOffice(values) for values in service.office_values]
        self.differences: list[Difference] = differences(service, self.offices_in_order)
        self.case = read_case(service, query, governorates_of(self.offices_in_order, self.differences))

    @property
    def governorate(self) -> Place | None:
        return self.case.governorate

    # Facts

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
        service = self.service
        return summaries.duration_summary(service.duration_min, service.duration_max, service.duration_unit)

    @property
    def facts(self) -> list[dict[str, str]]:
        """The strip of key facts: fee, time, visits, where."""
        ask = _("Ask the office")
        rows = [
            {"label": _("Fee"), "value": bdi(self.fee.text) or ask, "note": bdi(self.fee.note)},
            {
                "label": _("Time"),
                "value": bdi(self.duration) or _("Varies"),
                "note": self.service.text("duration_note"),
            },
        ]
        if visits := summaries.visits_summary(self.service.visits):
            rows.append({"label": _("Visits"), "value": bdi(visits), "note": ""})
        if self.where:
            rows.append({"label": _("Where"), "value": self.where, "note": self.where_note})
        return rows

    @property
    def where_note(self) -> str:
        offices = len(self.offices_in_order)
        if not offices:
            return ""
        governorates = len({office.governorate for office in self.offices_in_order if office.governorate})
        text = ngettext("%(count)s office", "%(count)s offices", offices) % {"count": format_number(offices)}
        if governorates < 2:
            return text
        places = ngettext("in %(count)s governorate", "in %(count)s governorates", governorates)
        return f"{text} {places % {'count': format_number(governorates)}}"

    # The action

    @cached_property
    def start(self) -> StartLink | None:
        """The link to start online; None while the service is suspended, planned or withdrawn."""
        return None if self.is_stopped else start_link(self.service)

    @property
    def start_note(self) -> str:
        online = next((row for row in self.service.channels if row.kind == "online" and row.url), None)
        parts = []
        if online and online.sign_in == "ur":
            parts.append(_("You continue on the Ur portal and need an account there."))
        elif online and online.sign_in == "other":
            parts.append(_("You continue in another system and need an account there."))
        if online and online.note:
            parts.append(online.note)
        return " ".join(parts)

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
        return self.service.status in CLOSED or any(map(stops, self._around))

    @property
    def proxy(self) -> str:
        return sections.label(choices.Proxy, self.service.proxy_allowed)

    # Rows

    @cached_property
    def _related(self) -> sections.Related:
        return sections.Related(self.service, self.page.locale_id)

    @cached_property
    def requirements(self) -> list[dict[str, Any]]:
        return sections.requirements(self.service)

    @cached_property
    def documents(self) -> list[dict[str, Any]]:
        return sections.documents(self.service, self.case, self._related)

    @cached_property
    def steps(self) -> list[dict[str, Any]]:
        return sections.steps(self.service, self.case)

    @cached_property
    def fees(self) -> list[dict[str, Any]]:
        return sections.fees(self.service, self.case, self.today)

    @property
    def fee_laws(self) -> bool:
        return any(fee["law"] for fee in self.fees)

    @property
    def fee_exemptions(self) -> str:
        return self.service.text("fee_exemptions")

    @cached_property
    def outputs(self) -> list[dict[str, str]]:
        return sections.outputs(self.service)

    @cached_property
    def laws(self) -> list[dict[str, Any]]:
        return sections.laws(self.service)

    @cached_property
    def faqs(self) -> list[dict[str, str]]:
        return sections.faqs(self.service)

    @cached_property
    def prerequisites(self):
        """(service, names of the evidence that it issues) for each prerequisite."""
        return self._related.first

    @cached_property
    def relations(self):
        """(how it is related, service) of every related service in this language, without prerequisites."""
        return self._related.others(self.prerequisites)

    @cached_property
    def owner_unit(self) -> dict[str, str] | None:
        page = self.service.page_of(self.service.unit)
        return {"title": page[0], "url": page[1]} if page else None

    # Places

    @cached_property
    def offices(self) -> list[ServiceOffice]:
        """The offices of the service, those in the chosen governorate first."""
        chosen = self.governorate
        if chosen is None:
            return self.offices_in_order
        return sorted(self.offices_in_order, key=lambda office: office.governorate != chosen)

    def office_groups(self, index_url: str) -> list[OfficeGroup]:
        """`index_url`: of the page of offices in this language, may be empty. One query."""
        return groups_of(self.offices, OFFICES_SHOWN, index_url)

    @property
    def more_offices(self) -> int:
        return max(0, len(self.offices_in_order) - OFFICES_SHOWN)

    @cached_property
    def local_difference(self) -> Difference | None:
        """What differs in the chosen governorate."""
        return of_governorate(self.differences, self.governorate)

    @cached_property
    def channels(self) -> list[dict[str, Any]]:
        return sections.channels(self.service, self.is_stopped)

    @property
    def channel_details(self) -> bool:
        """True if a channel has details besides its name."""
        return any(row["url"] or row["phone"] or row["note"] or row["duration"] for row in self.channels)

    # Review and links

    @property
    def checked_on(self):
        """The date of the last review; without one, of the last publication."""
        published = self.page.last_published_at
        return self.service.checked_on or (published and published.date())

    @property
    def links(self) -> list[dict[str, str]]:
        """Links to the other formats of this page."""
        return other_forms(self.page.service_code, self.page.slug, self.case.query)

    @property
    def sections(self) -> list[dict[str, str]]:
        """The page navigation: all sections that are not empty."""
        service = self.service
        contents = {
            "who": service.requirements,
            "first": self.prerequisites,
            "documents": service.document["documents"] or service.needs_no_documents,
            "steps": self.steps,
            "fees": service.document["fees"] or service.is_free,
            "where": service.channels,
            "result": service.outputs,
            "law": self.laws,
            "questions": service.faqs,
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


def present(page: ServicePage, query: Mapping[str, str] | None = None) -> PagePresentation:
    """The service for the case in a query string, in the language of the page.

    A published page is shown as it was published. A draft (its rows are in memory), and a page without a snapshot, is shown
    by the same document, built from the page.
    """
    return PagePresentation(page, service_of(page), query or {})

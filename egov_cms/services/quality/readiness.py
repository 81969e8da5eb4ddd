"""The whole catalogue measured: scores by ministry and unit, and what GEMS, the UN's survey and the Ur portal ask.

Everything here is a self-assessment from the ministry's own content, and every row that leaves the house says so.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import Avg, Count, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Locale

from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.editing.translation_matrix import languages
from egov_cms.language import TranslatedText, source_language
from egov_cms.services.choices import COUNTERS
from egov_cms.services.models import LinkCheck, ServiceExperience, ServicePage, ServiceSnapshot
from egov_cms.services.quality import links, reviews
from egov_cms.services.quality.score import Score, score
from egov_cms.site.models import (
    ContentPage,
    DailyPageCount,
    FaqPage,
    LegalReference,
    NewsPage,
    Notice,
    Office,
    OfficeIndexPage,
    OrganisationUnitPage,
    PageFeedback,
    SiteSettings,
)

Page = page_model()

SELF_ASSESSMENT = "self-assessment"


@dataclass(frozen=True)
class ServiceRow:
    """One public service. `usage`: views of its pages in a year, None where none was counted; `satisfaction`: the
    mean of 1 to 5, or None.
    """

    code: str
    title: str
    ministry: str
    unit: str
    unit_id: str
    page_pk: int
    score: Score
    gems_code: str
    status: str
    level: int
    ur_class: str
    web: bool
    mobile: bool
    languages: tuple[str, ...]
    faqs: int
    help: bool
    satisfaction_count: int
    satisfaction: float | None
    usage: int | None
    last_reviewed: dt.date | None
    overdue: bool
    link_works: bool | None


@dataclass(frozen=True)
class Check:
    """A line of the site's checklist: `present` None where this product cannot know it."""

    code: str
    label: str
    present: bool | None
    evidence: str


@dataclass
class Group:
    """A ministry or a unit with its services."""

    name: str
    rows: list[ServiceRow] = field(default_factory=list)

    @property
    def mean(self) -> int:
        return round(sum(row.score.total for row in self.rows) / len(self.rows))

    @property
    def overdue(self) -> int:
        return sum(row.overdue for row in self.rows)


@dataclass(frozen=True)
class Readiness:
    """The measured catalogue of one day."""

    day: dt.date
    services: list[ServiceRow]
    site: list[Check]
    unpublished: int

    @property
    def mean(self) -> int:
        return Group("", self.services).mean if self.services else 0

    def by_ministry(self) -> list[Group]:
        return _grouped(self.services, lambda row: row.ministry)

    def by_unit(self) -> list[Group]:
        return _grouped(
            self.services, lambda row: f"{row.ministry} / {row.unit}" if row.unit else row.ministry
        )

    def as_dict(self) -> dict[str, Any]:
        """For `readiness --format json`."""
        return {
            "kind": SELF_ASSESSMENT,
            "date": self.day.isoformat(),
            "mean_score": self.mean,
            "services_public": len(self.services),
            "services_unpublished": self.unpublished,
            "by_ministry": [
                {
                    "name": group.name,
                    "services": len(group.rows),
                    "mean_score": group.mean,
                    "overdue": group.overdue,
                }
                for group in self.by_ministry()
            ],
            "levels": {
                str(level): count for level, count in sorted(Counter(r.level for r in self.services).items())
            },
            "ur_classes": dict(sorted(Counter(row.ur_class or "none" for row in self.services).items())),
            "services": [_service_dict(row) for row in self.services],
            "site": [
                {
                    "code": check.code,
                    "present": check.present,
                    "evidence": check.evidence,
                    "kind": SELF_ASSESSMENT,
                }
                for check in self.site
            ],
        }


def _service_dict(row: ServiceRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "title": row.title,
        "ministry": row.ministry,
        "unit": row.unit,
        "kind": SELF_ASSESSMENT,
        "score": row.score.total,
        "missing": {item.code: item.points for item in row.score.missing},
        "cheapest_fixes": [
            {"code": item.code, "points": item.points, "field": item.field, "fix": item.fix}
            for item in row.score.cheapest()
        ],
        "gems_code": row.gems_code,
        "visits": row.usage,
        "status": row.status,
        "digital_level": row.level,
        "ur_class": row.ur_class,
        "languages": list(row.languages),
        "last_reviewed": row.last_reviewed.isoformat() if row.last_reviewed else None,
        "overdue": row.overdue,
        "start_link_works": row.link_works,
    }


def _grouped(rows, name_of) -> list[Group]:
    groups: dict[str, Group] = {}
    for row in rows:
        name = name_of(row) or _("Without a unit")
        groups.setdefault(name, Group(name)).rows.append(row)
    return sorted(groups.values(), key=lambda group: (group.mean, group.name))


def measure(language: str | None = None, today: dt.date | None = None) -> Readiness:
    """Everything, with names in one language. About fifteen queries for any number of services."""
    today = today or timezone.localdate()
    language = language or source_language()
    surroundings = Surroundings(today)
    snapshots = ServiceSnapshot.objects.public().order_by("service_code")
    rows = [
        surroundings.row(snapshot.page_id, snapshot.document, language)
        for snapshot in snapshots.iterator(chunk_size=500)
    ]
    drafts = ServicePage.objects.filter(locale=Locale.get_default(), live=False).count()
    return Readiness(today, rows, site_checks(), drafts)


class Surroundings:
    """What the score needs besides a service's own document, loaded once for all services."""

    def __init__(self, today: dt.date):
        self.today = today
        self.languages = tuple(languages())
        units = OrganisationUnitPage.objects.filter(locale=Locale.get_default())
        self._unit_pk = {}
        self._reachable = set()
        for pk, key, email, phones in units.values_list("pk", "translation_key", "email", "phones"):
            self._unit_pk[str(key)] = pk
            if email or phones:
                self._reachable.add(pk)
        offices = Office.objects.public().values_list("unit", "kind", "pk")
        self._offices_of_unit = Counter(unit for unit, _kind, _pk in offices)
        self._offices_of_kind = Counter(kind for _unit, kind, _pk in offices)
        self._office_units = set(self._offices_of_unit)
        self._broken = dict(LinkCheck.objects.values_list("url", "failures"))
        graded = ServiceExperience.objects.counted().filter(satisfaction__isnull=False)
        self._satisfaction = {
            pk: (count, mean)
            for pk, count, mean in graded.values_list("page")
            .annotate(count=Count("pk"), mean=Avg("satisfaction"))
            .order_by()
        }

        self._usage = usage(today)

    def unit_pk(self, unit) -> int | None:
        return self._unit_pk.get(unit["id"]) if unit else None

    def offices(self, document) -> int:
        """How many public offices give the service."""
        listed = sum(bool(row["office"] or row["governorate"]) for row in document["offerings"])
        unit = self.unit_pk(document["unit"])
        for row in document["channels"]:
            if row["kind"] in COUNTERS and row["offices_rule"] == "unit":
                listed += self._offices_of_unit.get(unit, 0)
            elif row["kind"] in COUNTERS and row["offices_rule"] == "kind":
                listed += self._offices_of_kind.get(row["office_kind"], 0)
        return listed

    def contact(self, document) -> bool:
        """Can somebody be called or written to: a channel's telephone, the unit's own, or an office of the unit?"""
        unit = self.unit_pk(document["unit"])
        return (
            any(row["phone"] for row in document["channels"])
            or unit in self._reachable
            or (unit is not None and unit in self._office_units)
        )

    def score(self, document) -> Score:
        return score(
            document,
            offices=self.offices(document),
            contact=self.contact(document),
            languages=self.languages,
            today=self.today,
        )

    def row(self, page_pk, document, language) -> ServiceRow:
        channels = document["channels"]
        kinds = {row["kind"] for row in channels}
        start = next(
            (row["url"] for row in channels if row["kind"] == "online" and row["url"]), document["ur_url"]
        )
        last = document["last_reviewed_at"] and dt.date.fromisoformat(document["last_reviewed_at"])
        published = document["first_published_at"]
        counted = last or (published and dt.datetime.fromisoformat(published).date())
        count, mean = self._satisfaction.get(page_pk, (0, None))
        return ServiceRow(
            code=document["code"],
            title=_name(document["title"], language),
            ministry=_unit_name(document["ministry"], language),
            unit="" if document["unit"] == document["ministry"] else _unit_name(document["unit"], language),
            unit_id=document["unit"]["id"] if document["unit"] else "",
            page_pk=page_pk,
            score=self.score(document),
            gems_code=document["gems_code"],
            status=document["status"],
            level=document["digital_level"],
            ur_class=document["ur_class"],
            web="online" in kinds,
            mobile="mobile" in kinds,
            languages=tuple(document["title"]),
            faqs=len(document["faqs"]),
            help=self.contact(document),
            satisfaction_count=count,
            satisfaction=round(float(mean), 2) if mean is not None else None,
            usage=self._usage.get(document["id"]),
            last_reviewed=last or None,
            overdue=bool(counted) and reviews.add_months(counted, document["review_months"]) < self.today,
            link_works=None if start not in self._broken else self._broken[start] < links.FAILURES,
        )


def usage(today: dt.date, days: int = 365) -> dict[str, int]:
    """Translation key of a service → how often its pages were opened, in all languages. One query."""
    counts = DailyPageCount.objects.filter(
        day__gt=today - dt.timedelta(days=days), page__in=ServicePage.objects.values("pk")
    )
    sums = counts.order_by().values("page__translation_key").annotate(total=Sum("visits"))
    return {str(key): total for key, total in sums.values_list("page__translation_key", "total")}


def _name(names, language) -> str:
    return TranslatedText(names).best(language)[0]


def _unit_name(unit, language) -> str:
    return _name(unit["name"], language) if unit else ""


def site_checks() -> list[Check]:
    """The checklist of the site in the order of the UN's Online Services Index: what is there, by what it is known."""
    kinds = set(ContentPage.objects.public().values_list("kind", flat=True).distinct())
    settings = SiteSettings.objects.first()
    handled = PageFeedback.objects.exclude(status=PageFeedback.Status.NEW).count()
    graded = ServiceExperience.objects.filter(satisfaction__isnull=False).count()
    counted = (
        ("search", _("Search"), apps.is_installed("egov_cms.search"), "/search/"),
        (
            "contact",
            _("Contact details"),
            bool(settings and (settings.phones or settings.email)),
            "SiteSettings",
        ),
        ("offices", _("Offices with hours"), OfficeIndexPage.objects.public().exists(), "/offices/"),
        ("help", _("Help and common questions"), FaqPage.objects.public().exists(), "/faq/"),
        ("accessibility", _("Accessibility statement"), "accessibility" in kinds, "ContentPage"),
        ("privacy", _("Privacy statement"), "privacy" in kinds, "ContentPage"),
        ("licence", _("Licence for reuse"), "licence" in kinds, "ContentPage"),
        ("languages", _("More than one language"), Locale.objects.count() > 1, "Locale"),
        ("news", _("News within the last 30 days"), _recent(NewsPage.objects.public()), "/news/"),
        ("legislation", _("Legislation"), LegalReference.objects.public().exists(), "/legislation/"),
        ("organisation", _("Organisation"), OrganisationUnitPage.objects.public().exists(), "/organisation/"),
        ("notices", _("Notices of service status"), Notice.objects.public().exists(), "/status/"),
        ("feedback", _("Feedback on every page"), True, "PageFeedback"),
        ("feedback_acted_on", _("Feedback is acted on"), handled > 0, "PageFeedback"),
        ("satisfaction", _("Satisfaction is measured"), graded > 0, "ServiceExperience"),
        ("open_data", _("Open data"), apps.is_installed("open_data"), "/data/"),
        ("budget", _("Budget"), apps.is_installed("transparency"), "/budget/"),
        ("tenders", _("Tenders and contracts"), apps.is_installed("transparency"), "/tenders/"),
        ("api", _("Interface for programs"), apps.is_installed("egov_cms.api"), "/api/v1/"),
        ("usage_statistics", _("Usage statistics are published"), None, ""),
        ("participation", _("Consultations"), None, ""),
    )
    return [Check(code, label, present, evidence) for code, label, present, evidence in counted]


def _recent(pages) -> bool:
    return pages.filter(date__gte=timezone.localdate() - dt.timedelta(days=30)).exists()


def document_of(page) -> dict[str, Any]:
    """The part of a snapshot's document that the score reads, of a page in memory: the version being edited."""
    columns = (
        "needs_no_documents", "is_free", "ur_class", "ur_url", "duration_min", "duration_max", "duration_unit",
        "not_applicable", "last_reviewed_at", "review_months",
    )  # fmt: skip
    rows = {name: list(getattr(page, name).all()) for name in ("documents", "channels", "offerings")}
    titles, summaries = defaultdict(str), defaultdict(str)
    pages = ServicePage.objects.public().filter(translation_key=page.translation_key)
    for code, title, summary in pages.values_list("locale__language_code", "title", "summary"):
        titles[code], summaries[code] = title, summary
    unit = Page.objects.filter(pk=page.owner_unit_id).values_list("translation_key", flat=True).first()
    return {
        **{name: getattr(page, name) for name in columns},
        "title": titles,
        "summary": summaries,
        "unit": {"id": str(unit)} if unit else None,
        "documents": [{"form": row.form_id} for row in rows["documents"]],
        "channels": [
            {name: getattr(row, name) for name in ("kind", "url", "phone", "offices_rule", "office_kind")}
            for row in rows["channels"]
        ],
        "offerings": [
            {"office": row.office_id, "governorate": row.governorate_id} for row in rows["offerings"]
        ],
        **{
            name: list(getattr(page, name).all())
            for name in ("fees", "steps", "requirements", "outputs", "legal", "faqs")
        },
    }


def score_of(page, today: dt.date | None = None) -> Score:
    """The score of the version that is in memory, for the editor."""
    return Surroundings(today or timezone.localdate()).score(document_of(page))

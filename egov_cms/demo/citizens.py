"""Invented use of the demonstration: citizens' answers about services, page views, an earlier version of a service.

The data is the same in every demonstration, because the random generator has a fixed seed.
"""

import datetime as dt
import random

from django.utils import timezone
from wagtail.models import Site

from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.language import source_language
from egov_cms.services.experience.declared import declared
from egov_cms.services.models import ServiceBurden, ServiceExperience, ServicePage
from egov_cms.services.reform import burden
from egov_cms.site.models import DailyPageCount, Governorate

Page = page_model()

# Service → how many people answered; figures are public from twenty on.
ANSWER_COUNTS = {"IQ-MOI-001": 41, "IQ-MOI-003": 34, "IQ-MOI-004": 12, "IQ-MOTR-001": 23}
COMMENTS = (
    "الموظفون متعاونون لكن الانتظار طويل.",
    "طلبوا نسخة ثالثة من البطاقة ولم تكن في القائمة.",
    "تم كل شيء في اليوم نفسه، شكراً.",
    "نظامی نۆرەگرتن باش بوو.",
)
SIMPLIFIED_SERVICE = "IQ-MOI-004"
DAYS = 60
MOST_VIEWS = 90


def load():
    """Add what is missing; existing data is not changed."""
    load_answers()
    load_page_views()
    load_earlier_version()


def load_answers():
    if ServiceExperience.objects.exists():
        return
    chance, today = random.Random(1975), timezone.localdate()  # noqa: S311
    governorates = list(Governorate.objects.order_by("sort_order")[:6])
    answers = []
    services = ServicePage.objects.filter(
        service_code__in=ANSWER_COUNTS, locale__language_code=source_language()
    ).order_by("service_code")
    for page in services:
        facts = declared(page, today)
        answers += [
            answer(page, facts, chance, today, governorates) for _ in range(ANSWER_COUNTS[page.service_code])
        ]
    ServiceExperience.objects.bulk_create(answers)


def answer(page, facts, chance, today, governorates):
    """One answer with values near the declared `facts`; one in twelve has a higher fee and more visits."""
    outlier = chance.random() < 1 / 12
    factor = chance.uniform(0.4, 2.6 if outlier else 1.4) if facts.days is not None else None
    days = None if factor is None else max(0, round(facts.days * factor))
    return ServiceExperience(
        page=page,
        reported_on=today - dt.timedelta(days=chance.randrange(DAYS)),
        locale_code=chance.choice(("ar", "ar", "ckb")),
        governorate=chance.choice(governorates),
        outcome=chance.choice(("yes", "yes", "yes", "yes", "waiting", "no")),
        days=days,
        fee_minor=None if facts.fee_minor is None else facts.fee_minor + (10_000 if outlier else 0),
        visits=None if facts.visits is None else facts.visits + (2 if outlier else chance.choice((0, 0, 1))),
        satisfaction=chance.choice((2, 3, 4, 4, 5)),
        comment=chance.choice(COMMENTS) if chance.random() < 0.2 else "",
        declared_days=facts.days,
        declared_fee_minor=facts.fee_minor,
        declared_visits=facts.visits,
    )


def load_page_views():
    """Page views of sixty days for every public page down to tree depth 4 (the services)."""
    site = Site.objects.filter(is_default_site=True).first()
    if site is None or DailyPageCount.objects.exists():
        return
    roots = {
        root.language_code: root.root_path for root in Site.get_site_root_paths() if root.site_id == site.pk
    }
    chance, today = random.Random(2026), timezone.localdate()  # noqa: S311
    rows = []
    pages = Page.objects.live().filter(depth__range=(2, 4)).order_by("path").select_related("locale")
    for page in pages:
        code = page.locale.language_code
        if not page.url_path.startswith(roots.get(code, "\0")):
            continue
        average = max(1, round(chance.paretovariate(1.2) * 3))
        rows += [
            DailyPageCount(
                day=today - dt.timedelta(days=ago),
                site=site,
                path=f"/{code}/{page.url_path.removeprefix(roots[code])}",
                locale=code,
                page=page,
                visits=min(MOST_VIEWS, round(average * chance.uniform(0.5, 1.5))),
            )
            for ago in range(DAYS)
        ]
    DailyPageCount.objects.bulk_create([row for row in rows if row.visits], batch_size=500)


def load_earlier_version():
    """A version of one service from two years ago, with two documents and one visit more than today."""
    burden.catch_up()
    current = ServiceBurden.objects.filter(service_code=SIMPLIFIED_SERVICE, current=True).first()
    if (
        current is None
        or ServiceBurden.objects.filter(service_code=SIMPLIFIED_SERVICE, current=False).exists()
    ):
        return
    ServiceBurden.objects.create(
        page=current.page,
        service_code=SIMPLIFIED_SERVICE,
        measured_at=timezone.now() - dt.timedelta(days=2 * 365),
        current=False,
        documents=current.documents + 2,
        copies=current.copies + 2,
        visits=current.visits + 1,
        signatures=current.signatures,
        days=current.days,
        fee_minor=current.fee_minor,
        fee_open=current.fee_open,
    )

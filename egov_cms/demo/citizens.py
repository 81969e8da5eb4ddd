"""What citizens of the demonstration did and said: answers about services, page views, a lighter service.

Invented, and the same in every demonstration: the numbers come from a generator with a fixed seed.
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
ANSWERED = {"IQ-MOI-001": 41, "IQ-MOI-003": 34, "IQ-MOI-004": 12, "IQ-MOTR-001": 23}
COMMENTS = (
    "الموظفون متعاونون لكن الانتظار طويل.",
    "طلبوا نسخة ثالثة من البطاقة ولم تكن في القائمة.",
    "تم كل شيء في اليوم نفسه، شكراً.",
    "نظامی نۆرەگرتن باش بوو.",
)
LIGHTER = "IQ-MOI-004"
DAYS = 60
MOST_VIEWS = 90


def load():
    """Add what is missing; what is there stays."""
    load_answers()
    load_page_views()
    load_versions()


def load_answers():
    if ServiceExperience.objects.exists():
        return
    chance, today = random.Random(1975), timezone.localdate()  # noqa: S311
    governorates = list(Governorate.objects.order_by("sort_order")[:6])
    answers = []
    services = ServicePage.objects.filter(
        service_code__in=ANSWERED, locale__language_code=source_language()
    ).order_by("service_code")
    for page in services:
        known = declared(page, today)
        answers += [
            answer(page, known, chance, today, governorates) for _ in range(ANSWERED[page.service_code])
        ]
    ServiceExperience.objects.bulk_create(answers)


def answer(page, known, chance, today, governorates):
    """One answer near what is declared; one in twelve pays more or comes more often."""
    odd = chance.random() < 1 / 12
    days = (
        None if known.days is None else max(0, round(known.days * chance.uniform(0.4, 2.6 if odd else 1.4)))
    )
    return ServiceExperience(
        page=page,
        reported_on=today - dt.timedelta(days=chance.randrange(DAYS)),
        locale_code=chance.choice(("ar", "ar", "ckb")),
        governorate=chance.choice(governorates),
        outcome=chance.choice(("yes", "yes", "yes", "yes", "waiting", "no")),
        days=days,
        fee_minor=None if known.fee_minor is None else known.fee_minor + (10_000 if odd else 0),
        visits=None if known.visits is None else known.visits + (2 if odd else chance.choice((0, 0, 1))),
        satisfaction=chance.choice((2, 3, 4, 4, 5)),
        comment=chance.choice(COMMENTS) if chance.random() < 0.2 else "",
        declared_days=known.days,
        declared_fee_minor=known.fee_minor,
        declared_visits=known.visits,
    )


def load_page_views():
    """Sixty days of every public page down to the services."""
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
        usual = max(1, round(chance.paretovariate(1.2) * 3))
        rows += [
            DailyPageCount(
                day=today - dt.timedelta(days=ago),
                site=site,
                path=f"/{code}/{page.url_path.removeprefix(roots[code])}",
                locale=code,
                page=page,
                visits=min(MOST_VIEWS, round(usual * chance.uniform(0.5, 1.5))),
            )
            for ago in range(DAYS)
        ]
    DailyPageCount.objects.bulk_create([row for row in rows if row.visits], batch_size=500)


def load_versions():
    """A version of one service of two years ago, with two papers and a visit more than today."""
    burden.catch_up()
    now = ServiceBurden.objects.filter(service_code=LIGHTER, current=True).first()
    if now is None or ServiceBurden.objects.filter(service_code=LIGHTER, current=False).exists():
        return
    then = timezone.now() - dt.timedelta(days=2 * 365)
    ServiceBurden.objects.create(
        page=now.page,
        service_code=LIGHTER,
        measured_at=then,
        current=False,
        documents=now.documents + 2,
        copies=now.copies + 2,
        visits=now.visits + 1,
        signatures=now.signatures,
        days=now.days,
        fee_minor=now.fee_minor,
        fee_open=now.fee_open,
    )

"""Whether the places where services begin online still answer, and what a page shows when they do not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.models import Locale

from egov_cms.fetching import CheckResult, check
from egov_cms.language import source_language
from egov_cms.services.choices import COUNTERS
from egov_cms.services.models import LinkCheck, ServiceChannel, ServicePage
from egov_cms.services.snapshots.service import Service
from egov_cms.site.page_cache import cached_by_version, drop
from egov_cms.site.tags import label

# One failure may be the network's; after two in a row the page says so.
FAILURES = 2
AT_ONCE = 8
ONLINE = ("online", "mobile")
# Without these a service begins nowhere, whatever its address answers.
CLOSED = ("suspended", "planned", "retired")


@dataclass(frozen=True)
class StartLink:
    """Where a service begins online. `fallback` is the text to show instead of the button when `works` is False."""

    url: str
    works: bool
    fallback: str


@dataclass(frozen=True)
class Run:
    """What a run found: addresses asked, those that do not answer now, those that pages now show as broken."""

    checked: int
    failing: int
    broken: int


def start_link(service: Service | ServicePage) -> StartLink | None:
    """Where this service begins, in its language; None when it has no address or is not given at present."""
    url = start_url(service)
    if not url:
        return None
    broken = url in cached_by_version("broken-links", _broken)
    return StartLink(url, not broken, _fallback(service) if broken else "")


def _broken() -> set[str]:
    return set(LinkCheck.objects.filter(failures__gte=FAILURES).values_list("url", flat=True))


def start_url(service: Service | ServicePage) -> str:
    """The address of the first online channel, else of the service in the Ur portal."""
    if service.status in CLOSED:
        return ""
    return next((row.url for row in _channels(service) if row.kind == "online" and row.url), service.ur_url)


def _channels(service):
    rows = service.channels
    return rows if isinstance(rows, list) else rows.all()


def _fallback(service) -> str:
    text = _("The online service does not answer at present. We check it every night.")
    kinds = {row.kind for row in _channels(service)}
    if kinds & set(COUNTERS):
        return text + " " + _("You can apply at an office meanwhile.")
    if "phone" in kinds:
        return text + " " + _("You can call meanwhile.")
    return text + " " + _("Please try again later.")


def check_links(ask: Callable[[str], CheckResult] = check) -> Run:
    """Ask every address at which a public service begins, and write down what it answers."""
    wanted = sorted(_addresses())
    held = {row.url: row for row in LinkCheck.objects.all()}
    LinkCheck.objects.filter(pk__in=[row.pk for url, row in held.items() if url not in set(wanted)]).delete()
    before = {url for url in wanted if url in held and is_broken(held[url])}
    # The reasons are kept in the source language: editors of one ministry share it.
    with ThreadPoolExecutor(AT_ONCE) as pool:
        results = dict(zip(wanted, pool.map(lambda url: _in_source_language(ask, url), wanted), strict=True))
    rows = [_noted(held.get(url) or LinkCheck(url=url), results[url]) for url in wanted]
    LinkCheck.objects.bulk_create([row for row in rows if row.pk is None])
    columns = ["checked_at", "ok", "http_status", "failures", "message"]
    LinkCheck.objects.bulk_update([row for row in rows if row.pk is not None], columns, batch_size=200)
    broken = {row.url for row in rows if is_broken(row)}
    if broken != before:
        drop({label(LinkCheck)})
    return Run(len(rows), sum(not row.ok for row in rows), len(broken))


def is_broken(row: LinkCheck) -> bool:
    return row.failures >= FAILURES


def _in_source_language(ask, url):
    with translation.override(source_language()):
        return ask(url)


def _addresses() -> set[str]:
    pages = ServicePage.objects.public().filter(locale=Locale.get_default()).exclude(status__in=CLOSED)
    rows = ServiceChannel.objects.filter(page__in=pages, kind__in=ONLINE).exclude(url="")
    return {*rows.values_list("url", flat=True), *pages.exclude(ur_url="").values_list("ur_url", flat=True)}


def _noted(row, result):
    row.checked_at = timezone.now()
    row.ok, row.http_status, row.message = result.ok, result.status, result.message[:250]
    row.failures = 0 if result.ok else min(row.failures + 1, 9999)
    return row


def broken_links() -> list[tuple[LinkCheck, list[ServicePage]]]:
    """Addresses that do not answer with the services (source pages) that send people there. Three queries."""
    rows = list(LinkCheck.objects.filter(failures__gte=FAILURES).order_by("-failures", "url"))
    urls = [row.url for row in rows]
    pages = ServicePage.objects.public().filter(locale=Locale.get_default()).select_related("locale")
    users: dict[str, list[ServicePage]] = defaultdict(list)
    for channel in ServiceChannel.objects.filter(url__in=urls, page__in=pages).select_related("page__locale"):
        users[channel.url].append(channel.page)
    for page in pages.filter(ur_url__in=urls):
        users[page.ur_url].append(page)
    return [(row, users[row.url]) for row in rows]

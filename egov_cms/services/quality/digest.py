"""One mail for each person who keeps services true: what is due, with a link that confirms each service.

Who is asked grows with the delay: the owner, then the backup as well, then the head of the unit; where nobody of
these can be reached, the complaints officers. Running twice on a day sends nothing twice.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.auth import get_user_model
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import ngettext
from wagtail.models import Locale, Site
from wagtail.users.models import UserProfile

from egov_cms.conf import egov_settings
from egov_cms.language import content_languages, format_number, source_language
from egov_cms.services.models import ReviewConfirmation, ServicePage
from egov_cms.services.quality.reviews import ReviewState, due_services, new_link
from egov_cms.site.models import OrganisationUnitPage
from egov_cms.site.models.organisation import Appointment, Rank
from egov_cms.site.roles import COMPLAINTS_OFFICER

logger = logging.getLogger("egov_cms.services")

OWNER, BACKUP, HEAD = 0, 1, 2


@dataclass(frozen=True)
class Recipient:
    """Somebody who can be written to; `user` is None for an address without an account."""

    email: str
    user: object | None = None


@dataclass
class Asked:
    """A service in somebody's digest."""

    page: ServicePage
    state: ReviewState
    level: int
    title: str = ""
    url: str = ""
    confirm_url: str = ""


@dataclass
class Summary:
    """What a run did: mails sent, services named in them, addresses whose mail failed, services that nobody keeps."""

    mails: int = 0
    services: int = 0
    failed: list[str] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)


def send_digests(today: dt.date | None = None) -> Summary:
    """Write to everybody who has something to check and was not written to about it lately."""
    today = today or timezone.localdate()
    summary = Summary()
    plan = plan_digests(today, summary)
    languages = _languages(plan)
    for recipient, asked in plan.items():
        try:
            with transaction.atomic():
                _send(recipient, asked, languages.get(getattr(recipient.user, "pk", None), ""))
        except OSError as error:  # smtplib's errors are OSErrors; the rows of unsent links roll back with it.
            logger.error("The review digest for %s was not sent: %s", recipient.email, error)
            summary.failed.append(recipient.email)
        else:
            summary.mails += 1
            summary.services += len(asked)
    return summary


def notice_days() -> int:
    """How many days before it is due a service is named."""
    return egov_settings.REVIEW_NOTICE_DAYS


def plan_digests(today: dt.date, summary: Summary) -> dict[Recipient, list[Asked]]:
    """Who is to be asked about what, without those asked within the last days."""
    due = due_services(today, notice_days())
    heads = _Heads(page.owner_unit for _state, page in due if page.owner_unit)
    lately = _asked_since(today - dt.timedelta(days=max(egov_settings.REVIEW_REPEAT_DAYS - 1, 0)))
    plan: dict[Recipient, list[Asked]] = defaultdict(list)
    for state, page in due:
        chosen = recipients(page, state, heads)
        if not chosen:
            summary.orphans.append(page.service_code)
        for level, recipient in chosen:
            # Whoever was asked as the backup is asked again as soon as the matter has gone further up.
            if (page.pk, recipient.email, level) not in lately:
                plan[recipient].append(Asked(page, state, level))
    return plan


def recipients(page, state: ReviewState, heads) -> list[tuple[int, Recipient]]:
    """The people to ask, each once, as (escalation, recipient). Somebody who has left is passed over for the next."""
    chain = [
        (OWNER, 0, [_user(page.content_owner) or _address(page.owner_email)]),
        (BACKUP, egov_settings.REVIEW_BACKUP_DAYS, [_user(page.backup_owner)]),
        (HEAD, egov_settings.REVIEW_HEAD_DAYS, heads.of(page.owner_unit)),
    ]
    found: dict[str, tuple[int, Recipient]] = {}
    for level, days, people in chain:
        people = [person for person in people if person]
        if state.days_late < days and found:
            break
        for person in people:
            found.setdefault(person.email, (level, person))
    return list(found.values())


def _user(user) -> Recipient | None:
    return Recipient(user.email.lower(), user) if user and user.is_active and user.email else None


def _address(email) -> Recipient | None:
    return Recipient(email.lower()) if email else None


class _Heads:
    """Who stands above a unit: its head, else its own address, the same of the units above, else the complaints officers."""

    def __init__(self, units: Iterable):
        units = {unit.pk: unit for unit in units}
        self._units = _with_ancestors(units.values())
        pks = [unit.pk for unit in self._units.values()]
        today = timezone.localdate()
        rows = Appointment.objects.filter(
            unit__in=pks, rank__lte=Rank.HEAD, page__locale=Locale.get_default()
        )
        self._heads: dict[int, str] = {}
        for row in rows.select_related("page").order_by("rank", "pk"):
            if row.page.live and row.page.email and row.is_current(today):
                self._heads.setdefault(row.unit_id, row.page.email)
        self._officers: list[Recipient] | None = None

    def of(self, unit) -> list[Recipient]:
        path = unit.path if unit else ""
        while path:
            above = self._units.get(path)
            if above is not None and (email := self._heads.get(above.pk) or above.email):
                return [Recipient(email.lower())]
            path = path[: -OrganisationUnitPage.steplen]
        if self._officers is None:
            users = get_user_model().objects.filter(groups__name=COMPLAINTS_OFFICER, is_active=True)
            self._officers = [person for user in users.distinct() if (person := _user(user))]
        return self._officers


def _with_ancestors(units) -> dict[str, OrganisationUnitPage]:
    steps = OrganisationUnitPage.steplen
    paths = {unit.path[:end] for unit in units for end in range(steps, len(unit.path) + 1, steps)}
    return {unit.path: unit for unit in OrganisationUnitPage.objects.filter(path__in=paths)} if paths else {}


def _asked_since(day) -> set[tuple[int, str, int]]:
    rows = ReviewConfirmation.objects.filter(sent_at__date__gte=day, via=ReviewConfirmation.Via.MAIL)
    return set(rows.values_list("page_id", "email", "escalation"))


def _languages(plan) -> dict[int, str]:
    users = [recipient.user for recipient in plan if recipient.user]
    profiles = UserProfile.objects.filter(user__in=users).values_list("user_id", "preferred_language")
    return {user: language for user, language in profiles if language in content_languages()}


def _send(recipient: Recipient, asked: list[Asked], language: str):
    language = language or source_language()
    with translation.override(language):
        _fill(asked, recipient, language)
        late = sum(item.state.late for item in asked)
        subject = ngettext(
            "%(count)s service to check: is it still correct?",
            "%(count)s services to check: are they still correct?",
            len(asked),
        ) % {"count": format_number(len(asked), language)}
        context = {
            "asked": sorted(asked, key=lambda item: item.state.due),
            "late": late,
            "name": recipient.user.get_full_name() if recipient.user else "",
            "link_days": egov_settings.REVIEW_LINK_DAYS,
            "language": language,
            "head": any(item.level == HEAD for item in asked),
            "backup": any(item.level == BACKUP for item in asked),
        }
        text = render_to_string("egov_services/quality/digest.txt", context)
        mail = EmailMultiAlternatives(subject, text.strip() + "\n", to=[recipient.email])
        mail.attach_alternative(render_to_string("egov_services/quality/digest.html", context), "text/html")
        mail.send()


def _fill(asked, recipient, language):
    """Titles and addresses in the reader's language, and a link for each service."""
    keys = [item.page.translation_key for item in asked]
    pages = ServicePage.objects.public().filter(translation_key__in=keys, locale__language_code=language)
    here = {page.translation_key: page for page in pages.select_related("locale")}
    site = Site.objects.filter(is_default_site=True).first()
    root = site.root_url if site else ""
    for item in asked:
        page = here.get(item.page.translation_key, item.page)
        item.title, item.url = page.title, page.full_url or ""
        token, _row = new_link(item.page, recipient.email, recipient.user, item.level)
        item.confirm_url = root + reverse("egov_review", args=[token])

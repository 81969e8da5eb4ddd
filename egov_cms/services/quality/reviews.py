"""When a service has to be looked at again, and what happens when somebody says “still correct”."""

from __future__ import annotations

import calendar
import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Locale, Revision

from egov_cms.conf import egov_settings
from egov_cms.services.choices import ReviewPeriod
from egov_cms.services.models import ReviewConfirmation, ServicePage
from egov_cms.site.facts import open_revisions
from egov_cms.site.publication import changed, together

SALT = "egov_services.review"
CONFIRMED = "egov.confirm_review"


@dataclass(frozen=True)
class ReviewState:
    """`last` is the day of the last check (else of the first publication), `due` the day of the next one.

    `late` is what the public label turns amber for; `days_late` counts from the day after `due`.
    """

    last: dt.date | None
    due: dt.date
    late: bool
    days_late: int
    checked: bool


class LinkProblem(Exception):
    """Why a mailed link confirms nothing. `code`: forged, expired, used."""

    def __init__(self, code: str, confirmation: ReviewConfirmation | None = None):
        self.code = code
        self.confirmation = confirmation
        super().__init__(code)


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or that month's last day: 31 January + 1 month = 28 or 29 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def review_state(page, today: dt.date | None = None) -> ReviewState:
    """How long ago the facts of a service were checked, and whether that is too long. `page` is of any language."""
    today = today or timezone.localdate()
    published = page.first_published_at
    last = page.last_reviewed_at or (timezone.localdate(published) if published else None)
    due = add_months(last, page.review_months) if last else today
    return ReviewState(last, due, due < today, max(0, (today - due).days), page.last_reviewed_at is not None)


def due_services(today: dt.date, within_days: int = 0, kept_by=None) -> list[tuple[ReviewState, ServicePage]]:
    """Public services (source pages) whose check is due by `today` + `within_days`: the longest overdue first.

    `kept_by` leaves only those that this user owns or backs up.
    """
    horizon = today + dt.timedelta(days=within_days)
    reached = Q()
    for months in ReviewPeriod.values:
        # A few days of slack for months of different length; the exact day is worked out below.
        latest = add_months(horizon, -months) + dt.timedelta(days=4)
        unchecked = Q(last_reviewed_at=None, first_published_at__date__lte=latest)
        reached |= Q(review_months=months) & (Q(last_reviewed_at__lte=latest) | unchecked)
    pages = (
        ServicePage.objects.public()
        .filter(reached, locale=Locale.get_default())
        .exclude(status="retired")
        .select_related("content_owner", "backup_owner", "owner_unit", "locale")
    )
    if kept_by is not None:
        pages = pages.filter(Q(content_owner=kept_by) | Q(backup_owner=kept_by))
    found = [(review_state(page, today), page) for page in pages]
    return sorted(
        ((state, page) for state, page in found if state.due <= horizon),
        key=lambda pair: (pair[0].due, pair[1].pk),
    )


def confirm(
    page, user=None, via=ReviewConfirmation.Via.EDITOR, email="", note="", today=None
) -> ReviewConfirmation:
    """Say that a service is still correct: all languages show the new day, and the log keeps who said so."""
    source = _source(page)
    with together(user=user):
        confirmation = ReviewConfirmation.objects.create(
            page=source, user=user, email=email, via=via, note=note[:500], confirmed_at=timezone.now()
        )
        _write_day(source, user, today or timezone.localdate())
        log(instance=source, action=CONFIRMED, user=user, data={"via": str(via), "email": email})
    return confirmation


def _source(page):
    if page.locale_id == Locale.get_default().pk:
        return page
    return ServicePage.objects.get(translation_key=page.translation_key, locale=Locale.get_default())


def _write_day(source, user, today):
    """On the pages and in every version that may become public, so that an old draft does not bring back an old day."""
    family = ServicePage.objects.filter(translation_key=source.translation_key)
    family.update(last_reviewed_at=today, reviewed_by=user)
    for page in family:
        for revision in open_revisions(page):
            revision.content |= {
                "last_reviewed_at": today.isoformat(),
                "reviewed_by": user.pk if user else None,
            }
            Revision.objects.filter(pk=revision.pk).update(content=revision.content)
    for page in family:
        changed(page, "saved")


def new_link(page, email: str, user=None, escalation: int = 0) -> tuple[str, ReviewConfirmation]:
    """A token for a mailed link and the row that waits for it. The row holds the token's SHA-256 only."""
    token = signing.dumps([page.pk, secrets.token_urlsafe(12)], salt=SALT)
    row = ReviewConfirmation.objects.create(
        page=page,
        email=email,
        user=user,
        via=ReviewConfirmation.Via.MAIL,
        token_hash=token_hash(token),
        sent_at=timezone.now(),
        escalation=escalation,
    )
    return token, row


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def read_link(token: str, *, lock: bool = False) -> ReviewConfirmation:
    """The row that a mailed token belongs to, still unused. Raises LinkProblem."""
    try:
        signing.loads(token, salt=SALT, max_age=egov_settings.REVIEW_LINK_DAYS * 86400)
    except signing.SignatureExpired:
        raise LinkProblem("expired") from None
    except signing.BadSignature:
        raise LinkProblem("forged") from None
    rows = ReviewConfirmation.objects.filter(token_hash=token_hash(token))
    # Locked alone: the outer joins of the related rows cannot be.
    row = rows.select_for_update().first() if lock else rows.select_related("page__locale", "user").first()
    if row is None:
        raise LinkProblem("forged")
    if row.confirmed_at is not None:
        raise LinkProblem("used", row)
    return row


@transaction.atomic
def confirm_link(token: str, today: dt.date | None = None) -> ReviewConfirmation:
    """Use a mailed link: works once. Raises LinkProblem."""
    row = read_link(token, lock=True)
    row.confirmed_at = timezone.now()
    row.save(update_fields=["confirmed_at"])
    user = row.user if row.user_id and row.user.is_active else None
    _write_day(row.page, user, today or timezone.localdate())
    log(instance=row.page, action=CONFIRMED, user=user, data={"via": str(row.via), "email": row.email})
    return row

"""The notices on the page of a service, and which of them suspend it."""

from __future__ import annotations

from egov_cms.site.models import Governorate, Notice


def own_notices(around: list[Notice], governorate: Governorate | None) -> list[Notice]:
    """The notices in `Notice.objects.around(page)` that name the page, and those of the chosen governorate.

    Notices that are limited to other places are left out.
    """
    own = [notice for notice in around if notice.itself and _concerns(notice, governorate)]
    if governorate is None:
        return own
    of_places = (notice for notice in Notice.objects.of_places() if not notice.named)
    return own + [notice for notice in of_places if governorate in notice.places]


def _concerns(notice, governorate):
    if not notice.places or governorate is None:
        return True
    offices = {office.governorate_id for office in notice.offices.all()}
    return governorate in notice.places or governorate.pk in offices


def stops(notice: Notice) -> bool:
    """True if the notice suspends its services everywhere, not only at some places."""
    return notice.level == Notice.Level.SUSPENDED and not notice.places

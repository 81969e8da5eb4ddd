"""Which notices stand on the page of a service, and which keep people from beginning."""

from __future__ import annotations

from egov_cms.site.models import Governorate, Notice


def own_notices(around: list[Notice], governorate: Governorate | None) -> list[Notice]:
    """Out of `Notice.objects.around(page)` those that name the page, and those of the chosen governorate.

    One that is limited to other places is left out.
    """
    own = [notice for notice in around if notice.itself and _concerns(notice, governorate)]
    if governorate is None:
        return own
    there = (notice for notice in Notice.objects.of_places() if not notice.named)
    return own + [notice for notice in there if governorate in notice.places]


def _concerns(notice, governorate):
    if not notice.places or governorate is None:
        return True
    offices = {office.governorate_id for office in notice.offices.all()}
    return governorate in notice.places or governorate.pk in offices


def stops(notice: Notice) -> bool:
    """Does it suspend what it names everywhere, not only at some places?"""
    return notice.level == Notice.Level.SUSPENDED and not notice.places

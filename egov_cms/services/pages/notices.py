"""The notices on the page of a service, and which of them suspend it."""

from __future__ import annotations

from egov_cms.site.models import Governorate, Notice


def own_notices(around: list[Notice], governorate) -> list[Notice]:
    """The notices in `Notice.objects.around(page)` that name the page, and those of the chosen governorate.

    `governorate` is None or has a `code`. Notices that are limited to other places are left out.
    """
    own = [notice for notice in around if notice.itself and _concerns(notice, governorate)]
    if governorate is None:
        return own
    of_places = (notice for notice in Notice.objects.of_places() if not notice.named)
    return own + [notice for notice in of_places if governorate.code in _governorates(notice)]


def _concerns(notice, governorate):
    if not notice.places or governorate is None:
        return True
    offices = {office.governorate.code for office in notice.offices.all() if office.governorate_id}
    return governorate.code in _governorates(notice) | offices


def _governorates(notice):
    return {place.code for place in notice.places if isinstance(place, Governorate)}


def stops(notice: Notice) -> bool:
    """True if the notice suspends its services everywhere, not only at some places."""
    return notice.level == Notice.Level.SUSPENDED and not notice.places

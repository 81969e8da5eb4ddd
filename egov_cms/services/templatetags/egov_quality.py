"""`{% load egov_quality %}`: when a service was checked, how complete it is."""

from django import template

from egov_cms.services.models import ServicePage
from egov_cms.services.quality import readiness, reviews

register = template.Library()


@register.filter
def review_state(page):
    """`{% with page|review_state as review %}`: `review.last`, `review.due`, `review.late`."""
    return reviews.review_state(page)


@register.simple_tag
def service_score(thing):
    """`{% service_score page as found %}`: the score of a service in the editor, from its source page; else None."""
    if not isinstance(thing, ServicePage) or thing.pk is None:
        return None
    return readiness.score_of(thing)

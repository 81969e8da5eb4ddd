"""`{% load egov_truth %}`: when a service was checked, where it begins, how complete it is."""

from django import template

from egov_cms.services.models import ServicePage
from egov_cms.services.truth import links, readiness, reviews

register = template.Library()


@register.filter
def review_state(page):
    """`{% with page|review_state as review %}`: `review.last`, `review.due`, `review.late`."""
    return reviews.review_state(page)


@register.simple_tag
def start_link(page):
    """`{% start_link page as start %}`: `start.url`, `start.works`, `start.fallback`; None where it begins nowhere."""
    return links.start_link(page)


@register.simple_tag
def service_score(thing):
    """`{% service_score page as found %}`: the score of a service in the editor, from its source page; else None."""
    if not isinstance(thing, ServicePage) or thing.pk is None:
        return None
    return readiness.score_of(thing)

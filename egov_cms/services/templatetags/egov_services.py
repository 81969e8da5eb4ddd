"""`{% load egov_services %}`: parts of the page of a service that need its surroundings."""

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def office_groups(context, service):
    """The first offices of a service by governorate, with links where the language has a page of offices."""
    return service.office_groups(context["chrome"].offices_url)

"""The figures that citizens reported, for the page of a service: `{% experience service %}`."""

from django import template

from egov_cms.services.experience.public_figures import page_figures
from egov_cms.services.pages import sections
from egov_cms.services.snapshots import summaries

register = template.Library()


@register.inclusion_tag("egov_services/experience/figures.html")
def experience(service):
    """Figures of at least twenty answers next to the declared values, and the link to the form. One query.

    `service` is a presentation.PagePresentation. A planned service has no form: nobody has used it yet.
    """
    page = service.page
    declared = {
        "days": service.duration,
        "fee_minor": service.fee.text,
        "visits": summaries.visits_summary(service.service.visits),
    }
    return {
        "experience": page_figures(page, declared),
        "url": sections.experience_url(service.service),
    }
